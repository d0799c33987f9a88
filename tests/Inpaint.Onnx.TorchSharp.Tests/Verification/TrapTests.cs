using Inpaint.Onnx.TorchSharp.Tracing;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Modules of which a recording with the example says too little: the graph is right for other inputs, or there is none.</summary>
public sealed class TrapTests
{
    private static readonly Dictionary<string, (Func<torch.Tensor, torch.Tensor> Forward, long[] Example)> Sizes = new()
    {
        ["resize, rounded"] =
            (x => interpolate(x, size: [(long)Math.Round(x.shape[2] * 0.75), (long)Math.Round(x.shape[3] * 0.75)]), [1, 3, 32, 32]),
        ["crop to multiples of 10"] = (x => x.narrow(2, 0, x.shape[2] / 10 * 10).narrow(3, 0, x.shape[3] / 10 * 10), [1, 3, 32, 32]),
        ["crop to multiples of 16"] = (x => x.narrow(2, 0, x.shape[2] / 16 * 16), [1, 3, 28, 28]),
        ["at most 512"] = (x => x.narrow(2, 0, Math.Min(x.shape[2], 512)).narrow(3, 0, Math.Min(x.shape[3], 512)), [1, 1, 64, 64]),
        ["pad to 256"] = (x => x.shape[3] < 256 ? pad(x, [0, 256 - x.shape[3]]) : x, [1, 1, 8, 12]),
        ["pad to a multiple of 64"] = (x => pad(x, [0, (64 - (x.shape[3] % 64)) % 64]), [1, 1, 8, 12]),
        ["another path above 128"] = (x => x.shape[3] > 128 ? x.cos() : x.sin(), [1, 1, 8, 12]),
        ["another path for batches above 100"] = (x => x.shape[0] > 100 ? x.cos() : x.sin(), [2, 3, 4, 4]),
        ["another path for batches of 8"] = (x => x.shape[0] % 8 == 0 ? x.cos() : x.sin(), [2, 3, 4, 4]),
        ["stride of 320"] = (x => avg_pool2d(x, [1, 320], [1, 320]), [1, 1, 1, 6400]),
        ["ceiling of a seventh"] = (x => x.narrow(3, 0, (x.shape[3] + 6) / 7), [1, 1, 2, 20]),
        ["seventeen tenths"] = (x => x.repeat(1, 1, 1, 2).narrow(3, 0, x.shape[3] * 17 / 10), [1, 1, 2, 20]),
        ["the rest of 24"] = (x => pad(x, [x.shape[3] % 24, 0]), [1, 1, 2, 40]),
    };

    private static readonly Dictionary<string, Func<torch.Tensor, torch.Tensor>> Values = new()
    {
        ["divides 0..255"] = x => x.max().item<float>() > 1 ? x / 255 : x * 1,
        ["branches on the sign of the sum"] = x => x.sum().item<float>() > 0 ? x * 2 : tanh(x),
        ["guards against NaN"] = x => x.isnan().any().item<bool>() ? x.nan_to_num() : x * 1,
        ["halves until small"] = x =>
        {
            while (x.abs().max().item<float>() > 8)
            {
                x = x / 2;
            }

            return x + 1;
        },
        ["subtracts the rounded mean"] = x => x - (int)x.mean().item<float>(),
        ["counts"] = x => x.topk(Math.Max(1, (int)(x > 5).sum().item<long>()), 1).values,
        ["guards against an empty mask"] = x => (x > 0).any().item<bool>() ? x * 1 : zeros_like(x),
        ["compares with a copy"] = x => x.equal(x.abs()) is var same && x.allclose(x.abs()) ? x.sqrt() : x.abs() + (same is null ? 1 : 0),
        ["reads the data"] = x => x.data<float>()[0] > 100 ? x.cos() : x.sin(),
        ["reads the bytes"] = x => x.bytes[3] > 0x44 ? x.cos() : x.sin(),
        ["ignores what it reads"] = x =>
        {
            _ = x.sum().ToSingle();
            return x.sin();
        },
    };

    public static TheoryData<string> SizeNames => [.. Sizes.Keys];

    public static TheoryData<string> ValueNames => [.. Values.Keys];

    [Theory]
    [MemberData(nameof(SizeNames))]
    public void A_graph_is_right_at_all_sizes_or_is_not_made(string name)
    {
        (Func<torch.Tensor, torch.Tensor> forward, long[] example) = Sizes[name];
        random.manual_seed(1);
        using var net = new Forward(forward);
        var options = new OnnxExportOptions { DynamicAxes = { ["input"] = [0, 2, 3] }, CompareSeconds = 10 };
        byte[] model;
        try
        {
            model = OnnxExporter.ToBytes(net, [rand(example)], options).Model;
        }
        catch (ExportException)
        {
            return;
        }

        using var session = new InferenceSession(model);
        foreach (int axis in (int[])[0, 2, 3])
        {
            foreach (long size in (long[])[1, 2, 6, 7, 10, 15, 17, 24, 34, 40, 49, 65, 100, 129, 257, 300, 513, 520])
            {
                using DisposeScope scope = NewDisposeScope();
                long[] shape = [.. example];
                shape[axis] = size;
                torch.Tensor input = rand(shape), expected;
                try
                {
                    expected = net.forward(input);
                    if (expected.numel() == 0)
                    {
                        continue;
                    }
                }
                catch (Exception e) when (e is ArgumentException or System.Runtime.InteropServices.ExternalException)
                {
                    continue;
                }

                Assert.True(NetworkCase.RelativeDifference(session, net, [input]) < 1e-4, $"axis {axis}, size {size}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ValueNames))]
    public void Values_read_in_CSharp_are_refused(string name)
    {
        random.manual_seed(2);
        using var net = new Forward(Values[name]);
        Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [name == "divides 0..255" ? rand(4, 3) : randn(4, 3)]));
    }

    [Fact]
    public void A_read_that_is_allowed_is_a_warning_in_result_and_metadata()
    {
        using var net = new Forward(Values["ignores what it reads"]);
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [randn(4, 3)], new OnnxExportOptions { AllowDataReads = true });
        Assert.Contains("takes a value out of a tensor", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(result.Warnings[0], GraphInspection.Inspect(model).Metadata["warnings"]);
    }

    [Fact]
    public void A_counter_is_refused_by_name()
    {
        using var net = new Counter();
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [randn(4, 3)]));
        Assert.Contains("keeps state in '_calls'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-5)]
    [InlineData(1e-9)]
    public void Small_outputs_are_compared_by_their_own_scale(double scale)
    {
        torch.Tensor expected = tensor(new[] { 1.0, -2, 0, 3 }) * scale, found = tensor(new[] { 1.0, -2, 0.1, 3 }) * scale;

        // By hand: the root mean square is the root of 14 / 4.
        Assert.Equal(0.1 / Math.Sqrt(3.5), TensorComparison.Difference(expected, found), 1e-9);
    }

    private sealed class Counter() : nn.Module<torch.Tensor, torch.Tensor>(nameof(Counter))
    {
        private int _calls;

        public override torch.Tensor forward(torch.Tensor input) => ++_calls % 100 == 0 ? input.cos() : input.sin();
    }
}
