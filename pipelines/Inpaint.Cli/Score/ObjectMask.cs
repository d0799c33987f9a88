namespace Inpaint.Cli.Score;

/// <summary>Masks that hide the object of a photo, for photos that can be drawn without it.</summary>
internal static class ObjectMask
{
    /// <summary>Pixels added on each side: this part of the photo's longer side, at least 1.</summary>
    private const int Margin = 64;

    /// <summary>
    /// A mask picture, white where hidden: all pixels in which the photo differs from the same photo without its object (so the shadow and
    /// the reflection too), and those around them.
    /// </summary>
    public static Photo Draw(PhotoRecord record)
    {
        Mask mask = Of(record);
        return MaskSource.Draw(Hole.FromMask(mask), mask.Width, mask.Height);
    }

    /// <summary>The same as a mask.</summary>
    public static Mask Of(PhotoRecord record)
    {
        Photo photo = record.Decode(), without = record.DrawWithoutObject!();
        var differs = new Mask(photo.Width, photo.Height);
        Span<byte> hidden = differs.Pixels;
        for (int i = 0; i < hidden.Length; i++)
        {
            hidden[i] = photo.Pixels.Slice(4 * i, 4).SequenceEqual(without.Pixels.Slice(4 * i, 4)) ? (byte)0 : (byte)255;
        }

        return Grow(differs, Math.Max(1, Math.Max(photo.Width, photo.Height) / Margin));
    }

    private static Mask Grow(Mask mask, int margin)
    {
        var grown = new Mask(mask.Width, mask.Height);
        for (int y = 0; y < mask.Height; y++)
        {
            ReadOnlySpan<byte> row = mask.Row(y);
            for (int x = row.IndexOf((byte)255); x >= 0 && x < row.Length; x++)
            {
                // Only pixels at the edge of the object add something to it.
                bool inside = x > 0 && x < row.Length - 1 && row[x - 1] != 0 && row[x + 1] != 0
                    && y > 0 && y < mask.Height - 1 && mask.Row(y - 1)[x] != 0 && mask.Row(y + 1)[x] != 0;
                if (inside)
                {
                    grown.Row(y)[x] = 255;
                }
                else if (row[x] != 0)
                {
                    Disc(grown, x, y, margin);
                }
            }
        }

        return grown;
    }

    private static void Disc(Mask mask, int x, int y, int radius)
    {
        for (int dy = Math.Max(-radius, -y); dy <= Math.Min(radius, mask.Height - 1 - y); dy++)
        {
            int half = (int)Math.Sqrt((radius * radius) - (dy * dy));
            int left = Math.Max(0, x - half);
            mask.Row(y + dy)[left..Math.Min(mask.Width, x + half + 1)].Fill(255);
        }
    }
}
