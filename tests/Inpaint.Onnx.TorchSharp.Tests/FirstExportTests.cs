using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

public sealed class FirstExportTests(ITestOutputHelper output)
{
    [Fact]
    public void A_small_network_agrees_with_its_module()
    {
        using var net = nn.Sequential(("first", nn.Conv2d(3, 4, 3, padding: 1)), ("act", nn.ReLU()), ("second", nn.Conv2d(4, 2, 3, stride: 2)), ("tanh", nn.Tanh()));
        net.train();
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [randn(1, 3, 16, 16)], new OnnxExportOptions { DynamicAxes = { ["input"] = [0, 2, 3] } });
        output.WriteLine(result.ToString());
        Assert.True(net.training);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        Assert.Equal(7, result.Checked.Count);
        Assert.Equal(model.LongLength, result.Bytes);
    }
}
