using System.Numerics.Tensors;
using Inpaint.Evaluation.Perception;

namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// KID (M. Binkowski and others, "Demystifying MMD GANs", arXiv 1801.01401): the squared maximum mean discrepancy between the features of
/// fills and of originals, kernel (x·y / d + 1)^3, not multiplied by 1000. Unbiased, so it may be below 0; not defined for one photo. The
/// features are the 512 of the perceptual network around the hole, so values are comparable neither with KIDs over Inception nor between
/// masks or sizes.
/// </summary>
internal sealed class KernelDistance()
    : Metric(301, "kid", "distance between the distributions of fills and photos in these features: 0 is none", "0.0000",
        chartTitle: "KID: 0 is the photos", needsNetwork: true)
{
    internal override IMetricAccumulator Start() => new Accumulator();

    private sealed class Accumulator : IMetricAccumulator
    {
        private readonly List<PerceptualComparison> _photos = [];

        public double? Value => _photos.Count < 2 ? null : KernelDiscrepancy.Of(Features(p => p.Truth), Features(p => p.Fill));

        public BootstrapInterval? Interval(int resamples, ulong seed) => _photos.Count < 4 ? null
            : KernelDiscrepancy.Interval(Features(p => p.Truth), Features(p => p.Fill), resamples, seed);

        public void Add(FilledPhoto photo)
        {
            if (photo.Comparison is { } comparison)
            {
                _photos.Add(comparison);
            }
        }

        private IReadOnlyList<IReadOnlyList<float>> Features(Func<PerceptualComparison, IReadOnlyList<float>> part) =>
            [.. _photos.Select(part)];
    }
}

/// <summary>
/// The unbiased squared maximum mean discrepancy of pairs (A. Gretton and others, "A Kernel Two-Sample Test", 2012, the U-statistic over
/// pairs): the mean over i ≠ j of k(x_i, x_j) + k(y_i, y_j) - k(x_i, y_j) - k(x_j, y_i). A fill is never compared with its own original,
/// which surrounds it; the usual mean over all x_i, y_j would be too low here. Of many photos, the mean over blocks of up to 1,000.
/// </summary>
internal static class KernelDiscrepancy
{
    private const int BlockSize = 1000;

    /// <summary>The discrepancy of at least two pairs of vectors.</summary>
    public static double Of(IReadOnlyList<IReadOnlyList<float>> x, IReadOnlyList<IReadOnlyList<float>> y)
    {
        double sum = 0;
        foreach ((int start, int count) in Blocks(x.Count))
        {
            sum += count * Mean(Kernel(x, y, start, count), count, [.. Enumerable.Range(0, count)], count);
        }

        return sum / x.Count;
    }

    /// <summary>
    /// A 95 % interval from the discrepancies of random halves of the pairs, which vary about as much as that of all pairs does with the
    /// choice of photos (J. Shao, C. F. J. Wu, "A general theory for jackknife variance estimation", 1989). A bootstrap would
    /// compare photos with themselves.
    /// </summary>
    public static BootstrapInterval Interval(
        IReadOnlyList<IReadOnlyList<float>> x, IReadOnlyList<IReadOnlyList<float>> y, int resamples, ulong seed)
    {
        var values = new double[resamples];
        var random = new SplitMix64(seed);
        foreach ((int start, int count) in Blocks(x.Count))
        {
            double[] kernel = Kernel(x, y, start, count);
            int[] order = [.. Enumerable.Range(0, count)];
            for (int r = 0; r < resamples; r++)
            {
                for (int i = 0; i < count / 2; i++)
                {
                    int other = i + random.Below(count - i);
                    (order[i], order[other]) = (order[other], order[i]);
                }

                values[r] += count * Mean(kernel, count, order, count / 2) / x.Count;
            }
        }

        Array.Sort(values);
        return new BootstrapInterval(Of(x, y), PairedBootstrap.Percentile(values, 0.025), PairedBootstrap.Percentile(values, 0.975));
    }

    /// <summary>Blocks of nearly equal size.</summary>
    private static IEnumerable<(int Start, int Count)> Blocks(int pairs)
    {
        int blocks = (pairs + BlockSize - 1) / BlockSize;
        return Enumerable.Range(0, blocks).Select(b => ((int)((long)b * pairs / blocks), (int)((b + 1L) * pairs / blocks)))
            .Select(b => (b.Item1, b.Item2 - b.Item1));
    }

    /// <summary>The summands of a block for each i and j.</summary>
    private static double[] Kernel(IReadOnlyList<IReadOnlyList<float>> x, IReadOnlyList<IReadOnlyList<float>> y, int start, int count)
    {
        double[][] xs = [.. Enumerable.Range(start, count).Select(i => x[i].Select(v => (double)v).ToArray())];
        double[][] ys = [.. Enumerable.Range(start, count).Select(i => y[i].Select(v => (double)v).ToArray())];
        var kernel = new double[count * count];
        Parallel.For(0, count, i =>
        {
            for (int j = 0; j < i; j++)
            {
                kernel[(i * count) + j] = kernel[(j * count) + i]
                    = Cubic(xs[i], xs[j]) + Cubic(ys[i], ys[j]) - Cubic(xs[i], ys[j]) - Cubic(xs[j], ys[i]);
            }
        });
        return kernel;
    }

    private static double Cubic(double[] a, double[] b) => Math.Pow((TensorPrimitives.Dot<double>(a, b) / a.Length) + 1, 3);

    /// <summary>The mean over all pairs of different indices among the first of <paramref name="order"/>.</summary>
    private static double Mean(double[] kernel, int count, int[] order, int taken)
    {
        double sum = 0;
        for (int i = 0; i < taken; i++)
        {
            ReadOnlySpan<double> row = kernel.AsSpan(order[i] * count, count);
            for (int j = 0; j < taken; j++)
            {
                sum += row[order[j]];
            }
        }

        return sum / ((double)taken * (taken - 1));
    }
}
