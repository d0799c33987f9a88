namespace Inpaint.Benchmarks;

/// <summary>Peak memory of short and long passes. Rows cycle over the same files; each number is from a separate process.</summary>
internal static class MemoryBenchmark
{
    private const int Few = 1_000, Many = 100_000;
    private static readonly string[] Contenders = [Contender.Inpaint, Contender.NotDisposed, Contender.Steps, Contender.Stock];

    // How much garbage the collector leaves varies from run to run.
    private const double Tolerance = 1.1;

    public static void Run(BenchmarkOptions options, BenchmarkFolder folder, Report report)
    {
        report.Heading("Peak memory");
        report.Text($"64x64 PNG, {ConvolutionGraph.Middle.Name} graph; one pass in its own process.");
        InterleavedRun run = folder.Run(ConvolutionGraph.Middle, folder.SmallPngs(Math.Min(options.Photos, Few)));
        var measured = Contenders.Select(c => (Contender: c, Few: run.Once(c, Few), Many: run.Once(c, Many))).ToList();
        report.Memory(measured, Few, Many);
        foreach ((string contender, Pass few, Pass many) in measured.Where(m => m.Contender != Contender.Stock))
        {
            double growth = (double)many.PeakBytes / few.PeakBytes;
            report.TargetAtMost($"{Contender.Title(contender)}: memory of {Many:N0} rows over {Few:N0}", growth, Tolerance);
        }
    }
}
