using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>What a module keeps from one run to the next is alive after an export.</summary>
[Collection(nameof(Alone))]
public sealed class KeptTensorTests
{
    [Fact]
    public void A_cache_that_forward_fills_stays_alive()
    {
        using var net = new Caching();
        OnnxExporter.ToBytes(net, [rand(1, 4)]);
        using Tensor y = net.forward(zeros(1, 4));
        Assert.Equal([6f, 7, 8, 9], y.data<float>().ToArray());
    }

    [Fact]
    public void A_result_that_forward_keeps_stays_alive()
    {
        using var net = new Caching();
        OnnxExporter.ToBytes(net, [rand(1, 4)]);
        Assert.NotNull(net.last);
        Assert.Equal(4, net.last.shape[1]);
        Assert.InRange(net.last.mean().item<float>(), 0f, 100f);
    }

    [Fact]
    public void Tensors_kept_by_a_submodule_or_a_lambda_stay_alive()
    {
        Tensor? captured = null;
        using var inner = new Caching();
        using var net = nn.Sequential(("inner", inner), ("lambda", new Around(x => x + (captured ??= ones(4)))));
        OnnxExporter.ToBytes(net, [rand(1, 4)]);
        using Tensor y = net.forward(zeros(1, 4));
        Assert.Equal([7f, 8, 9, 10], y.data<float>().ToArray());
    }

    [Fact]
    public void Tensors_kept_before_forward_failed_stay_alive()
    {
        using var net = new Caching { Throws = true };
        Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [rand(1, 4)]));
        net.Throws = false;
        using Tensor y = net.forward(zeros(1, 4));
        Assert.Equal([6f, 7, 8, 9], y.data<float>().ToArray());
    }

    [Fact]
    public void A_module_exported_concurrently_keeps_its_mode()
    {
        using var net = nn.Sequential(("a", nn.Linear(4, 4)), ("drop", nn.Dropout(0.5)), ("b", nn.Linear(4, 2)));
        net.train();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using Tensor example = zeros(1, 4);
            OnnxExporter.ToBytes(net, [example], new OnnxExportOptions { Verify = i % 2 == 0 });
        });
        Assert.True(net.training);
        Assert.All(net.children(), m => Assert.True(m.training));
    }

    [Fact]
    public void A_buffer_with_a_NaN_is_not_rewritten()
    {
        using var net = new WithNan();
        using Tensor loss = net.forward(ones(1, 2)).sum();
        OnnxExporter.ToBytes(net, [rand(1, 2)], new OnnxExportOptions { Verify = false });

        // The gradient needs the original buffer: libtorch throws if it has been written to.
        loss.backward();
        Assert.Equal([float.NaN, 3f], net.weight.grad!.data<float>().ToArray());
    }

    private sealed class Caching() : nn.Module<Tensor, Tensor>(nameof(Caching))
    {
        private readonly Dictionary<string, Tensor> _shifts = [];
        private Tensor? _places;
        public Tensor? last;

        public bool Throws { get; set; }

        public override Tensor forward(Tensor input)
        {
            _places ??= arange(4).to(float32);
            if (!_shifts.TryGetValue("six", out Tensor? shift))
            {
                _shifts["six"] = shift = full([1], 6f);
            }

            last = input.sigmoid();
            return Throws ? throw new InvalidOperationException("later") : input + _places + shift;
        }
    }

    private sealed class Around(Func<Tensor, Tensor> around) : nn.Module<Tensor, Tensor>(nameof(Around))
    {
        public override Tensor forward(Tensor input) => around(input);
    }

    private sealed class WithNan : nn.Module<Tensor, Tensor>
    {
        public readonly Parameter weight = new(ones(2));
        private readonly Tensor factor = tensor(new[] { float.NaN, 3f });

        public WithNan() : base(nameof(WithNan))
        {
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => input * (weight * factor);
    }
}
