using System.Buffers;
using System.Runtime.InteropServices;
using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>Prepares a scaled window for a graph whose hole is always the same rectangle.</summary>
public static class FixedHole
{
    /// <summary>
    /// Hides exactly <paramref name="hole"/>. A hidden pixel outside it (at the edge of a window whose side is not a multiple of 4, or
    /// beyond a photo whose edge is hidden) gets the colour of the nearest known pixel outside it (chessboard distance), so that the
    /// graph sees no black pixel where it expects a known one.
    /// </summary>
    /// <param name="picture">A window from <see cref="WindowSampler.Extract"/>; changed in place.</param>
    /// <param name="hidden">Its hidden pixels; afterwards 255 inside the hole and 0 elsewhere.</param>
    /// <param name="hole">The graph's hole, inside the picture.</param>
    /// <exception cref="ArgumentException">The sizes differ, or the hole extends beyond the picture.</exception>
    public static void Apply(Photo picture, Mask hidden, PixelRect hole)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(hidden);
        if (hidden.Width != picture.Width || hidden.Height != picture.Height)
        {
            throw new ArgumentException(
                $"A {hidden.Width}x{hidden.Height} mask for a {picture.Width}x{picture.Height} picture; expected equal sizes.",
                nameof(hidden));
        }

        if (hole.Intersect(new PixelRect(0, 0, picture.Width, picture.Height)) != hole)
        {
            throw new ArgumentException($"{hole} extends beyond the {picture.Width}x{picture.Height} picture.", nameof(hole));
        }

        if (HidesOutside(hidden, hole))
        {
            FillOutside(MemoryMarshal.Cast<byte, uint>(picture.Pixels), hidden, hole);
        }

        hidden.Fill(false);
        for (int y = hole.Y; y < hole.Bottom; y++)
        {
            hidden.Row(y).Slice(hole.X, hole.Width).Fill(255);
            MemoryMarshal.Cast<byte, uint>(picture.Pixels).Slice((y * picture.Width) + hole.X, hole.Width).Fill(PixelSums.Opaque);
        }
    }

    private static bool HidesOutside(Mask hidden, PixelRect hole)
    {
        for (int y = 0; y < hidden.Height; y++)
        {
            ReadOnlySpan<byte> row = hidden.Row(y);
            bool outside = y < hole.Y || y >= hole.Bottom
                ? row.ContainsAnyExcept((byte)0)
                : row[..hole.X].ContainsAnyExcept((byte)0) || row[hole.Right..].ContainsAnyExcept((byte)0);
            if (outside)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Spreads the known pixels outside the hole over all others, breadth first.</summary>
    private static void FillOutside(Span<uint> pixels, Mask hidden, PixelRect hole)
    {
        const int none = -1;
        int width = hidden.Width, height = hidden.Height, count = width * height;
        int[] rentedSources = ArrayPool<int>.Shared.Rent(count), rentedQueue = ArrayPool<int>.Shared.Rent(count);
        Span<int> source = rentedSources.AsSpan(0, count), queue = rentedQueue.AsSpan(0, count);
        int queued = 0;
        for (int i = 0; i < count; i++)
        {
            bool known = hidden.Pixels[i] == 0 && !hole.Contains(i % width, i / width);
            source[i] = known ? i : none;
            if (known)
            {
                queue[queued++] = i;
            }
        }

        for (int next = 0; next < queued; next++)
        {
            int x = queue[next] % width, y = queue[next] / width;
            for (int v = Math.Max(0, y - 1); v <= Math.Min(height - 1, y + 1); v++)
            {
                for (int u = Math.Max(0, x - 1); u <= Math.Min(width - 1, x + 1); u++)
                {
                    int neighbour = (v * width) + u;
                    if (source[neighbour] == none)
                    {
                        source[neighbour] = source[queue[next]];
                        pixels[neighbour] = pixels[source[neighbour]];
                        queue[queued++] = neighbour;
                    }
                }
            }
        }

        ArrayPool<int>.Shared.Return(rentedSources);
        ArrayPool<int>.Shared.Return(rentedQueue);
    }
}
