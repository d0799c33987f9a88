using Inpaint.Photos;

namespace Inpaint.Evaluation.Metrics;

/// <summary>Sums of absolute differences between neighbouring pixels, all three channels, in grey levels.</summary>
internal static class HoleDifferences
{
    /// <summary>Between horizontal and vertical neighbours that both lie in the hole.</summary>
    public static long Detail(Photo photo, PixelRect hole)
    {
        long sum = 0;
        for (int y = hole.Y; y < hole.Bottom; y++)
        {
            sum += Between(photo, hole.X, y, hole.X + 1, y, hole.Width - 1);
            if (y + 1 < hole.Bottom)
            {
                sum += Between(photo, hole.X, y, hole.X, y + 1, hole.Width);
            }
        }

        return sum;
    }

    /// <summary>Between the pixels just inside and just outside of the hole's edge; sides on the photo's edge add nothing.</summary>
    public static long Steps(Photo photo, PixelRect hole)
    {
        long sum = 0;
        if (hole.Y > 0)
        {
            sum += Between(photo, hole.X, hole.Y - 1, hole.X, hole.Y, hole.Width);
        }

        if (hole.Bottom < photo.Height)
        {
            sum += Between(photo, hole.X, hole.Bottom - 1, hole.X, hole.Bottom, hole.Width);
        }

        for (int y = hole.Y; y < hole.Bottom; y++)
        {
            if (hole.X > 0)
            {
                sum += Between(photo, hole.X - 1, y, hole.X, y, 1);
            }

            if (hole.Right < photo.Width)
            {
                sum += Between(photo, hole.Right - 1, y, hole.Right, y, 1);
            }
        }

        return sum;
    }

    /// <summary>Over two runs of pixels of a row each; the fourth byte of every pixel is 255 and adds nothing.</summary>
    private static long Between(Photo photo, int x, int y, int otherX, int otherY, int count)
    {
        ReadOnlySpan<byte> a = photo.Pixels.Slice(4 * (y * photo.Width + x), 4 * count);
        ReadOnlySpan<byte> b = photo.Pixels.Slice(4 * (otherY * photo.Width + otherX), 4 * count);
        long sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Abs(a[i] - b[i]);
        }

        return sum;
    }
}
