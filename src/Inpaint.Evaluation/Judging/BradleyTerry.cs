using Inpaint.Evaluation.Metrics;

namespace Inpaint.Evaluation.Judging;

/// <summary>The result of a graph in comparisons.</summary>
/// <param name="Name">The graph, or <see cref="Vote.Truth"/>.</param>
/// <param name="Strength">The log-odds of being preferred to a graph of average strength; the mean over all is 0.</param>
/// <param name="Low">The 2.5th percentile of the strength.</param>
/// <param name="High">The 97.5th percentile.</param>
/// <param name="Wins">Votes for it.</param>
/// <param name="Losses">Votes against it.</param>
/// <param name="Ties">Votes for neither.</param>
public sealed record Preference(string Name, double Strength, double Low, double High, int Wins, int Losses, int Ties);

/// <summary>
/// Strengths from comparisons in pairs (R. Bradley, M. Terry, "Rank analysis of incomplete block designs", 1952), fitted by D. Hunter's
/// minorisation ("MM algorithms for generalized Bradley-Terry models", 2004). A tie counts as half a win for each. Each pair that was
/// compared gets one additional tie, so that undefeated graphs have finite strengths. The intervals are bootstrapped from the votes.
/// </summary>
public static class BradleyTerry
{
    private const int Steps = 1000;
    private const double Settled = 1e-9;

    /// <summary>Fits votes.</summary>
    /// <param name="votes">The votes; at least one.</param>
    /// <param name="resamples">The number of bootstrap resamples for the intervals, at least 2. Default 500.</param>
    /// <param name="seed">The seed of the resampling. Default 1.</param>
    /// <returns>All compared graphs, strongest first.</returns>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public static IReadOnlyList<Preference> Fit(IReadOnlyList<Vote> votes, int resamples = 500, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(votes);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 2);
        if (votes.Count == 0)
        {
            throw new ArgumentException("The list of votes is empty; expected at least one.", nameof(votes));
        }

        string[] names = [.. votes.SelectMany(v => new[] { v.Left, v.Right }).Distinct().Order(StringComparer.Ordinal)];
        var pairs = votes.Select(v => (Left: Array.IndexOf(names, v.Left), Right: Array.IndexOf(names, v.Right), v.Choice)).ToArray();
        double[] strengths = Strengths(pairs, pairs, names.Length);
        var draws = new double[names.Length][];
        for (int i = 0; i < names.Length; i++)
        {
            draws[i] = new double[resamples];
        }

        var random = new SplitMix64(seed);
        var drawn = new (int Left, int Right, VoteChoice Choice)[pairs.Length];
        for (int r = 0; r < resamples; r++)
        {
            for (int i = 0; i < drawn.Length; i++)
            {
                drawn[i] = pairs[random.Below(pairs.Length)];
            }

            double[] again = Strengths(drawn, pairs, names.Length);
            for (int i = 0; i < names.Length; i++)
            {
                draws[i][r] = again[i];
            }
        }

        return [.. names.Select((name, i) =>
        {
            Array.Sort(draws[i]);
            return new Preference(name, strengths[i], PairedBootstrap.Percentile(draws[i], 0.025),
                PairedBootstrap.Percentile(draws[i], 0.975), Wins(pairs, i), Wins(pairs, i, lost: true),
                pairs.Count(p => (p.Left == i || p.Right == i) && p.Choice == VoteChoice.Equal));
        }).OrderByDescending(p => p.Strength).ThenBy(p => p.Name, StringComparer.Ordinal)];
    }

    private static int Wins((int Left, int Right, VoteChoice Choice)[] pairs, int player, bool lost = false) => pairs.Count(p =>
        (p.Left == player && p.Choice == (lost ? VoteChoice.Right : VoteChoice.Left))
            || (p.Right == player && p.Choice == (lost ? VoteChoice.Left : VoteChoice.Right)));

    /// <param name="votes">The votes to fit.</param>
    /// <param name="met">The votes that determine which pairs were compared.</param>
    /// <param name="players">The number of compared graphs.</param>
    private static double[] Strengths((int Left, int Right, VoteChoice Choice)[] votes, (int Left, int Right, VoteChoice Choice)[] met,
        int players)
    {
        double[,] games = new double[players, players];
        double[] wins = new double[players];
        void Add(int left, int right, double forLeft)
        {
            games[left, right]++;
            games[right, left]++;
            wins[left] += forLeft;
            wins[right] += 1 - forLeft;
        }

        foreach ((int left, int right) in met.Select(m => (Math.Min(m.Left, m.Right), Math.Max(m.Left, m.Right))).Distinct())
        {
            Add(left, right, 0.5);
        }

        foreach ((int left, int right, VoteChoice choice) in votes)
        {
            Add(left, right, choice switch { VoteChoice.Left => 1, VoteChoice.Right => 0, _ => 0.5 });
        }

        double[] strength = new double[players];
        Array.Fill(strength, 1);
        for (int step = 0; step < Steps; step++)
        {
            double[] next = new double[players];
            for (int i = 0; i < players; i++)
            {
                double sum = 0;
                for (int j = 0; j < players; j++)
                {
                    sum += games[i, j] > 0 ? games[i, j] / (strength[i] + strength[j]) : 0;
                }

                next[i] = wins[i] / sum;
            }

            double mean = Math.Exp(next.Average(Math.Log));
            double change = 0;
            for (int i = 0; i < players; i++)
            {
                next[i] /= mean;
                change = Math.Max(change, Math.Abs(Math.Log(next[i] / strength[i])));
            }

            strength = next;
            if (change < Settled)
            {
                break;
            }
        }

        return Array.ConvertAll(strength, Math.Log);
    }
}
