namespace Inpaint.Evaluation.Metrics;

/// <summary>Mean squared error over all hidden pixels and channels of all photos, of values in 0..1.</summary>
internal sealed class HoleMse() : Metric(0, "hole_mse", "mean squared error in the hole, pixels in 0..1", "0.00000")
{
    internal override IMetricAccumulator Start() => new RatioAccumulator(Measure);

    public static (double Sum, double Weight) Measure(FilledPhoto photo) =>
        (photo.SquaredError, FilledPhoto.Range * 3 * photo.HiddenPixels);
}

/// <summary>The PSNR of the pooled error, in dB: the headline.</summary>
internal sealed class HolePsnr() : Metric(1, "hole_psnr", "the same in dB: higher is better", "0.00", MetricDirection.Higher)
{
    internal override IMetricAccumulator Start() => new RatioAccumulator(HoleMse.Measure, FilledPhoto.ToPsnr);
}

/// <summary>Mean of the photos' own PSNRs, in dB: higher than <see cref="HolePsnr"/> and not comparable with it.</summary>
internal sealed class HolePsnrMean()
    : Metric(2, "hole_psnr_mean", "mean of the photos' own PSNRs, in dB", "0.00", MetricDirection.Higher, "psnr mean")
{
    internal override IMetricAccumulator Start() => new RatioAccumulator(photo => (photo.Psnr, 1));
}

/// <summary>Mean absolute error over all hidden pixels and channels of all photos, in per cent of the full range.</summary>
internal sealed class HoleL1() : Metric(3, "hole_l1", "mean absolute error in the hole, % of the range", "0.00", title: "l1 %")
{
    internal override IMetricAccumulator Start() => new RatioAccumulator(Measure);

    private static (double Sum, double Weight) Measure(FilledPhoto photo)
    {
        PixelRect bounds = photo.Hole.Bounds;
        long sum = 0;
        for (int y = bounds.Y; y < bounds.Bottom; y++)
        {
            for (int x = bounds.X; x < bounds.Right; x++)
            {
                sum += photo.Hole.IsHidden(x, y) ? FilledPhoto.Difference(photo.Truth, x, y, photo.Completed, x, y) : 0;
            }
        }

        return (100.0 * sum, 255.0 * 3 * photo.HiddenPixels);
    }
}

/// <summary>The PSNR of the pooled error over the whole photos, in dB.</summary>
internal sealed class WholePsnr()
    : Metric(5, "whole_psnr", "PSNR of the whole photos, in dB", "0.00", MetricDirection.Higher, inTable: false)
{
    internal override IMetricAccumulator Start() => new RatioAccumulator(
        photo => (photo.SquaredError, FilledPhoto.Range * 3 * photo.Truth.Width * photo.Truth.Height), FilledPhoto.ToPsnr);
}
