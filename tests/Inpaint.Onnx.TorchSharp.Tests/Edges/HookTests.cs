using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Hooks of the module that is exported act in the graph as they do in its call.</summary>
public sealed class HookTests
{
    [Fact]
    public void Hooks_before_and_after_the_exported_module_are_in_its_graph()
    {
        using Linear net = nn.Linear(2, 2, hasBias: false);
        using (no_grad())
        {
            net.weight!.copy_(tensor(new float[,] { { 1, 2 }, { 3, 4 } }));
        }

        net.register_forward_pre_hook((_, x) => x * 2);
        net.register_forward_hook((_, _, y) => y + 10);
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [rand(1, 2)]);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        using var session = new InferenceSession(model);
        using OrtValue one = OrtValue.CreateTensorValueFromMemory([1f, 1f], [1, 2]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> found = session.Run(options, ["input"], [one], ["output"]);

        // 2 * (1 + 2) + 10 and 2 * (3 + 4) + 10.
        Assert.Equal([16f, 24f], found[0].GetTensorDataAsSpan<float>().ToArray());
    }
}
