namespace Inpaint.Benchmarks;

/// <summary>What one contender did in one pass.</summary>
/// <param name="Rows">Photos that came out.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="CpuSeconds">Time of all cores in this contender's process.</param>
/// <param name="PeakBytes">The most memory that its process has held so far.</param>
internal sealed record Pass(int Rows, double Seconds, double CpuSeconds, long PeakBytes)
{
    /// <summary>The 50th, 95th and 99th percentile of the rows' times, in milliseconds; null where rows are not timed.</summary>
    public IReadOnlyList<double>? Percentiles { get; init; }

    public double PhotosPerSecond => Rows / Seconds;

    public double CpuMicrosecondsAPhoto => 1e6 * CpuSeconds / Rows;
}

/// <summary>All passes of one contender over the same files with the same graph.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="Passes">In order; the same place in two series was measured one after the other.</param>
internal sealed record Series(string Contender, IReadOnlyList<Pass> Passes)
{
    public double PhotosPerSecond => Median(Passes.Select(p => p.PhotosPerSecond));

    public double MicrosecondsAPhoto => Median(Passes.Select(p => 1e6 * p.Seconds / p.Rows));

    public double CpuMicrosecondsAPhoto => Median(Passes.Select(p => p.CpuMicrosecondsAPhoto));

    public double PeakMegabytes => Passes.Max(p => p.PeakBytes) / 1048576.0;

    /// <summary>How many times as fast as another, as the median over passes that were neighbours in time.</summary>
    public double SpeedOver(Series other) => Median(Passes.Zip(other.Passes, (mine, others) => mine.PhotosPerSecond / others.PhotosPerSecond));

    /// <summary>The same by time on the cores: less the worse for what other programs do meanwhile.</summary>
    public double CpuSpeedOver(Series other) => Median(Passes.Zip(other.Passes, (mine, others) => others.CpuMicrosecondsAPhoto / mine.CpuMicrosecondsAPhoto));

    /// <summary>Medians over the passes of each percentile.</summary>
    public IReadOnlyList<double>? Percentiles => Passes[0].Percentiles is { } first ? [.. first.Select((_, i) => Median(Passes.Select(p => p.Percentiles![i])))] : null;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
