using Inpaint.Evaluation.Metrics;
using Inpaint.Evaluation.Perception;

namespace Inpaint.Tests.Metrics;

public sealed class KernelDiscrepancyTests
{
    [Fact]
    public void Two_pairs_have_the_value_computed_by_hand()
    {
        float[][] x = [[1, 0], [0, 1]], y = [[2, 0], [1, 1]];

        // k(a, b) = (a·b / 2 + 1)^3: k(x1, x2) = 1, k(y1, y2) = 2^3, k(x1, y2) = 1.5^3, k(x2, y1) = 1.
        Assert.Equal(1 + 8 - 3.375 - 1, KernelDiscrepancy.Of(x, y), 1e-12);
    }

    [Fact]
    public void Three_pairs_have_the_mean_over_all_ordered_pairs()
    {
        float[][] x = [[1], [2], [-1]], y = [[0], [1], [3]];
        static double K(double a, double b) => Math.Pow((a * b) + 1, 3);
        double sum = 0;
        foreach ((int i, int j) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            sum += 2 * (K(x[i][0], x[j][0]) + K(y[i][0], y[j][0]) - K(x[i][0], y[j][0]) - K(x[j][0], y[i][0]));
        }

        Assert.Equal(sum / 6, KernelDiscrepancy.Of(x, y), 1e-9);
    }

    [Fact]
    public void Equal_sets_have_no_discrepancy_and_shifted_ones_that_of_their_means()
    {
        float[][] x = Vectors(300, 1, 0), y = Vectors(300, 2, 0), shifted = Vectors(300, 2, 0.5f);

        Assert.Equal(0, KernelDiscrepancy.Of(x, x));
        BootstrapInterval none = KernelDiscrepancy.Interval(x, y, 500, 1), some = KernelDiscrepancy.Interval(x, shifted, 500, 1);
        Assert.InRange(0, none.Low, none.High);
        Assert.InRange(some.Difference, some.Low, some.High);
        Assert.True(some.Low > none.High);
        Assert.Equal(KernelDiscrepancy.Of(x, shifted), some.Difference);
    }

    [Fact]
    public void The_interval_is_about_as_wide_as_the_values_of_independent_sets_differ()
    {
        double[] values =
            [.. Enumerable.Range(0, 60).Select(s => KernelDiscrepancy.Of(Vectors(80, 3 + s, 0), Vectors(80, 1000 + s, 0.4f)))];
        double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));

        double width = Enumerable.Range(0, 10)
            .Select(s => KernelDiscrepancy.Interval(Vectors(80, 3 + s, 0), Vectors(80, 1000 + s, 0.4f), 500, 1))
            .Average(i => i.High - i.Low);

        // A normal distribution has 95 % within 1.96 deviations.
        Assert.InRange(width / (2 * 1.96 * deviation), 0.75, 1.35);
    }

    [Fact]
    public void Many_pairs_are_the_mean_over_blocks()
    {
        float[][] x = Vectors(2400, 5, 0), y = Vectors(2400, 6, 0.3f);
        double expected = Enumerable.Range(0, 3).Average(
            b => KernelDiscrepancy.Of(x[(800 * b)..(800 * (b + 1))], y[(800 * b)..(800 * (b + 1))]));
        Assert.Equal(expected, KernelDiscrepancy.Of(x, y), 1e-12);
    }

    [Fact]
    public void Scores_have_the_mean_distance_the_discrepancy_and_their_intervals()
    {
        Photo truth = RandomPhotos.Make(20, 20, 1), fill = RandomPhotos.Refill(truth, new PixelRect(4, 4, 8, 8), 2);
        float[][] x = Vectors(6, 7, 0), y = Vectors(6, 8, 1);
        FillScorer with = new(), without = new();
        for (int i = 0; i < 6; i++)
        {
            with.Add(truth, fill, Hole.Rectangle(new PixelRect(4, 4, 8, 8)), new PerceptualComparison(0.1 * i, x[i], y[i]));
            without.Add(truth, fill, Hole.Rectangle(new PixelRect(4, 4, 8, 8)));
        }

        FillScores scores = with.Result();
        Assert.Equal(0.25, scores["perceptual"]!.Value, 1e-12);
        Assert.Equal(KernelDiscrepancy.Of(x, y), scores["kid"]!.Value);
        Assert.Equal([0, 0.1, 0.2, 0.3, 0.4, 0.5], scores.PhotoDistances, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(["perceptual", "perceptual_interval", "kid", "kid_interval"],
            scores.ToJson().Select(p => p.Key).Except(without.Result().ToJson().Select(p => p.Key)));
        Assert.InRange(
            0.25, scores.Interval(Metric.Find("perceptual")!)!.Value.Low, scores.Interval(Metric.Find("perceptual")!)!.Value.High);
        Assert.Equal(["perceptual", "kid"], Metric.Columns(scores).Except(Metric.Columns(without.Result())).Select(m => m.Key));
    }

    /// <summary>Vectors of 4 sums of uniform numbers.</summary>
    private static float[][] Vectors(int count, int seed, float shift)
    {
        var random = new SplitMix64((ulong)seed);
        var vectors = new float[count][];
        for (int i = 0; i < count; i++)
        {
            vectors[i] = new float[4];
            for (int c = 0; c < 4; c++)
            {
                vectors[i][c] = shift + random.Between(-1, 1) + random.Between(-1, 1);
            }
        }

        return vectors;
    }
}
