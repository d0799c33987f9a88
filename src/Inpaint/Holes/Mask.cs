using System.Text.Json.Serialization;
using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>Which colour of a mask picture marks the hole.</summary>
public enum MaskPolarity
{
    /// <summary>White pixels are hidden, black pixels known.</summary>
    [JsonStringEnumMemberName("white")]
    WhiteIsHole,

    /// <summary>Black pixels are hidden, white pixels known.</summary>
    [JsonStringEnumMemberName("black")]
    BlackIsHole,
}

/// <summary>The hidden pixels of a photo: one byte per pixel, 255 hidden and 0 known, rows top to bottom without padding.</summary>
public sealed class Mask
{
    private readonly byte[] _pixels;

    /// <summary>A mask that hides nothing.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public Mask(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Width = width;
        Height = height;
        _pixels = new byte[checked(width * height)];
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The bytes; pixel (x, y) is at <c>y * Width + x</c>. Write only 0 and 255; any non-zero value counts as hidden.</summary>
    public Span<byte> Pixels => _pixels;

    /// <summary>The array behind <see cref="Pixels"/>.</summary>
    public byte[] Array => _pixels;

    /// <summary>The bounding box of the hidden pixels; <c>default</c> if none is hidden. Computed on every call, in one pass.</summary>
    public PixelRect Bounds => BoundsWithin(new PixelRect(0, 0, Width, Height));

    /// <summary>
    /// Thresholds a picture: pixels of luma 128 or more (ITU-R BT.601, computed on the sRGB bytes) are white, the others black.
    /// </summary>
    /// <param name="picture">A picture of the photo's size.</param>
    /// <param name="polarity">Which of the two marks the hole. Default white.</param>
    public static Mask FromPhoto(Photo picture, MaskPolarity polarity = MaskPolarity.WhiteIsHole)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var mask = new Mask(picture.Width, picture.Height);
        byte white = polarity == MaskPolarity.WhiteIsHole ? (byte)255 : (byte)0;
        ReadOnlySpan<byte> rgba = picture.Pixels;
        Span<byte> hidden = mask.Pixels;
        for (int i = 0; i < hidden.Length; i++, rgba = rgba[4..])
        {
            bool isWhite = (299 * rgba[0]) + (587 * rgba[1]) + (114 * rgba[2]) >= 128_000;
            hidden[i] = isWhite ? white : (byte)~white;
        }

        return mask;
    }

    /// <summary>A mask that hides one rectangle, clipped to the mask.</summary>
    public static Mask Rectangle(int width, int height, PixelRect hole)
    {
        var mask = new Mask(width, height);
        PixelRect inside = hole.Intersect(new PixelRect(0, 0, width, height));
        for (int y = inside.Y; y < inside.Bottom && !inside.IsEmpty; y++)
        {
            mask.Row(y).Slice(inside.X, inside.Width).Fill(255);
        }

        return mask;
    }

    /// <summary>The bounding box of the hidden pixels in an area of the mask; <c>default</c> if none is hidden.</summary>
    internal PixelRect BoundsWithin(PixelRect area)
    {
        int top = -1, bottom = -1, left = area.Width, right = -1;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            ReadOnlySpan<byte> row = Row(y).Slice(area.X, area.Width);
            int first = row.IndexOfAnyExcept((byte)0);
            if (first >= 0)
            {
                top = top < 0 ? y : top;
                bottom = y;
                left = Math.Min(left, first);
                right = Math.Max(right, row.LastIndexOfAnyExcept((byte)0));
            }
        }

        return top < 0 ? default : new PixelRect(area.X + left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>The bytes of row <paramref name="y"/>.</summary>
    public Span<byte> Row(int y) => _pixels.AsSpan(y * Width, Width);

    /// <summary>Hides every pixel, or none of them.</summary>
    public void Fill(bool hidden) => _pixels.AsSpan().Fill(hidden ? (byte)255 : (byte)0);
}
