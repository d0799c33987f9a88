namespace Inpaint.Benchmarks;

/// <summary>All pipelines on the same files and graphs.</summary>
internal static class PipelinesBenchmark
{
    public static readonly string[] Contenders =
        [Contender.Stock, Contender.Tuned, Contender.Steps, Contender.Inpaint, Contender.Status, Contender.LookAhead, Contender.Bare];

    // Makes a pass with the large graph take about as long as one with the others.
    private const int LargeGraphShare = 8;
    private const int JpegRows = 380;

    public static void Run(BenchmarkOptions options, BenchmarkFolder folder, Report report)
    {
        report.Heading("Photos per second");
        report.Text($"From picture file to the graph's 64x64 result: medians of {options.Passes} interleaved passes "
            + "after two warm-up passes, each contender in its own process. "
            + "Ratios are medians over adjacent passes. CPU is the time of all cores per photo.");
        IReadOnlyList<string> contenders = options.Only ?? Contenders;
        foreach (PhotoFiles files in Files(options, folder))
        {
            foreach (ConvolutionGraph graph in ConvolutionGraph.All.Where(g => options.Graph is null || options.Graph == g.Name))
            {
                bool jpeg = files == folder.LargeJpegs();
                int rows = jpeg ? JpegRows : options.Photos;
                rows = graph.MegaFlops > 100 && !jpeg ? Math.Max(1, rows / LargeGraphShare) : rows;
                IReadOnlyList<Series> series = folder.Run(graph, files).Measure(contenders, rows, options.Passes);
                report.Pipelines(files, graph, rows, series);
                if (options.Only is null)
                {
                    CompareWithTargets(report, jpeg, graph, series);
                }
            }
        }
    }

    private static IEnumerable<PhotoFiles> Files(BenchmarkOptions options, BenchmarkFolder folder)
    {
        if (options.Data is null or "png")
        {
            yield return folder.SmallPngs(options.Photos);
        }

        if (options.Data is null or "jpeg")
        {
            yield return folder.LargeJpegs();
        }
    }

    private static void CompareWithTargets(Report report, bool jpeg, ConvolutionGraph graph, IReadOnlyList<Series> series)
    {
        Series Of(string name) => series.Single(s => s.Contender == name);
        Series ours = Of(Contender.Inpaint);
        string where = $"{(jpeg ? "JPEG" : "PNG")}, {graph.Name} graph";
        if (graph == ConvolutionGraph.Middle && !jpeg)
        {
            report.Target($"{where}: InpaintPhotos over tuned stock", ours.SpeedOver(Of(Contender.Tuned)), 1.5);
            report.Target($"{where}: InpaintPhotos over stock", ours.SpeedOver(Of(Contender.Stock)), 1.8);
        }

        if (graph == ConvolutionGraph.Middle && jpeg)
        {
            report.Target($"{where}: InpaintPhotos over stock", ours.SpeedOver(Of(Contender.Stock)), 3);
        }

        report.Target($"{where}: InpaintPhotos over the bare loop", ours.SpeedOver(Of(Contender.Bare)), 0.92);
    }
}
