using Inpaint.Evaluation.Metrics;

namespace Inpaint.Tests.Metrics;

public sealed class PairedBootstrapTests
{
    private static readonly double[] A = [0.10, 0.30, 0.20, 0.55, 0.40, 0.05, 0.90], B = [0.05, 0.35, 0.10, 0.40, 0.45, 0.00, 0.60];

    /// <summary>The expected intervals are from an independent implementation in another language.</summary>
    [Theory]
    [InlineData(2000, 1UL, 0, 0.16428571428571434)]
    [InlineData(101, 7UL, -0.01785714285714285, 0.1678571428571429)]
    public void The_interval_is_the_same_on_every_machine(int resamples, ulong seed, double low, double high)
    {
        BootstrapInterval interval = PairedBootstrap.Interval(A, B, resamples, seed);
        Assert.Equal(0.55 / 7, interval.Difference, 1e-12);
        Assert.Equal(low, interval.Low, 1e-12);
        Assert.Equal(high, interval.High, 1e-12);
    }

    [Fact]
    public void Photos_are_drawn_in_pairs()
    {
        // The values vary a lot, their differences not at all.
        double[] a = [1, 100, 5, 70], b = [0, 99, 4, 69];
        Assert.Equal(new BootstrapInterval(1, 1, 1), PairedBootstrap.Interval(a, b));
    }

    [Fact]
    public void With_many_photos_the_interval_is_that_of_the_normal_distribution()
    {
        var random = new Random(1);
        double[] a = [.. Enumerable.Range(0, 2000).Select(_ => random.NextDouble())], b = new double[2000];
        double half = 1.96 * Math.Sqrt(1.0 / 12 / 2000);
        BootstrapInterval interval = PairedBootstrap.Interval(a, b);
        Assert.Equal(interval.Difference - half, interval.Low, 0.1 * half);
        Assert.Equal(interval.Difference + half, interval.High, 0.1 * half);
    }

    [Fact]
    public void Values_of_different_photos_are_an_error()
    {
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Interval([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Interval([], []));
    }
}
