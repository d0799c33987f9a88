namespace Inpaint.Evaluation.Perception;

/// <summary>
/// The part of a photo that the perceptual network sees. The hole's bounding box grows by half its width on the left and right and half its
/// height above and below, then to at least 128x128 pixels, and is moved into the photo, or cut where the photo is smaller. A part longer
/// than 384 pixels is scaled down to that; one narrower than 128 is scaled up to that, as far as its length stays below 384. The network
/// needs multiples of 32: the last column and row are repeated.
/// </summary>
/// <param name="Part">The part in pixels of the photo.</param>
/// <param name="Width">Its columns after scaling.</param>
/// <param name="Height">Its rows after scaling.</param>
internal sealed record PerceptualCrop(PixelRect Part, int Width, int Height)
{
    private const int SmallestSide = 128, LongestSide = 384, Multiple = 32;

    /// <summary>Columns with the repeated ones.</summary>
    public int PaddedWidth => Padded(Width);

    /// <summary>Rows with the repeated ones.</summary>
    public int PaddedHeight => Padded(Height);

    /// <summary>The crop of a photo.</summary>
    /// <param name="hole">The bounding box of the hidden pixels, inside the photo.</param>
    /// <param name="photoWidth">The photo's columns.</param>
    /// <param name="photoHeight">The photo's rows.</param>
    public static PerceptualCrop Of(PixelRect hole, int photoWidth, int photoHeight)
    {
        (int x, int width) = Grow(hole.X, hole.Width, photoWidth);
        (int y, int height) = Grow(hole.Y, hole.Height, photoHeight);
        int shorter = Math.Min(width, height), longer = Math.Max(width, height);
        double most = (double)LongestSide / longer, scale = Math.Min(most, Math.Max(1, (double)SmallestSide / shorter));
        return new PerceptualCrop(new PixelRect(x, y, width, height), Scaled(width, scale), Scaled(height, scale));
    }

    /// <summary>Writes the crop of a photo as blue, green and red planes, less the mean.</summary>
    public void Write(Photo photo, Span<float> planes)
    {
        Photo part = photo.Crop(Part);
        Photo scaled = part.Width == Width && part.Height == Height ? part : WindowSampler.Resize(part, Width, Height);
        int size = PaddedWidth * PaddedHeight;
        for (int y = 0, i = 0; y < PaddedHeight; y++)
        {
            ReadOnlySpan<byte> row = scaled.Pixels.Slice(4 * Math.Min(y, Height - 1) * Width, 4 * Width);
            for (int x = 0; x < PaddedWidth; x++, i++)
            {
                ReadOnlySpan<byte> pixel = row.Slice(4 * Math.Min(x, Width - 1), 3);
                for (int c = 0; c < 3; c++)
                {
                    planes[(c * size) + i] = pixel[2 - c] - PerceptualNetwork.Mean[c];
                }
            }
        }
    }

    private static (int Start, int Length) Grow(int start, int length, int limit)
    {
        int grown = Math.Min(limit, Math.Max(SmallestSide, length + (2 * (length / 2))));
        return (Math.Clamp(start + ((length - grown) / 2), 0, limit - grown), grown);
    }

    private static int Scaled(int side, double scale) => Math.Max(1, (int)Math.Round(side * scale));

    private static int Padded(int side) => (side + Multiple - 1) / Multiple * Multiple;
}
