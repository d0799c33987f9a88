namespace Inpaint.Benchmarks;

/// <summary>The time of a single photo, one after the other.</summary>
internal static class PredictBenchmark
{
    private const int Calls = 1000, LargeGraphCalls = 200;
    private static readonly string[] Contenders = [Contender.PredictStock, Contender.PredictInpaint, Contender.PredictBare, Contender.PredictBareAsleep];

    public static void Run(BenchmarkOptions options, BenchmarkFolder folder, Report report)
    {
        report.Heading("A single prediction");
        report.Text($"One 64x64 PNG after the other: medians of {options.Passes} interleaved passes.");
        PhotoFiles files = folder.SmallPngs(options.Photos);
        foreach (ConvolutionGraph graph in ConvolutionGraph.All)
        {
            int calls = graph.MegaFlops > 100 ? LargeGraphCalls : Calls;
            IReadOnlyList<Series> series = folder.Run(graph, files).Measure(Contenders, calls, options.Passes);
            report.Predictions(graph, calls, series);
            Series ours = series.Single(s => s.Contender == Contender.PredictInpaint);
            double slowdown = series.Where(s => s.Contender is Contender.PredictBare or Contender.PredictBareAsleep).Max(bare => 1 / ours.SpeedOver(bare));
            report.AimAtMost($"{graph.Name} graph: time of a prediction over the faster bare call", slowdown, 1.1);
        }
    }
}
