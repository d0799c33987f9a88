namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Mean absolute difference between fills of different photos over that between their truths. All pairs of n photos would be n²: each
/// photo is compared with the 8 before it, over the pixels that both holes hide when the corners of their bounding boxes are aligned.
/// </summary>
internal sealed class Spread()
    : Metric(203, "spread", "how much fills differ over how much photos do: near 0 is one fill for all",
        direction: MetricDirection.CloserToOne)
{
    private const int Neighbours = 8;

    internal override IMetricAccumulator Start()
    {
        var previous = new Queue<HoleCrop>(Neighbours);
        return new RatioAccumulator(photo =>
        {
            var current = new HoleCrop(photo.Truth.Crop(photo.Hole.Bounds), photo.Completed.Crop(photo.Hole.Bounds), photo.Hole);
            (double fill, double truth) = (0, 0);
            foreach (HoleCrop earlier in previous)
            {
                (long fillDifference, long truthDifference) = Compare(current, earlier);
                fill += fillDifference;
                truth += truthDifference;
            }

            if (previous.Count == Neighbours)
            {
                previous.Dequeue();
            }

            previous.Enqueue(current);
            return (fill, truth);
        });
    }

    private static (long Fill, long Truth) Compare(HoleCrop a, HoleCrop b)
    {
        (long fill, long truth) = (0, 0);
        for (int y = 0; y < Math.Min(a.Truth.Height, b.Truth.Height); y++)
        {
            for (int x = 0; x < Math.Min(a.Truth.Width, b.Truth.Width); x++)
            {
                if (a.IsHidden(x, y) && b.IsHidden(x, y))
                {
                    fill += FilledPhoto.Difference(a.Fill, x, y, b.Fill, x, y);
                    truth += FilledPhoto.Difference(a.Truth, x, y, b.Truth, x, y);
                }
            }
        }

        return (fill, truth);
    }

    private sealed record HoleCrop(Photo Truth, Photo Fill, Hole Hole)
    {
        public bool IsHidden(int x, int y) => Hole.IsHidden(Hole.Bounds.X + x, Hole.Bounds.Y + y);
    }
}
