namespace Inpaint.Benchmarks;

/// <summary>
/// Runs passes of several contenders over the same files in turn, so that other load on the machine affects all of them alike.
/// </summary>
/// <param name="graphFolder">The graph with its manifest.</param>
/// <param name="list">A text file with the path of one picture per line.</param>
internal sealed class InterleavedRun(string graphFolder, string list)
{
    private const int WarmUps = 2;

    /// <summary>A single pass in a new process.</summary>
    public Pass Once(string contender, int rows)
    {
        using var process = new ContenderProcess(contender, graphFolder, list);
        return process.Run(rows);
    }

    /// <summary>Two passes one after the other in a new process.</summary>
    public (Pass First, Pass Second) Twice(string contender, int first, int second)
    {
        using var process = new ContenderProcess(contender, graphFolder, list);
        return (process.Run(first), process.Run(second));
    }

    /// <summary>Measures contenders.</summary>
    /// <param name="contenders">Their names.</param>
    /// <param name="rows">Photos per pass.</param>
    /// <param name="passes">Measured passes, after two warm-up passes.</param>
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
