namespace Inpaint.Evaluation.Metrics;

/// <summary>Mean squared error over all hidden pixels and channels of all photos, of values in 0..1.</summary>
internal class HoleMse : RatioMetric
{
    public override string Key => "hole_mse";

    public override string Meaning => "mean squared error in the hole, pixels in 0..1";

    public override string Format => "0.00000";

    internal override int Order => 0;

    protected override (double Sum, double Weight) Measure(FilledPhoto photo) =>
        (photo.SquaredError, FilledPhoto.Range * 3 * photo.HiddenPixels);
}

/// <summary>The PSNR of the pooled error, in dB: the headline.</summary>
internal sealed class HolePsnr : HoleMse
{
    public override string Key => "hole_psnr";

    public override string Meaning => "the same in dB: higher is better";

    public override string Format => "0.00";

    public override MetricDirection Direction => MetricDirection.Higher;

    internal override int Order => 1;

    protected override double Finish(double ratio) => FilledPhoto.ToPsnr(ratio);
}

/// <summary>Mean of the photos' own PSNRs, in dB: higher than <see cref="HolePsnr"/> and not comparable with it.</summary>
internal sealed class HolePsnrMean : RatioMetric
{
    public override string Key => "hole_psnr_mean";

    public override string Title => "psnr mean";

    public override string Meaning => "mean of the photos' own PSNRs, in dB";

    public override string Format => "0.00";

    public override MetricDirection Direction => MetricDirection.Higher;

    internal override int Order => 2;

    protected override (double Sum, double Weight) Measure(FilledPhoto photo) => (photo.Psnr, 1);
}

/// <summary>Mean absolute error over all hidden pixels and channels of all photos, in per cent of the full range.</summary>
internal sealed class HoleL1 : RatioMetric
{
    public override string Key => "hole_l1";

    public override string Title => "l1 %";

    public override string Meaning => "mean absolute error in the hole, % of the range";

    public override string Format => "0.00";

    internal override int Order => 3;

    protected override (double Sum, double Weight) Measure(FilledPhoto photo)
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
internal sealed class WholePsnr : RatioMetric
{
    public override string Key => "whole_psnr";

    public override string Meaning => "PSNR of the whole photos, in dB";

    public override string Format => "0.00";

    public override MetricDirection Direction => MetricDirection.Higher;

    public override bool InTable => false;

    internal override int Order => 5;

    protected override (double Sum, double Weight) Measure(FilledPhoto photo) =>
        (photo.SquaredError, FilledPhoto.Range * 3 * photo.Truth.Width * photo.Truth.Height);

    protected override double Finish(double ratio) => FilledPhoto.ToPsnr(ratio);
}
