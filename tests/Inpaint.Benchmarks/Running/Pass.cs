namespace Inpaint.Benchmarks;

/// <summary>The measurements of one pass of one contender.</summary>
/// <param name="Rows">Photos processed.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="CpuSeconds">CPU time of the contender's process, over all cores.</param>
/// <param name="PeakBytes">Peak memory of its process so far.</param>
internal sealed record Pass(int Rows, double Seconds, double CpuSeconds, long PeakBytes)
{
    /// <summary>Memory of its process after the pass, without garbage.</summary>
    public long HeldBytes { get; init; }

    /// <summary>The 50th, 95th and 99th percentile of the rows' times in milliseconds; null if rows are not timed.</summary>
    public IReadOnlyList<double>? Percentiles { get; init; }

    public double PhotosPerSecond => Rows / Seconds;

    public double CpuMicrosecondsPerPhoto => 1e6 * CpuSeconds / Rows;
}

/// <summary>All passes of one contender over the same files with the same graph.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="Passes">In order; passes with the same index in two series were measured one after the other.</param>
internal sealed record Series(string Contender, IReadOnlyList<Pass> Passes)
{
    public double PhotosPerSecond => Median(Passes.Select(p => p.PhotosPerSecond));

    public double MicrosecondsPerPhoto => Median(Passes.Select(p => 1e6 * p.Seconds / p.Rows));

    public double CpuMicrosecondsPerPhoto => Median(Passes.Select(p => p.CpuMicrosecondsPerPhoto));

    public double PeakMegabytes => Passes.Max(p => p.PeakBytes) / 1048576.0;

    /// <summary>The speed relative to another series, as the median over adjacent passes.</summary>
    public double SpeedOver(Series other) =>
        Median(Passes.Zip(other.Passes, (mine, others) => mine.PhotosPerSecond / others.PhotosPerSecond));

    /// <summary>The same by CPU time, which is less affected by other load.</summary>
    public double CpuSpeedOver(Series other) =>
        Median(Passes.Zip(other.Passes, (mine, others) => others.CpuMicrosecondsPerPhoto / mine.CpuMicrosecondsPerPhoto));

    /// <summary>The median of each percentile over all passes.</summary>
    public IReadOnlyList<double>? Percentiles => Passes[0].Percentiles is { } first
        ? [.. first.Select((_, i) => Median(Passes.Select(p => p.Percentiles![i])))]
        : null;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
