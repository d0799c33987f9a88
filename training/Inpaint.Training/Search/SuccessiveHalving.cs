namespace Inpaint.Training.Search;

/// <summary>One trial of a search in one round.</summary>
/// <param name="Round">The round, from 1.</param>
/// <param name="Trial">The trial, from 1; it keeps its number and settings in all rounds.</param>
/// <param name="Steps">Steps of the round's trainings.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Figure">The key of the metric that the configuration chooses by.</param>
/// <param name="Best">The best validation value; null for a training that failed.</param>
/// <param name="Problem">Why it failed; null otherwise.</param>
internal sealed record TrialResult(
    int Round, int Trial, int Steps, IReadOnlyList<string> Settings, string Figure, double? Best, string? Problem)
{
    /// <summary>Trials with a smaller loss are better.</summary>
    internal double Loss => Best is { } best ? Metric.Find(Figure)!.Loss(best) : double.MaxValue;
}

/// <summary>
/// Random search with successive halving (Jamieson and Talwalkar 2016, arXiv 1502.07943): all trials are trained for a few steps, the best
/// third of them for three times as many, and so on until one is left. Each training is complete, with its own schedule.
/// </summary>
internal static class SuccessiveHalving
{
    /// <summary>How many times longer, and fewer, the trainings of the next round are.</summary>
    public const int Factor = 3;

    /// <summary>Checks that the steps of the last round do not overflow.</summary>
    /// <exception cref="UsageException">They do.</exception>
    public static void RequireSteps(int trials, int firstSteps)
    {
        long steps = firstSteps;
        for (int left = trials; left > 1; left = Math.Max(1, left / Factor))
        {
            steps *= Factor;
        }

        if (steps > int.MaxValue)
        {
            throw new UsageException(
                $"--steps {firstSteps} with --trials {trials} gives {steps} steps in the last round; expected at most {int.MaxValue}. "
                    + $"Give fewer steps.");
        }
    }

    /// <summary>Runs the search.</summary>
    /// <param name="trials">The settings of each trial.</param>
    /// <param name="firstSteps">Steps of the first round.</param>
    /// <param name="train">Trains: round, trial, steps, settings. May be called again for a completed training.</param>
    /// <returns>All results by round, the best trial of each first.</returns>
    public static IReadOnlyList<TrialResult> Run(
        IReadOnlyList<IReadOnlyList<string>> trials, int firstSteps, Func<int, int, int, IReadOnlyList<string>, TrialResult> train)
    {
        var results = new List<TrialResult>();
        int[] left = [.. Enumerable.Range(1, trials.Count)];
        int steps = firstSteps;
        for (int round = 1; ; round++, steps *= Factor)
        {
            TrialResult[] done = [.. left.Select(trial => train(round, trial, steps, trials[trial - 1]))
                .OrderBy(r => r.Loss).ThenBy(r => r.Trial)];
            results.AddRange(done);
            TrialResult[] succeeded = [.. done.Where(r => r.Best is not null)];
            if (left.Length == 1 || succeeded.Length == 0)
            {
                return results;
            }

            left = [.. succeeded.Take(Math.Max(1, left.Length / Factor)).Select(r => r.Trial)];
        }
    }
}
