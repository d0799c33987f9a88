using System.Runtime.InteropServices;
using Inpaint.Onnx.TorchSharp.Tracing;
using Inpaint.TestSupport;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>A graph that differs from its module is an error with location and reason, and is not written.</summary>
public sealed class DifferenceTests
{
    [Fact]
    public void A_wrong_converter_is_reported_with_operator_and_module()
    {
        // digamma(x) is not x + 1, but the layers before and after are right.
        OnnxConverters.Register("aten::digamma(Tensor self) -> Tensor", c =>
            c.Return(c.Node("Add", [c.Tensor("self"), c.Scalar(1, c.ElementType("self"))])));
        using var net = new Chain(x => digamma(x.abs() + 2)).Seeded();
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.onnx");
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.Export(net, path, SeededWeights.Input([2, 3, 8, 8], 1)));
        Assert.Contains("first value that differs is from aten::digamma after module 'body.conv1'", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("OnnxConverters.Register(\"aten::digamma\"", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"at \[\d, \d, \d, \d\] the module gives [\d.E+-]+, the graph [\d.E+-]+", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_values_that_an_error_names_are_those_of_the_module_and_the_graph()
    {
        OnnxConverters.Register("aten::lgamma(Tensor self) -> Tensor", c =>
            c.Return(c.Node("Add", [c.Tensor("self"), c.Scalar(1, c.ElementType("self"))])));
        using var net = new Chain(x => lgamma(x * 0 + 5)).Seeded();
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], 1)]));

        // The logarithm of 4! is 3.17805, and 5 + 1 is 6.
        Assert.Contains("the module gives 3.17805, the graph 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_operator_in_a_separate_scope_is_found()
    {
        OnnxConverters.Register("aten::lgamma(Tensor self) -> Tensor", c =>
            c.Return(c.Node("Add", [c.Tensor("self"), c.Scalar(1, c.ElementType("self"))])));
        using var net = new Chain(x =>
        {
            using DisposeScope inner = NewDisposeScope();
            using Tensor positive = x.abs() + 5;
            return (lgamma(positive) * 2).MoveToOuterDisposeScope();
        }).Seeded();
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], 1)]));
        Assert.Contains("first value that differs is from aten::lgamma after module 'body.conv1'", error.Message,
            StringComparison.Ordinal);
    }

    public static TheoryData<string> Baked => [.. ReadsData.Keys];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Middle, string Operator, string Why)> ReadsData = new()
    {
        ["a number read with item"] = (x => x * x.max().item<float>(), "aten::mul", "takes the number"),
        ["a number read from memory"] = (x => x + (double)x.data<float>()[0], "aten::add", "takes the number"),
        ["a tensor created from values that were read"] = (x =>
            x - tensor(x.data<float>().ToArray().AsSpan(0, 8).ToArray()), "aten::sub", "a tensor of Float32[8]"),
        ["an index read"] = (x => x.roll(x.flatten().argmax().item<long>(), 3), "aten::roll", "takes the number"),
        ["an if that depends on the data"] = (x => (long)(1000 * x.flatten()[0].item<float>()) % 2 == 0 ? x.sin()
            : x.cos(), "", "one graph cannot represent"),
    };

    [Theory]
    [MemberData(nameof(Baked))]
    public void A_module_that_reads_tensor_data_in_csharp_is_rejected(string name)
    {
        (Func<Tensor, Tensor> middle, string op, string why) = ReadsData[name];
        using var net = new Chain(middle).Seeded();
        var options = new OnnxExportOptions { Verify = false };

        // Some inputs may take the same branch, but not those of twenty examples.
        ExportException error = Assert.Throws<ExportException>(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], (ulong)i)], options);
            }
        });
        Assert.Contains(op, error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        if (why.StartsWith("takes", StringComparison.Ordinal))
        {
            Assert.Contains("module 'body.conv1'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false, "from aten::add after module 'body.conv1'", "wrote into the tensor's memory")]
    [InlineData(true, "from aten::cos after module 'body.conv1'",
        "Its argument, which aten::add after module 'body.conv1' returned, was overwritten without a recorded operator")]
    public void A_tensor_overwritten_through_its_memory_is_found(bool afterUse, string where, string why)
    {
        using var net = new Chain(x =>
        {
            Tensor shifted = x + 1;
            Tensor sine = afterUse ? shifted.sin() : x;
            MemoryMarshal.Cast<byte, float>(shifted.bytes)[3] = 100;
            return sine + shifted.cos();
        }).Seeded();
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], 1)]));
        Assert.Contains($"first value that differs is {where}", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forward_that_changes_weights_or_buffers_is_rejected_and_buffers_are_restored()
    {
        using Tensor steps = zeros(1);
        using var net = new Chain(x => x * 1);
        net.register_buffer("steps", steps);
        using var counting = new Counting(net, steps);
        ExportException error = Assert.Throws<ExportException>(() =>
            OnnxExporter.ToBytes(counting, [SeededWeights.Input([2, 3, 8, 8], 1)]));
        Assert.Contains("aten::add_ changes '_steps'", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, steps.item<float>());
    }

    [Fact]
    public void A_write_into_a_view_is_rejected_with_operator_and_module()
    {
        using var net = new Chain(x =>
        {
            Tensor mask = x * 2;
            mask[TensorIndex.Ellipsis, TensorIndex.Slice(2, 6)] = zeros(1);
            return mask + x;
        }).Seeded();
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], 1)]));
        Assert.Contains("_ after module 'body.conv1' writes into memory that is read through another tensor", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("torch.where", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_fails_at_another_batch_size_is_an_error_with_that_size()
    {
        // Right at zero, where both are 1, but with the example's batch for a fixed one.
        OnnxConverters.Register("aten::special_i0(Tensor self) -> Tensor", c =>
            c.Return(c.Node("Reshape", [c.Node("Exp", [c.Tensor("self")]), c.Vector(2, 4, 8, 8)])));
        using var net = new Chain(x => special.i0(x * 0)).Seeded();
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], 1)]));
        Assert.Contains("fails to run it at input [1, 3, 8, 8]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rare_branch_taken_only_during_verification_is_explained()
    {
        // The runs of forward for trials and recording take one branch; later ones the other.
        int runs = 0, recorded = int.MaxValue;
        using var net = new Chain(x => ++runs <= recorded ? x.sin() : x.cos()).Seeded();
        OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], 1)], new OnnxExportOptions { Verify = false });
        (recorded, runs) = (runs, 0);
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], 1)]));
        Assert.Contains("forward runs other operators than the recorded ones", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forward_that_changes_its_input_in_place_is_exported()
    {
        using var net = nn.Sequential(nn.ReLU(inplace: true), nn.Conv2d(3, 4, 3));
        (_, OnnxExportResult result) = OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], 1)]);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
    }

    [Fact]
    public void A_forward_that_keeps_what_it_computed_first_is_exported()
    {
        Tensor? ramp = null;
        using var net = new Chain(x => x * (ramp ??= linspace(0, 1, x.shape[3]).DetachFromDisposeScope())).Seeded();
        (_, OnnxExportResult result) = OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 3, 8, 8], 1)]);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        ramp!.Dispose();
    }

    private sealed class Counting : nn.Module<Tensor, Tensor>
    {
        private readonly Chain net;
        private readonly Tensor _steps;

        public Counting(Chain net, Tensor steps) : base(nameof(Counting))
        {
            this.net = net;
            _steps = steps;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            _steps.add_(1);
            return net.forward(input) * _steps;
        }
    }

    /// <summary>Two convolutions with a module in between.</summary>
    private sealed class Chain : nn.Module<Tensor, Tensor>
    {
        private readonly Body body;

        public Chain(Func<Tensor, Tensor> middle) : base(nameof(Chain))
        {
            body = new Body(middle);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => body.forward(input);
    }

    private sealed class Body : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = nn.Conv2d(3, 4, 3, padding: 1), conv2 = nn.Conv2d(4, 2, 3);
        private readonly Func<Tensor, Tensor> _middle;

        public Body(Func<Tensor, Tensor> middle) : base(nameof(Body))
        {
            _middle = middle;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => conv2.forward(_middle(conv1.forward(input)));
    }
}
