namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Absolute forward differences in x and y, each channel, between pixels that are both hidden, summed over all photos: fill over truth.
/// </summary>
internal sealed class Sharpness()
    : Metric(200, "sharpness", "detail of the fill over that of the photo: 1 is as sharp", direction: MetricDirection.CloserToOne,
        chartTitle: "Sharpness: 1 is as sharp as the photos")
{
    internal override IMetricAccumulator Start() => new RatioAccumulator(Measure);

    private static (double Sum, double Weight) Measure(FilledPhoto photo)
    {
        PixelRect bounds = photo.Hole.Bounds;
        long fill = 0, truth = 0;
        for (int y = bounds.Y; y < bounds.Bottom; y++)
        {
            for (int x = bounds.X; x < bounds.Right; x++)
            {
                if (photo.Hole.IsHidden(x, y))
                {
                    Add(x, y, x + 1, y);
                    Add(x, y, x, y + 1);
                }
            }
        }

        return (fill, truth);

        void Add(int x, int y, int nextX, int nextY)
        {
            if (photo.Hole.IsHidden(nextX, nextY))
            {
                fill += FilledPhoto.Difference(photo.Completed, x, y, photo.Completed, nextX, nextY);
                truth += FilledPhoto.Difference(photo.Truth, x, y, photo.Truth, nextX, nextY);
            }
        }
    }
}
