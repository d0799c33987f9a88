using System.Runtime.InteropServices;
using SkiaSharp;

namespace Inpaint.Photos;

/// <summary>Rotates and mirrors decoded pixels according to the EXIF orientation.</summary>
internal static class Orientation
{
    private const int TileSide = 32; // a source tile and a target tile fit into the L1 cache together

    public static Photo Apply(Photo stored, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.Default or SKEncodedOrigin.TopLeft)
        {
            return stored;
        }

        // The index of the stored pixel that is displayed at (0, 0), and the strides from it to the next displayed column and row.
        int w = stored.Width, h = stored.Height, right = w - 1, bottom = w * (h - 1);
        (int first, int column, int row, bool transposed) = origin switch
        {
            SKEncodedOrigin.TopRight => (right, -1, w, false),
            SKEncodedOrigin.BottomRight => (right + bottom, -1, -w, false),
            SKEncodedOrigin.BottomLeft => (bottom, 1, -w, false),
            SKEncodedOrigin.LeftTop => (0, w, 1, true),
            SKEncodedOrigin.RightTop => (bottom, -w, 1, true),
            SKEncodedOrigin.RightBottom => (right + bottom, -w, -1, true),
            SKEncodedOrigin.LeftBottom => (right, w, -1, true),
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "Expected one of the eight EXIF orientations."),
        };
        int width = transposed ? h : w, height = transposed ? w : h;
        var upright = new Photo(width, height, GC.AllocateUninitializedArray<byte>(stored.Pixels.Length));
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<byte, uint>((ReadOnlySpan<byte>)stored.Pixels);
        Span<uint> to = MemoryMarshal.Cast<byte, uint>(upright.Pixels);
        for (int top = 0; top < height; top += TileSide)
        {
            for (int left = 0; left < width; left += TileSide)
            {
                for (int y = top; y < Math.Min(height, top + TileSide); y++)
                {
                    Span<uint> line = to[((y * width) + left)..((y * width) + Math.Min(width, left + TileSide))];
                    int source = first + (y * row) + (left * column);
                    for (int x = 0; x < line.Length; x++, source += column)
                    {
                        line[x] = from[source];
                    }
                }
            }
        }

        return upright;
    }
}
