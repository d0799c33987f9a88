using Inpaint.Holes;
using Inpaint.Photos;

namespace Inpaint.Evaluation.Metrics;

/// <summary>How far one fill is from what the hole hides. For the figures of many photos there is <see cref="FillScorer"/>.</summary>
public static class HoleError
{
    /// <summary>Mean squared error over the hidden pixels, all three channels, of values in 0..1.</summary>
    /// <param name="truth">The photo as it was.</param>
    /// <param name="completed">The same photo with its hole filled.</param>
    /// <param name="hole">The hidden pixels: at least one, inside the photo.</param>
    /// <exception cref="ArgumentException">The photos' sizes differ, or the hole is empty.</exception>
    /// <exception cref="PhotoException">The hole leaves the photo.</exception>
    public static double MeanSquared(Photo truth, Photo completed, Hole hole)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(completed);
        ArgumentNullException.ThrowIfNull(hole);
        if ((truth.Width, truth.Height) != (completed.Width, completed.Height))
        {
            throw new ArgumentException($"The completed photo has {completed.Width}x{completed.Height} pixels, the truth {truth.Width}x{truth.Height}; expected the same.", nameof(completed));
        }

        if (hole.IsEmpty)
        {
            throw new ArgumentException("The hole is empty; expected at least one hidden pixel.", nameof(hole));
        }

        hole.CheckFits(truth);
        PixelRect bounds = hole.Bounds;
        (long squares, long pixels) = (0, 0);
        for (int y = bounds.Y; y < bounds.Bottom; y++)
        {
            int start = 4 * ((y * truth.Width) + bounds.X);
            ReadOnlySpan<byte> a = truth.Pixels.Slice(start, 4 * bounds.Width), b = completed.Pixels.Slice(start, 4 * bounds.Width);
            for (int x = 0; x < bounds.Width; x++)
            {
                if (hole.IsHidden(bounds.X + x, y))
                {
                    int red = a[4 * x] - b[4 * x], green = a[(4 * x) + 1] - b[(4 * x) + 1], blue = a[(4 * x) + 2] - b[(4 * x) + 2];
                    squares += (red * red) + (green * green) + (blue * blue);
                    pixels++;
                }
            }
        }

        return squares / (3.0 * pixels * 255 * 255);
    }
}
