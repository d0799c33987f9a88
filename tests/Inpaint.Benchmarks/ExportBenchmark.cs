namespace Inpaint.Benchmarks;

/// <summary>What it costs to make a TorchSharp network a graph, and what the graph wins.</summary>
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
            report.Text($"{network.Side}x{network.Side}, into memory. First: in a process that has done nothing else, loading of libtorch left out. Again: median of {options.Passes} in the same process, interleaved, after two more.");
            InterleavedRun run = folder.Run(network);
            IReadOnlyList<Pass> first = [.. Exports.Select(e => run.Once(e, 1))];
            report.Exports(first, run.Measure(Exports, 1, options.Passes));
        }

        report.Heading("ONNX Runtime and TorchSharp");
        report.Text($"Random weights, pictures of 3 channels; medians of {options.Passes} interleaved passes after two to warm up, each contender in a process of its own, {Environment.ProcessorCount} threads each. "
            + "Ratios are medians of the ratios of neighbouring passes: above 1 the graph in ONNX Runtime is faster than the module in TorchSharp, each as it comes, or each with threads that sleep while they wait. "
            + "Tuned: channels last, threads that sleep while they wait, and memory kept by the C library.");
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
