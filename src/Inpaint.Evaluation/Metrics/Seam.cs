namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Absolute steps, each channel, from a known pixel to the hidden one beside, above or below it, summed over all photos: fill over truth.
/// Where the hole meets the photo's edge there is no step.
/// </summary>
internal sealed class Seam()
    : Metric(202, "seam", "step across the hole's edge over the photo's: 1 is as smooth", direction: MetricDirection.CloserToOne)
{
    internal override IMetricAccumulator Start() => new RatioAccumulator(Measure);

    private static (double Sum, double Weight) Measure(FilledPhoto photo)
    {
        PixelRect bounds = photo.Hole.Bounds, all = new(0, 0, photo.Truth.Width, photo.Truth.Height);
        long fill = 0, truth = 0;
        for (int y = bounds.Y; y < bounds.Bottom; y++)
        {
            for (int x = bounds.X; x < bounds.Right; x++)
            {
                if (photo.Hole.IsHidden(x, y))
                {
                    Add(x, y, x - 1, y);
                    Add(x, y, x + 1, y);
                    Add(x, y, x, y - 1);
                    Add(x, y, x, y + 1);
                }
            }
        }

        return (fill, truth);

        void Add(int x, int y, int knownX, int knownY)
        {
            if (all.Contains(knownX, knownY) && !photo.Hole.IsHidden(knownX, knownY))
            {
                fill += FilledPhoto.Difference(photo.Completed, x, y, photo.Completed, knownX, knownY);
                truth += FilledPhoto.Difference(photo.Truth, x, y, photo.Truth, knownX, knownY);
            }
        }
    }
}
