namespace Inpaint.Benchmarks;

/// <summary>The latency of single predictions.</summary>
internal static class PredictBenchmark
{
    private const int Calls = 1000, LargeGraphCalls = 200;
    private static readonly string[] Contenders =
        [Contender.PredictStock, Contender.PredictInpaint, Contender.PredictBare, Contender.PredictBarePassive];

    public static void Run(BenchmarkOptions options, BenchmarkFolder folder, Report report)
    {
        report.Heading("A single prediction");
        report.Text($"64x64 PNGs, one at a time: medians of {options.Passes} interleaved passes.");
        PhotoFiles files = folder.SmallPngs(options.Photos);
        foreach (ConvolutionGraph graph in ConvolutionGraph.All)
        {
            int calls = graph.MegaFlops > 100 ? LargeGraphCalls : Calls;
            IReadOnlyList<Series> series = folder.Run(graph, files).Measure(Contenders, calls, options.Passes);
            report.Predictions(graph, calls, series);
            Series ours = series.Single(s => s.Contender == Contender.PredictInpaint);
            double slowdown = series.Where(s => s.Contender is Contender.PredictBare or Contender.PredictBarePassive)
                .Max(bare => 1 / ours.SpeedOver(bare));
            report.TargetAtMost($"{graph.Name} graph: time of a prediction over the faster bare call", slowdown, 1.1);
        }
    }
}
