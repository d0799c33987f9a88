namespace Inpaint.Benchmarks;

/// <summary>The HTTP service with 1 to 64 connections, compared with the bare encoding loop.</summary>
internal static class WebBenchmark
{
    private static readonly string[] Contenders =
        [Contender.BareEncoding, Contender.Web(1), Contender.Web(4), Contender.Web(16), Contender.Web(64)];

    public static void Run(BenchmarkOptions options, BenchmarkFolder folder, Report report)
    {
        report.Heading("HTTP service");
        report.Text(
            "Photo files are posted over loopback and completed PNGs returned; the clients share the machine's cores with the service: "
            + $"medians of {options.Passes} interleaved passes after two warm-up passes.");
        ConvolutionGraph[] graphs = [ConvolutionGraph.Middle, ConvolutionGraph.All[^1]];
        foreach (ConvolutionGraph graph in graphs.Where(g => options.Graph is null || options.Graph == g.Name))
        {
            PhotoFiles files = folder.SmallPngs(options.Photos);
            IReadOnlyList<Series> series = folder.Run(graph, files).Measure(Contenders, options.Photos, options.Passes);
            report.Web(files, graph, options.Photos, series);
            if (graph == ConvolutionGraph.All[^1])
            {
                report.Target($"{graph.Name} graph: 64 connections over the bare encoding loop", series[^1].SpeedOver(series[0]), 0.85);
            }
        }
    }
}
