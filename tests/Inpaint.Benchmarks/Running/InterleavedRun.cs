namespace Inpaint.Benchmarks;

/// <summary>
/// Passes of several contenders over the same files, one after the other and round again, so that whatever else the machine does
/// meets them all alike.
/// </summary>
/// <param name="graphFolder">The graph with its manifest.</param>
/// <param name="list">A text file with a picture's path a line.</param>
internal sealed class InterleavedRun(string graphFolder, string list)
{
    private const int WarmUps = 2;

    /// <summary>A single pass in a process that has done nothing else.</summary>
    public Pass Once(string contender, int rows)
    {
        using var process = new ContenderProcess(contender, graphFolder, list);
        return process.Run(rows);
    }

    /// <summary>Measures.</summary>
    /// <param name="contenders">Their names.</param>
    /// <param name="rows">Photos in one pass.</param>
    /// <param name="passes">Passes that count, after two that do not.</param>
    public IReadOnlyList<Series> Measure(IReadOnlyList<string> contenders, int rows, int passes)
    {
        var processes = new List<ContenderProcess>();
        try
        {
            foreach (string contender in contenders)
            {
                processes.Add(new ContenderProcess(contender, graphFolder, list));
            }

            List<Pass>[] results = [.. processes.Select(_ => new List<Pass>())];
            for (int round = -WarmUps; round < passes; round++)
            {
                for (int i = 0; i < processes.Count; i++)
                {
                    Pass pass = processes[i].Run(rows);
                    if (round >= 0)
                    {
                        results[i].Add(pass);
                    }
                }
            }

            return [.. processes.Select((p, i) => new Series(p.Contender, results[i]))];
        }
        finally
        {
            processes.ForEach(p => p.Dispose());
        }
    }
}
