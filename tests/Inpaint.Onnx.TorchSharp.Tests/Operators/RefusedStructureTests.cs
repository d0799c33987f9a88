using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Uses that cannot be exported faithfully are errors with the operator and the reason.</summary>
public sealed class RefusedStructureTests
{
    public static TheoryData<string> Names => [.. Refused.Keys];

    private static readonly Dictionary<string,
        (Func<Tensor, Tensor> Forward, Func<Tensor> Example, int[] Dynamic, string Operator, string Why)> Refused = new()
    {
        ["pooling to a fixed size that dynamic sizes do not divide"] = (x => adaptive_avg_pool2d(x, 3), () =>
            randn(2, 3, 6, 6), [0, 2, 3], "aten::adaptive_avg_pool2d", "pool to 1"),
        ["taking a dynamic axis apart"] = (x => x.unbind(0)[0], () => randn(2, 3), [0], "", "forward runs different operators"),
        ["an index of booleans"] = (x => x.index(x > 0), () => randn(4), [], "aten::index", "torch.where"),
        ["repeats by element"] = (x => x.repeat_interleave(tensor(new long[] { 1, 2, 0 }), 1), () =>
            randn(2, 3), [0], "aten::repeat_interleave", "one number for all"),
        ["sampling of volumes"] = (x => grid_sample(x, x.slice(4, 0, 2, 1).permute(0, 2, 3, 4, 1), align_corners: false), () =>
            randn([2, 3, 4, 4, 4]), [], "aten::grid_sampler", "Opset = 20"),
        ["complex outputs"] = (x => fft.rfft2(x), () => randn(2, 3, 4, 4), [0], "", "view_as_real"),
        ["complex numbers where an operator has no form for them"] = (x => fft.rfft2(x).flip(0).trace().real, () =>
            randn(4, 4), [], "aten::trace", "complex numbers"),
        ["a cut spectrum of dynamic size"] = (x => view_as_real(fft.rfft(x, n: 4)), () =>
            randn(2, 3, 4, 6), [0, 3], "aten::fft_rfft", "DynamicAxes"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_use_that_cannot_be_exported_is_an_error_with_the_reason(string name)
    {
        (Func<Tensor, Tensor> forward, Func<Tensor> example, int[] dynamic, string op, string why) = Refused[name];
        using var module = new Around(forward);
        var options = new OnnxExportOptions { DynamicAxes = { ["input"] = dynamic } };
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(module, [example()], options));
        Assert.Contains(op, error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private sealed class Around(Func<Tensor, Tensor> around) : nn.Module<Tensor, Tensor>(nameof(Around))
    {
        public override Tensor forward(Tensor input) => around(input);
    }
}
