using Inpaint.Onnx.TorchSharp.Tracing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>A graph exported with an even example is also correct for odd and smaller sizes, or the export is rejected.</summary>
public sealed class SizeTests
{
    private static readonly int[] Plane = [0, 2, 3];

    private static readonly Dictionary<string, Func<torch.Tensor, torch.Tensor>> Right = new()
    {
        ["padded to a multiple of 8"] = x => pad(x, [0, (8 - (x.shape[3] % 8)) % 8, 0, (8 - (x.shape[2] % 8)) % 8]),
        ["padded to a multiple of 8 on both sides"] = x =>
        {
            long width = (8 - (x.shape[3] % 8)) % 8;
            return pad(x, [width / 2, width - (width / 2), 0, 0]);
        },
        ["padded by the rest of 2"] = x => pad(x, [0, x.shape[3] % 2]),
        ["skip connection"] = x => x + interpolate(avg_pool2d(x, 2), size: [x.shape[2], x.shape[3]]),
        ["nearest times two after pooling"] = x => interpolate(avg_pool2d(x, 2), scale_factor: [2, 2]),
        ["bilinear to the size before"] = x =>
            interpolate(avg_pool2d(x, 4), size: [x.shape[2], x.shape[3]], mode: InterpolationMode.Bilinear),
        ["upper half rounded up"] = x => x.narrow(2, 0, (x.shape[2] + 1) / 2),
        ["upper half rounded down"] = x => x.narrow(2, 0, x.shape[2] / 2),
        ["lower half"] = x => x.narrow(2, x.shape[2] / 2, x.shape[2] - (x.shape[2] / 2)),
        ["a third of the places"] = x => x[TensorIndex.Ellipsis, TensorIndex.Slice(0, x.shape[3] / 3)],
        ["places of pooled planes in rows"] = x => avg_pool2d(x, 2) is var p
            ? p.reshape(p.shape[0], p.shape[1], p.shape[2] * p.shape[3]).softmax(2) : x,
        ["times the number of places"] = x => x * (x.shape[2] * x.shape[3]),
    };

    public static TheoryData<string> Names => [.. Right.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_even_example_is_exported_for_odd_and_smaller_sizes(string name)
    {
        random.manual_seed(1);
        using var net = new Forward(Right[name]);
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [randn(2, 3, 32, 32)], Dynamic(Plane));
        Assert.Contains(result.Checked, c => c.Contains(", 31, 32]", StringComparison.Ordinal));
        using var session = new InferenceSession(model);
        foreach ((long height, long width) in ((long, long)[])[(17, 23), (61, 67), (32, 31), (9, 40), (66, 50)])
        {
            torch.Tensor input = randn(3, 3, height, width);
            Assert.Equal(0, Difference(session, net.forward(input), input), 1e-4);
        }
    }

    [Theory]
    [InlineData("min", "aten::narrow")]
    [InlineData("larger", "aten::mul")]
    [InlineData("sum", "aten::mul")]
    public void A_number_derived_from_two_sizes_other_than_by_multiplication_is_rejected(string how, string op)
    {
        using var net = new Forward(x => how switch
        {
            "min" => x.narrow(3, 0, Math.Min(x.shape[2], x.shape[3])),
            "larger" => x * Math.Max(x.shape[2], x.shape[3]),
            _ => x * (x.shape[2] + (x.shape[3] * x.shape[3])),
        });
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [randn(1, 3, 24, 32)], Dynamic(Plane)));
        Assert.Contains(op, error.Message, StringComparison.Ordinal);
        Assert.Contains("height", error.Message, StringComparison.Ordinal);
        Assert.Contains("width", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_on_odd_sizes_is_rejected_with_the_axis()
    {
        using var net = new Forward(x => x.shape[3] % 2 == 1 ? x.sin() : x.cos());
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [randn(1, 3, 16, 16)], Dynamic(Plane)));
        Assert.Contains("'width' is 17 than when it is 16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_on_sizes_below_the_example_is_rejected()
    {
        using var net = new Forward(x => x.shape[3] < 16 ? x.sin() : x.cos());
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [randn(1, 3, 16, 16)], Dynamic(Plane)));
        Assert.Contains("[1, 3, 16, 15]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forward_that_takes_multiples_of_16_only_is_compared_at_those()
    {
        using var net = new Forward(x => x.reshape(x.shape[0], 3, x.shape[2] / 16, 16, x.shape[3] / 16, 16).mean([3, 5]));
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [randn(1, 3, 64, 64)], Dynamic(Plane));
        Assert.Contains("input [1, 3, 48, 64]", result.Checked);
        Assert.DoesNotContain("input [1, 3, 63, 64]", result.Checked);
        using var session = new InferenceSession(model);
        torch.Tensor input = randn(2, 3, 80, 48);
        Assert.Equal(0, Difference(session, net.forward(input), input), 1e-4);
    }

    [Fact]
    public void An_axis_that_forward_takes_at_one_size_only_is_an_error_that_names_it()
    {
        using var net = new Forward(x => x.reshape(-1, 3, 16, 16));
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [randn(1, 3, 16, 16)], Dynamic([0, 3])));
        Assert.Contains("DynamicAxes", error.Message, StringComparison.Ordinal);
        Assert.Contains("width", error.Message, StringComparison.Ordinal);
    }

    private static OnnxExportOptions Dynamic(int[] axes) => new() { DynamicAxes = { ["input"] = axes } };

    private static double Difference(InferenceSession session, torch.Tensor expected, torch.Tensor input)
    {
        var given = new DenseTensor<float>(input.data<float>().ToArray(), [.. input.shape.Select(s => (int)s)]);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results =
            session.Run([NamedOnnxValue.CreateFromTensor("input", given)]);
        var found = (DenseTensor<float>)results[0].AsTensor<float>();
        Assert.Equal(expected.shape.Select(s => (int)s), found.Dimensions.ToArray());
        return (expected - tensor(found.Buffer.ToArray()).reshape(expected.shape)).abs().max().item<float>();
    }
}
