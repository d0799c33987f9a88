using Inpaint.Cli.Batch;
using Inpaint.Jobs;

namespace Inpaint.Benchmarks;

/// <summary>Batch jobs: photos per second compared with their parts, memory, and the cost of planning, status and merging.</summary>
internal static class BatchBenchmark
{
    private const int JpegCount = 190, Few = 1_000, Million = 1_000_000;
    private const double Tolerance = 1.1;
    private static readonly string[] Speeds =
        [Contender.Bare, Contender.BareEncoding, Contender.Inpaint, Contender.BatchOne, Contender.BatchTwo, Contender.BatchFour];
    private static readonly string[] Steps = [Contender.BatchPlan, Contender.BatchRun, Contender.BatchStatus, Contender.BatchMerge];

    public static void Run(BenchmarkOptions options, BenchmarkFolder folder, Report report)
    {
        report.Heading("Batch jobs");
        report.Text($"From a folder of files to Parquet files of PNGs, in shards of 500, without planning: medians of {options.Passes} "
            + "interleaved passes after two warm-up passes, each contender in its own process. "
            + "A worker is a thread that decodes, runs the graph and encodes.");
        foreach (bool jpeg in new[] { false, true }.Where(j => options.Data is null || options.Data == (j ? "jpeg" : "png")))
        {
            PhotoFiles files = jpeg ? folder.LargeJpegs() : folder.SmallPngs(options.Photos);
            int rows = jpeg ? Math.Min(JpegCount, files.Paths.Count) : options.Photos;
            ConvolutionGraph graph = ConvolutionGraph.Middle;
            IReadOnlyList<Series> series = folder.Run(graph, files).Measure(Speeds, rows, options.Passes);
            report.Batches(files, graph, rows, series);
            Series Of(string name) => series.Single(s => s.Contender == name);
            double speed = Of(Contender.BatchTwo).SpeedOver(Of(Contender.BareEncoding));
            report.Target($"{files.Name}: batch, two workers, over the bare encoding loop", speed, 0.85);
        }

        if (options.Data is not null)
        {
            return;
        }

        report.Heading("A large job");
        report.Text("32x32 scenes, the graph pushpull, shards of 1,000; each step in its own process.");
        IReadOnlyList<Pass> few = Job(folder, Few, Steps), many = Job(folder, options.Rows, Steps);
        var jobs = new List<(int Rows, IReadOnlyList<Pass> Passes)> { (Few, few), (options.Rows, many) };
        if (options.Rows >= Million)
        {
            jobs.Add((10 * options.Rows, Job(folder, 10 * options.Rows, Contender.BatchPlan)));
        }

        report.Jobs(jobs, Steps);
        foreach ((string step, Pass small, Pass large) in Steps.Zip(few, many))
        {
            double growth = (double)large.PeakBytes / small.PeakBytes;
            report.TargetAtMost($"{Contender.Title(step)}: memory of {options.Rows:N0} rows over {Few:N0}", growth, Tolerance);
        }
    }

    private static List<Pass> Job(BenchmarkFolder folder, int rows, params string[] steps)
    {
        InterleavedRun run = folder.RunJob(rows);
        return [.. steps.Select(step => run.Once(step, 2))];
    }
}
