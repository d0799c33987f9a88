namespace Inpaint.Evaluation.Metrics;

/// <summary>A difference of means with its 95 % interval.</summary>
/// <param name="Difference">Mean of a minus mean of b.</param>
/// <param name="Low">The 2.5th percentile.</param>
/// <param name="High">The 97.5th percentile.</param>
public readonly record struct BootstrapInterval(double Difference, double Low, double High);

/// <summary>
/// The confidence interval of a difference between two ways of filling the same photos (B. Efron, R. Tibshirani,
/// "An Introduction to the Bootstrap", 1993, percentile interval): photos are resampled with replacement, both figures of a photo together.
/// </summary>
public static class PairedBootstrap
{
    /// <summary>
    /// The mean difference and its 95 % percentile interval (percentiles by linear interpolation). The same on every machine:
    /// photos are drawn with <see cref="SplitMix64"/>.
    /// </summary>
    /// <param name="a">One figure per photo, such as <see cref="FillScores.PhotoErrors"/>.</param>
    /// <param name="b">The same figure of the same photos, in the same order.</param>
    /// <param name="resamples">Number of resamples, at least 2. Default 2,000.</param>
    /// <param name="seed">Seed of the resampling. Default 1.</param>
    /// <exception cref="ArgumentException">There are no photos, or the two counts differ.</exception>
    public static BootstrapInterval Interval(IReadOnlyList<double> a, IReadOnlyList<double> b, int resamples = 2000, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 2);
        if (a.Count == 0 || a.Count != b.Count)
        {
            throw new ArgumentException($"{a.Count} figures against {b.Count}; expected the same photos in both, at least one.", nameof(b));
        }

        var differences = new double[a.Count];
        double sum = 0;
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] = a[i] - b[i];
            sum += differences[i];
        }

        var means = new double[resamples];
        var random = new SplitMix64(seed);
        for (int r = 0; r < resamples; r++)
        {
            double total = 0;
            for (int i = 0; i < differences.Length; i++)
            {
                ulong drawn = Math.BigMul(random.Next(), (ulong)differences.Length, out _);
                total += differences[drawn];
            }

            means[r] = total / differences.Length;
        }

        Array.Sort(means);
        return new BootstrapInterval(sum / differences.Length, Percentile(means, 0.025), Percentile(means, 0.975));
    }

    internal static double Percentile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
