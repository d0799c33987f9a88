using System.Runtime.InteropServices;
using Inpaint.Photos;

namespace Inpaint.Evaluation.Metrics;

/// <summary>The simplest baseline: the hole in one colour, the mean of the known pixels along its edge.</summary>
public static class BorderMeanFill
{
    /// <summary>
    /// Fills the hole, in place, with the mean colour of the known pixels that share a side with it (a ring one pixel wide
    /// without its corners: 128 pixels for a hole of 32x32), rounded to the nearest 8-bit number, halves up.
    /// Sides of the hole on the photo's edge have no known pixels and do not count.
    /// </summary>
    /// <param name="photo">The photo; what stands in the hole is not read.</param>
    /// <param name="hole">At least one pixel, inside the photo, not all of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The hole is empty or leaves the photo.</exception>
    /// <exception cref="ArgumentException">The hole covers the whole photo.</exception>
    public static void Apply(Photo photo, PixelRect hole)
    {
        HoleChecks.RequireInside(photo, hole);
        Span<long> sums = stackalloc long[3];
        long count = 0;
        for (int x = hole.X; x < hole.Right; x++)
        {
            Count(photo, x, hole.Y - 1, sums, ref count);
            Count(photo, x, hole.Bottom, sums, ref count);
        }

        for (int y = hole.Y; y < hole.Bottom; y++)
        {
            Count(photo, hole.X - 1, y, sums, ref count);
            Count(photo, hole.Right, y, sums, ref count);
        }

        if (count == 0)
        {
            throw new ArgumentException("The hole covers the whole photo, so that no known pixel is left; expected a smaller hole.", nameof(hole));
        }

        Span<byte> mean = stackalloc byte[4];
        for (int c = 0; c < 3; c++)
        {
            mean[c] = (byte)((2 * sums[c] + count) / (2 * count));
        }

        mean[3] = 255;
        for (int y = hole.Y; y < hole.Bottom; y++)
        {
            Span<byte> row = photo.Pixels.Slice(4 * (y * photo.Width + hole.X), 4 * hole.Width);
            MemoryMarshal.Cast<byte, uint>(row).Fill(MemoryMarshal.Read<uint>(mean));
        }
    }

    private static void Count(Photo photo, int x, int y, Span<long> sums, ref long count)
    {
        if ((uint)x >= (uint)photo.Width || (uint)y >= (uint)photo.Height)
        {
            return;
        }

        ReadOnlySpan<byte> pixel = photo.Pixels.Slice(4 * (y * photo.Width + x), 3);
        for (int c = 0; c < 3; c++)
        {
            sums[c] += pixel[c];
        }

        count++;
    }
}
