namespace Inpaint.Benchmarks;

/// <summary>
/// Peak memory of short and long passes, whose rows cycle over the same files, and of large photos with a small hole. Each number is from a
/// separate process.
/// </summary>
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

    /// <summary>Large photos with a hole of 500x500 pixels, and a hundred photos of different sizes.</summary>
    public static void RunMasked(BenchmarkFolder folder, Report report)
    {
        string[] contenders = [Contender.MaskedScoring, Contender.Web(1)];
        (string Name, int Width, int Height)[] photos = [("12 megapixels", 4000, 3000), ("48 megapixels", 8000, 6000)];
        report.Heading("Memory of large photos");
        report.Text(
            "JPEG with a hole of 500x500 pixels to PNG, pushpull; one photo in its own process, loading of the graph included, for HTTP "
            + "with "
            + "the client.");
        var measured = photos.SelectMany(p => contenders.Select(c => (
            Photo: p.Name, Contender: c, Pass: folder.RunMasked(p.Name.Replace(' ', '-'), (p.Width, p.Height, 500)).Once(c, 1)))).ToList();
        report.MaskedMemory(measured);
        foreach ((string photo, string contender, Pass pass) in measured.Where(m => m.Photo == photos[0].Name))
        {
            report.TargetAtMost($"{photo}, {Contender.Title(contender)}: peak MB", pass.PeakBytes / 1048576.0, 600);
            report.TargetAtMost($"{photo}, {Contender.Title(contender)}: seconds", pass.Seconds, 3);
        }

        var random = new Random(1);
        var sizes = Enumerable.Range(0, 100).Select(i => i == 0
            ? (1600, 1600, 500) // the largest comes first
            : (random.Next(300, 1600), random.Next(300, 1600), random.Next(10, 200))).ToList();
        InterleavedRun varied = folder.RunMasked("varied", sizes);
        foreach (string contender in contenders)
        {
            (Pass first, Pass second) = varied.Twice(contender, 10, 90);
            report.TargetAtMost(
                $"{Contender.Title(contender)}: memory held after 100 photos of different sizes over that after 10",
                (double)second.HeldBytes / first.HeldBytes, Tolerance);
        }
    }
}
