using System.Runtime.InteropServices;

namespace Inpaint.Evaluation.Baselines;

/// <summary>The simplest baseline: the hole in one colour, the mean of the known pixels along its edge.</summary>
public static class BorderMeanFill
{
    /// <summary>
    /// Fills the hole, in place, with the mean colour of the known pixels that share a side with a hidden one (128 pixels for a rectangle
    /// of 32x32), rounded to the nearest 8-bit value, halves up.
    /// </summary>
    /// <param name="photo">The photo; the content of the hole is not read.</param>
    /// <param name="hole">The pixels to fill.</param>
    /// <exception cref="PhotoException">The hole does not fit the photo.</exception>
    /// <exception cref="ArgumentException">The hole is empty or covers the whole photo.</exception>
    public static void Apply(Photo photo, Hole hole)
    {
        HoleChecks.RequireFillable(photo, hole);
        Span<long> sums = stackalloc long[3];
        long count = 0;
        PixelRect bounds = hole.Bounds;
        PixelRect ring = new PixelRect(bounds.X - 1, bounds.Y - 1, bounds.Width + 2, bounds.Height + 2)
            .Intersect(new PixelRect(0, 0, photo.Width, photo.Height));
        for (int y = ring.Y; y < ring.Bottom; y++)
        {
            for (int x = ring.X; x < ring.Right; x++)
            {
                if (!hole.IsHidden(x, y)
                    && (hole.IsHidden(x - 1, y) || hole.IsHidden(x + 1, y) || hole.IsHidden(x, y - 1) || hole.IsHidden(x, y + 1)))
                {
                    ReadOnlySpan<byte> pixel = photo.Pixels.Slice(4 * ((y * photo.Width) + x), 3);
                    for (int c = 0; c < 3; c++)
                    {
                        sums[c] += pixel[c];
                    }

                    count++;
                }
            }
        }

        Span<byte> mean = [0, 0, 0, 255];
        for (int c = 0; c < 3; c++)
        {
            mean[c] = (byte)(((2 * sums[c]) + count) / (2 * count));
        }

        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(photo.Pixels);
        uint colour = MemoryMarshal.Read<uint>(mean);
        for (int y = bounds.Y; y < bounds.Bottom; y++)
        {
            for (int x = bounds.X; x < bounds.Right; x++)
            {
                pixels[(y * photo.Width) + x] = hole.IsHidden(x, y) ? colour : pixels[(y * photo.Width) + x];
            }
        }
    }
}

/// <summary>What both baselines require of a hole.</summary>
internal static class HoleChecks
{
    public static void RequireFillable(Photo photo, Hole hole)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(hole);
        hole.CheckFits(photo);
        if (hole.IsEmpty)
        {
            throw new ArgumentException("The hole is empty; expected at least one hidden pixel.", nameof(hole));
        }

        if (hole.HidesAllOf(photo))
        {
            throw new ArgumentException("The hole covers the whole photo, so no known pixel is left; expected a smaller hole.",
                nameof(hole));
        }
    }
}
