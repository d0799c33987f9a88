using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

public sealed class TracerTests(ITestOutputHelper output)
{
    [Fact]
    public void Print()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        Tensor x = randn(2, 3, 8, 8);
        var conv = nn.Conv2d(3, 4, 3, padding: 1);
        var bn = nn.BatchNorm2d(4);
        bn.eval();
        using Recording r = LibtorchTracer.Instance.Record([("image", x), ("conv.weight", conv.weight!), ("conv.bias", conv.bias!), .. bn.named_parameters().Select(p => ("bn." + p.name, (Tensor)p.parameter)), .. bn.named_buffers().Select(p => ("bn." + p.name, p.buffer))], () =>
        {
            Tensor y = nn.functional.relu(bn.forward(conv.forward(x)));
            y = nn.functional.interpolate(y, scale_factor: [2, 2]);
            y = y.reshape(y.shape[0], -1) * 0.1f;
            y.add_(1);
            y = y.view(x.shape[0], 4, 16, 16)[TensorIndex.Colon, TensorIndex.Slice(0, 2)];
            y = cat([y, zeros(2, 1, 16, 16)], 1) + arange(16);
            var parts = y.chunk(2, 2);
            return [parts[0].softmax(1), parts[1].mean([1, 2], true)];
        });
        output.WriteLine(r.Text);
        foreach (var c in r.Constants) output.WriteLine(c.Name + " " + c.Tensor.ToString());
    }
}
