using Inpaint.CommandLine;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

public sealed class FirstExportTests(ITestOutputHelper output)
{
    [Fact]
    public void A_small_network_agrees_with_its_module()
    {
        using var net =
            nn.Sequential(("first", nn.Conv2d(3, 4, 3, padding: 1)), ("act", nn.ReLU()), ("second", nn.Conv2d(4, 2, 3, stride: 2)),
                ("tanh", nn.Tanh()));
        net.train();
        (byte[] model, OnnxExportResult result) =
            OnnxExporter.ToBytes(
                net, [randn(1, 3, 16, 16)], new OnnxExportOptions { DynamicAxes = { ["input"] = [0, 2, 3] }, CompareSeconds = 0 });
        output.WriteLine(result.ToString());
        Assert.True(net.training);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        Assert.Equal(10, result.Checked.Count);
        Assert.Equal(model.LongLength, result.Bytes);
    }

    [Fact]
    public void A_module_may_return_its_input_a_weight_and_the_same_tensor_twice()
    {
        using var module = new Echo();
        (_, OnnxExportResult result) = OnnxExporter.ToBytes(module, [randn(2, 3)]);
        Assert.Equal(0, result.LargestDifference);
    }

    [Fact]
    public void Concurrent_exports_are_independent() => Parallel.For(0, 64, run =>
    {
        using var module = new Constants();
        (byte[] model, _) = OnnxExporter.ToBytes(module, [randn(2, 3)]);
        Assert.NotEmpty(model);
    });

    private sealed class Constants() : nn.Module(nameof(Constants))
    {
        public Tensor forward(Tensor x) => (x + tensor(new[] { 1f, 2, 3 })) + (x + tensor(new[] { 4f, 5, 6 }));
    }

    private sealed class Echo : nn.Module
    {
        private readonly global::TorchSharp.Modules.Parameter weight = new(randn(3));

        public Echo() : base(nameof(Echo)) => RegisterComponents();

        public (Tensor, Tensor, Tensor, Tensor, Tensor) forward(Tensor x)
        {
            Tensor twice = x + x;
            return (x, weight, twice, twice, twice.clone());
        }
    }
}
