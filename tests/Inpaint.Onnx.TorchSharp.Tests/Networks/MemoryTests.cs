using System.Runtime.InteropServices;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>The tracer's memory is native and unseen by the garbage collector: what is not freed is lost.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const double MiB = 1 << 20;

    // Each recording creates a constant of 256 KiB, so that leaks of it or of its graph are detected quickly.
    [Fact]
    public void Two_hundred_recordings_take_no_more_memory_than_twenty() => Assert.InRange(GrowthOf(200, Record, 20), 0, 16);

    [Fact]
    [Trait("Category", "Long")]
    public void Two_thousand_recordings_take_no_more_memory_than_two_hundred() => Assert.InRange(GrowthOf(2000, Record, 200), 0, 16);

    [Fact]
    public void Recordings_that_fail_take_no_more_memory() => Assert.InRange(GrowthOf(200, Fail, 20), 0, 16);

    [Fact]
    public void Fifty_exports_take_no_more_memory_than_ten() => Assert.InRange(GrowthOf(50, Export, 10), 0, 32);

    [Fact]
    public void Fifty_rejected_exports_take_no_more_memory_than_ten()
    {
        OnnxConverters.Register("aten::special_i1(Tensor self) -> Tensor", c => c.Return(c.Tensor("self")));
        Assert.InRange(GrowthOf(50, Refuse, 10), 0, 32);
    }

    private static void Refuse(Small net, Tensor example)
    {
        net.Odd = true;
        ExportException error = Assert.Throws<ExportException>(() => Export(net, example));
        Assert.Contains("aten::special_i1 after module 'conv1'", error.Message, StringComparison.Ordinal);
    }

    private static void Record(Small net, Tensor example)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        IReadOnlyList<(string, Tensor)> named =
            [("input/0", example), .. net.named_parameters().Select(p => ($"parameter/{p.name}", (Tensor)p.parameter))];
        using Recording recording = LibtorchTracer.Instance.Record(named, () => [net.forward(example)]);
        Assert.Contains("aten::_convolution", recording.Text, StringComparison.Ordinal);
        Assert.Single(recording.Constants, c => c.Tensor.numel() == Small.ConstantSize);
    }

    private static void Fail(Small net, Tensor example)
    {
        net.Throws = true;
        Assert.Throws<InvalidOperationException>(() => Record(net, example));
    }

    // Comparing at large sizes for long moves the peak of memory from run to run.
    private static void Export(Small net, Tensor example) =>
        OnnxExporter.ToBytes(net, [example], new OnnxExportOptions { CompareSeconds = 0.2 });

    private double GrowthOf(int runs, Action<Small, Tensor> run, int warmUp)
    {
        using var net = new Small().Seeded();
        using Tensor example = SeededWeights.Input([2, 3, 16, 16], 1);
        for (int i = 0; i < warmUp; i++)
        {
            run(net, example);
        }

        // From the lowest value: memory that other tests used may be returned to the system meanwhile, which would hide leaks.
        double lowest = Resident(), last = lowest;
        for (int i = 1; i <= runs; i++)
        {
            run(net, example);
            if (i % (runs / 5) == 0)
            {
                last = Resident();
                lowest = Math.Min(lowest, last);
            }
        }

        output.WriteLine($"{runs} runs: from {lowest:0.0} to {last:0.0} MiB");
        return last - lowest;
    }

    /// <summary>Resident memory when what other tests left has been collected and given back.</summary>
    private static double Resident()
    {
        double last = double.MaxValue, now = Environment.WorkingSet / MiB;
        for (int i = 0; i < 20 && last - now > 0.5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            _ = ReturnFreeMemory(0);
            (last, now) = (now, Environment.WorkingSet / MiB);
        }

        return now;
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReturnFreeMemory(nuint keep);

    private sealed class Small : nn.Module<Tensor, Tensor>
    {
        public const int ConstantSize = 1 << 16;
        private static readonly float[] Ramp = [.. Enumerable.Range(0, ConstantSize).Select(i => (float)i / ConstantSize)];
        private readonly Conv2d conv1 = nn.Conv2d(3, 16, 3, padding: 1), conv2 = nn.Conv2d(16, 3, 3, padding: 1);

        public Small() : base(nameof(Small)) => RegisterComponents();

        public bool Throws { get; set; }

        public bool Odd { get; set; }

        public override Tensor forward(Tensor input)
        {
            Tensor x = conv1.forward(input) + tensor(Ramp).sum();
            x = Odd ? special.i1(x) : x;
            return Throws ? throw new InvalidOperationException("half way") : conv2.forward(nn.functional.relu(x));
        }
    }
}
