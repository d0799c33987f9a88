using System.Diagnostics;
using System.Text.Json;

namespace Inpaint.Benchmarks;

/// <summary>
/// Hosts a contender in its own process, so that its memory is measured alone and no other contender's threads spin.
/// For every line read from standard input, a number of rows, it runs a pass and writes a line of JSON.
/// </summary>
internal static class ContenderHost
{
    public const string Command = "contender";

    /// <summary>Runs passes until standard input ends.</summary>
    /// <param name="contender">The contender's name.</param>
    /// <param name="graphFolder">The graph with its manifest.</param>
    /// <param name="list">A text file with the path of one picture per line.</param>
    public static void Serve(string contender, string graphFolder, string list)
    {
        string[] paths = File.ReadAllLines(list);
        using IContender contestant = Contender.Create(contender, graphFolder);
        while (Console.In.ReadLine() is { } line)
        {
            int rows = int.Parse(line, CultureInfo.InvariantCulture);
            Console.Out.WriteLine(JsonSerializer.Serialize(Measure(contestant, paths, rows)));
            Console.Out.Flush();
        }
    }

    private static Pass Measure(IContender contender, string[] paths, int rows)
    {
        using var self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime + ProgramFill.ChildrenTime();
        long start = Stopwatch.GetTimestamp();
        int done = contender.Run(Cycle(paths, rows));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        self.Refresh();
        double cpuSeconds = (self.TotalProcessorTime + ProgramFill.ChildrenTime() - cpu).TotalSeconds;
        long peak = contender is ProgramFill program ? program.PeakBytes : self.PeakWorkingSet64;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        self.Refresh();
        return done == rows
            ? new Pass(done, seconds, cpuSeconds, peak)
            {
                HeldBytes = self.WorkingSet64,
                Percentiles = Percentiles(contender as ITimedContender),
            }
            : throw new InvalidOperationException($"{done} of {rows} rows were processed.");
    }

    private static double[]? Percentiles(ITimedContender? timed)
    {
        double[]? sorted = timed is null ? null : [.. timed.Milliseconds.Order()];
        return sorted is null ? null : [.. new[] { 0.5, 0.95, 0.99 }.Select(share => sorted[(int)(share * (sorted.Length - 1))])];
    }

    private static IEnumerable<string> Cycle(string[] paths, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            yield return paths[i % paths.Length];
        }
    }
}
