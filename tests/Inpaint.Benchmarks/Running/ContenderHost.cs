using System.Diagnostics;
using System.Text.Json;

namespace Inpaint.Benchmarks;

/// <summary>
/// A contender in a process of its own, so that its memory is its own and no other's threads spin beside it.
/// It makes a pass for every line that it reads, <c>ROWS</c>, and answers with a line of JSON.
/// </summary>
internal static class ContenderHost
{
    public const string Command = "contender";

    /// <summary>Serves passes until its input ends.</summary>
    /// <param name="contender">Which contender.</param>
    /// <param name="graphFolder">The graph with its manifest.</param>
    /// <param name="list">A text file with a picture's path a line.</param>
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
        TimeSpan cpu = self.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        int done = contender.Run(Cycle(paths, rows));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        self.Refresh();
        return done == rows
            ? new Pass(done, seconds, (self.TotalProcessorTime - cpu).TotalSeconds, self.PeakWorkingSet64) { Percentiles = Percentiles(contender as ITimesEachRow) }
            : throw new InvalidOperationException($"{done} rows came out of {rows}.");
    }

    private static double[]? Percentiles(ITimesEachRow? timed)
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
