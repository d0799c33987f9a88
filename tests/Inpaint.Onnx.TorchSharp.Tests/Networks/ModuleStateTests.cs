using Inpaint.CommandLine;
using Inpaint.Onnx.Proto;
using Inpaint.Onnx.TorchSharp.Tracing;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>An export does not change the module, the random state and the tracer, whether it succeeds or fails.</summary>
[Collection(nameof(Alone))]
public sealed class ModuleStateTests
{
    private static readonly long[] Shape = [2, 3, 16, 16];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Modes_gradients_types_and_values_are_restored(bool fails)
    {
        using var net = new Mixed(fails).Seeded();
        using (Tensor loss = net.train_once(SeededWeights.Input(Shape, 1)))
        {
            loss.backward();
        }

        // Modes, gradients and their need differ from layer to layer.
        net.train();
        net.inner.eval();
        net.inner.act.train();
        net.norm.weight!.requires_grad_(false);
        Snapshot before = Snapshot.Of(net);
        net.Throws = fails;
        if (fails)
        {
            Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [SeededWeights.Input(Shape, 2)]));
        }
        else
        {
            OnnxExporter.ToBytes(net, [SeededWeights.Input(Shape, 2)]);
        }

        Snapshot after = Snapshot.Of(net);
        Assert.Equal(before.Modes, after.Modes);
        Assert.Equal(before.Tensors, after.Tensors);
        Assert.Contains(after.Tensors, t => t.Contains("gradient", StringComparison.Ordinal));
    }

    [Fact]
    public void The_random_state_is_not_changed_by_an_export()
    {
        using var net = new Mixed(false).Seeded();
        using Tensor example = SeededWeights.Input(Shape, 1);
        using Tensor state = get_rng_state();
        OnnxExporter.ToBytes(net, [example]);
        using Tensor after = get_rng_state();
        Assert.Equal(state.bytes.ToArray(), after.bytes.ToArray());
    }

    [Fact]
    public void Gradients_are_computed_after_an_export_as_before_it()
    {
        using var net = new Mixed(false).Seeded();
        OnnxExporter.ToBytes(net, [SeededWeights.Input(Shape, 2)]);
        Assert.True(is_grad_enabled());
        using Tensor loss = net.train_once(SeededWeights.Input(Shape, 1));
        loss.backward();
        Assert.NotNull(net.conv.weight!.grad);
    }

    [Fact]
    public void Gradients_of_a_loss_from_before_an_export_can_be_computed_after_it()
    {
        using var net = new Mixed(false).Seeded();
        net.train();
        using Tensor loss = net.train_once(SeededWeights.Input(Shape, 1));
        OnnxExporter.ToBytes(net, [SeededWeights.Input(Shape, 2)]);
        loss.backward();
        Assert.NotNull(net.conv.weight!.grad);
    }

    [Fact]
    public void An_error_of_forward_is_thrown_with_the_input_shapes()
    {
        using var net = new Mixed(true) { Throws = true };
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [SeededWeights.Input(Shape, 1)]));
        Assert.Equal("the middle is broken", Assert.IsType<InvalidOperationException>(error.InnerException).Message);
        Assert.Contains("forward of Mixed failed on Float32[2, 3, 16, 16]: InvalidOperationException: the middle is broken", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_while_recording_ends_the_recording()
    {
        // The first run of forward is not recorded; the second is, and fails half way.
        using var net = new Mixed(true) { Throws = true, GoodRuns = 1 };
        Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [SeededWeights.Input(Shape, 1)]));
        Assert.Equal(2, net.Runs);

        // If recording were still on, creating a tensor would add to a freed graph.
        using Tensor sum = ones(3) + 1;
        Assert.Equal([2f, 2, 2], sum.data<float>().ToArray());
        net.Throws = false;
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [SeededWeights.Input(Shape, 1)]);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        using var session = new InferenceSession(model);
        Assert.Equal(["output"], session.OutputNames);
    }

    [Fact]
    public void A_module_of_doubles_has_double_inputs_and_outputs()
    {
        using var net = nn.Sequential(("norm", nn.BatchNorm1d(6)), ("a", nn.Linear(6, 8)), ("act", nn.Tanh()), ("b", nn.Linear(8, 3)))
            .Seeded().@double();
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [SeededWeights.Input([2, 6], 1).to(float64)]);
        Assert.InRange(result.LargestDifference, 0, 1e-12);
        using var session = new InferenceSession(model);
        Assert.Equal(typeof(double), session.InputMetadata["input"].ElementType);
        Assert.Equal(typeof(double), session.OutputMetadata["output"].ElementType);
        Assert.All(net.parameters(), p => Assert.Equal(float64, p.dtype));
    }

    [Fact]
    public void Convolutions_of_doubles_are_computed_in_floats_as_onnx_runtime_has_no_others()
    {
        using var net = nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("norm", nn.BatchNorm2d(4))).Seeded().@double();
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [SeededWeights.Input(Shape, 1).to(float64)]);
        Assert.InRange(result.LargestDifference, 0, 1e-6);
        using var session = new InferenceSession(model);
        Assert.Equal(typeof(double), session.OutputMetadata["output"].ElementType);
    }

    [Fact]
    public void A_module_of_halves_is_exported_in_half_precision()
    {
        using var net =
            nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("norm", nn.BatchNorm2d(4)), ("act", nn.ReLU()), ("flat", nn.Flatten()),
                ("head", nn.Linear(4 * 14 * 14, 3))).Seeded().half();
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [SeededWeights.Input(Shape, 1).to(float16)]);
        Assert.InRange(result.LargestDifference, 0, 2e-2);
        using var session = new InferenceSession(model);
        Assert.Equal(typeof(Float16), session.InputMetadata["input"].ElementType);
        Assert.All(net.parameters(), p => Assert.Equal(float16, p.dtype));
    }

    [Fact]
    public void A_type_without_convolution_in_onnx_runtime_is_a_clear_error_unless_unverified()
    {
        using var net = nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("norm", nn.BatchNorm2d(4)), ("act", nn.ReLU())).Seeded().bfloat16();
        using Tensor example = SeededWeights.Input(Shape, 1).bfloat16();
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [example]));
        Assert.Contains("The module computes in bfloat16, for which ONNX Runtime's CPU code lacks an operator", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("Verify = false", error.Message, StringComparison.Ordinal);
        (byte[] model, _) = OnnxExporter.ToBytes(net, [example], new OnnxExportOptions { Verify = false });
        GraphProto graph = ModelProto.Parser.ParseFrom(model).Graph;
        Assert.All(graph.Initializer, i => Assert.Equal((int)DataType.Bfloat16, i.DataType));
        Assert.Equal((int)DataType.Bfloat16, graph.Input[0].Type.TensorType.ElemType);
    }

    /// <summary>A description of everything in a module that an export must not change.</summary>
    private sealed record Snapshot(IReadOnlyList<string> Modes, IReadOnlyList<string> Tensors)
    {
        public static Snapshot Of(nn.Module module) => new(
            [.. module.named_modules().Select(m => $"{m.name} {m.module.training}").Append($"self {module.training}")],
            [.. module.named_parameters().Select(p => Describe(p.name, p.parameter)),
                .. module.named_buffers().Select(b => Describe(b.name, b.buffer))]);

        private static string Describe(string name, Tensor tensor)
        {
            using Tensor plain = tensor.detach().contiguous();
            string gradient = tensor.grad is { } grad ? $" gradient {Convert.ToHexString(grad.contiguous().bytes)}" : "";
            return $"{name} {tensor.dtype} {tensor.device} {tensor.requires_grad} {Convert.ToHexString(plain.bytes)}{gradient}";
        }
    }

    private sealed class Mixed : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d conv = nn.Conv2d(3, 4, 3);
        public readonly BatchNorm2d norm = nn.BatchNorm2d(4);
        public readonly Inner inner = new();

        public Mixed(bool throws) : base(nameof(Mixed))
        {
            MayThrow = throws;
            RegisterComponents();
        }

        public bool MayThrow { get; }

        public bool Throws { get; set; }

        // Not in a field of its own, which an export would refuse.
        private readonly System.Runtime.CompilerServices.StrongBox<int> _runs = new();

        public int GoodRuns { get; set; }

        public int Runs => _runs.Value;

        public override Tensor forward(Tensor input)
        {
            Tensor x = norm.forward(conv.forward(input));
            _runs.Value++;
            return MayThrow && Throws && Runs > GoodRuns ? throw new InvalidOperationException("the middle is broken") : inner.forward(x);
        }

        public Tensor train_once(Tensor input) => forward(input).sum();
    }

    private sealed class Inner : nn.Module<Tensor, Tensor>
    {
        public readonly Dropout act = nn.Dropout(0.5);
        public readonly Conv2d last = nn.Conv2d(4, 2, 1);

        public Inner() : base(nameof(Inner)) => RegisterComponents();

        public override Tensor forward(Tensor input) => last.forward(act.forward(input));
    }
}
