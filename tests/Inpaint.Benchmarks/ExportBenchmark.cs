namespace Inpaint.Benchmarks;

/// <summary>The cost of exporting a TorchSharp network, and the speed of the exported graph.</summary>
internal static class ExportBenchmark
{
    private const string Exported = "ResNet-50";
    private static readonly string[] Exports = [Contender.ExportForward, Contender.ExportUnverified, Contender.ExportVerified];

    public static void Run(BenchmarkOptions options, BenchmarkFolder folder, Report report)
    {
        BenchmarkNetwork[] networks = [.. BenchmarkNetwork.All.Where(n => options.Network is null || n.Name == options.Network)];
        foreach (BenchmarkNetwork network in networks.Where(n => n.Name == Exported))
        {
            report.Heading($"Export of {Exported}");
            report.Text($"{network.Side}x{network.Side}, into memory. First: in a new process, without loading libtorch. "
                + $"Again: median of {options.Passes} in the same process, interleaved, after two warm-up passes.");
            InterleavedRun run = folder.Run(network);
            IReadOnlyList<Pass> first = [.. Exports.Select(e => run.Once(e, 1))];
            report.Exports(first, run.Measure(Exports, 1, options.Passes));
        }

        report.Heading("ONNX Runtime and TorchSharp");
        report.Text($"Random weights, pictures of 3 channels; medians of {options.Passes} interleaved passes after two warm-up passes, "
            + $"each contender in its own process, {Environment.ProcessorCount} threads each. "
            + "Ratios are medians over adjacent passes: above 1, the graph in ONNX Runtime is faster than the module in TorchSharp, "
            + "either both with defaults or both with sleeping threads. "
            + "Tuned: channels last, threads that sleep instead of spinning, and freed memory kept by the C library.");
        report.BeginNetworks();
        foreach (BenchmarkNetwork network in networks)
        {
            InterleavedRun run = folder.Run(network);
            foreach (int batch in (int[])[1, 8])
            {
                int images = Math.Max(8, Math.Min(network.Images, options.Photos) / 8 * 8);
                report.Network(network, batch, run.Measure(Contender.Networks(batch), images, options.Passes));
            }
        }
    }
}
