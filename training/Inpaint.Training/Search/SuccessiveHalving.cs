namespace Inpaint.Training;

/// <summary>One trial of a search in one round.</summary>
/// <param name="Round">The round, from 1.</param>
/// <param name="Trial">The trial, from 1; it keeps its number and settings over the rounds.</param>
/// <param name="Steps">Steps of the round's trainings.</param>
/// <param name="Settings">What it changes.</param>
/// <param name="Figure">The key of the metric that the configuration chooses by.</param>
/// <param name="Best">The best value on valid; null for a training that broke down.</param>
/// <param name="Problem">Why it broke down; null when it did not.</param>
internal sealed record TrialResult(int Round, int Trial, int Steps, IReadOnlyList<string> Settings, string Figure, double? Best, string? Problem)
{
    /// <summary>Trials with a smaller one are better.</summary>
    internal double Loss => Best is { } best ? Metric.Find(Figure)!.Loss(best) : double.MaxValue;
}

/// <summary>
/// Random search with successive halving (Jamieson and Talwalkar 2016, arXiv 1502.07943): all trials are trained for few steps, the best third
/// of them for three times as many, and so on until one is left. Each training is a whole one with its own schedule.
/// </summary>
internal static class SuccessiveHalving
{
    /// <summary>How many times as long, and as few, the next round's trainings are.</summary>
    public const int Factor = 3;

    /// <summary>Makes sure that the last round's steps can be counted.</summary>
    /// <exception cref="UsageException">They are too many.</exception>
    public static void RequireSteps(int trials, int firstSteps)
    {
        long steps = firstSteps;
        for (int left = trials; left > 1; left = Math.Max(1, left / Factor))
        {
            steps *= Factor;
        }

        if (steps > int.MaxValue)
        {
            throw new UsageException($"--steps {firstSteps} with --trials {trials} makes {steps} steps in the last round; expected at most {int.MaxValue}. Give fewer steps.");
        }
    }

    /// <summary>Runs the search.</summary>
    /// <param name="trials">The settings of each trial.</param>
    /// <param name="firstSteps">Steps of the first round.</param>
    /// <param name="train">Trains: round, trial, steps, settings. It may be called again for a training that it has done already.</param>
    /// <returns>All results, best trial of the last round first within its round.</returns>
    public static IReadOnlyList<TrialResult> Run(IReadOnlyList<IReadOnlyList<string>> trials, int firstSteps, Func<int, int, int, IReadOnlyList<string>, TrialResult> train)
    {
        var results = new List<TrialResult>();
        int[] left = [.. Enumerable.Range(1, trials.Count)];
        int steps = firstSteps;
        for (int round = 1; ; round++, steps *= Factor)
        {
            TrialResult[] done = [.. left.Select(trial => train(round, trial, steps, trials[trial - 1])).OrderBy(r => r.Loss).ThenBy(r => r.Trial)];
            results.AddRange(done);
            TrialResult[] sound = [.. done.Where(r => r.Best is not null)];
            if (left.Length == 1 || sound.Length == 0)
            {
                return results;
            }

            left = [.. sound.Take(Math.Max(1, left.Length / Factor)).Select(r => r.Trial)];
        }
    }
}
