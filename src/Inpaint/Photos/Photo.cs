namespace Inpaint.Photos;

/// <summary>
/// A decoded picture: 8-bit sRGB, four bytes per pixel (red, green, blue, 255), rows top to bottom without padding.
/// Photos are opaque: decoding composites transparent pixels over a background colour.
/// </summary>
public sealed class Photo
{
    private readonly byte[] _pixels;

    /// <summary>A black photo.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public Photo(int width, int height) : this(width, height, new byte[checked(4 * RequirePositive(width) * RequirePositive(height))])
    {
        for (int i = 3; i < _pixels.Length; i += 4)
        {
            _pixels[i] = 255;
        }
    }

    /// <summary>Wraps <paramref name="rgba"/> without copying it; every fourth byte must be 255.</summary>
    /// <exception cref="ArgumentException">The length is not <c>4 * width * height</c>.</exception>
    public Photo(int width, int height, byte[] rgba)
    {
        ArgumentNullException.ThrowIfNull(rgba);
        if (rgba.Length != 4L * RequirePositive(width) * RequirePositive(height))
        {
            throw new ArgumentException(
                $"{rgba.Length} bytes for {width}x{height} pixels; expected {4L * width * height} (RGBA).", nameof(rgba));
        }

        Width = width;
        Height = height;
        _pixels = rgba;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The RGBA bytes; pixel (x, y) starts at <c>4 * (y * Width + x)</c>.</summary>
    public Span<byte> Pixels => _pixels;

    /// <summary>The array behind <see cref="Pixels"/>.</summary>
    public byte[] Array => _pixels;

    /// <summary>A deep copy.</summary>
    public Photo Clone() => new(Width, Height, (byte[])_pixels.Clone());

    /// <summary>A copy of the pixels in <paramref name="area"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The area is empty or extends beyond the photo.</exception>
    public Photo Crop(PixelRect area)
    {
        if (area.IsEmpty || area.Intersect(new PixelRect(0, 0, Width, Height)) != area)
        {
            throw new ArgumentOutOfRangeException(nameof(area), $"{area} is empty or extends beyond the {Width}x{Height} photo.");
        }

        var crop = new Photo(area.Width, area.Height);
        for (int y = 0; y < area.Height; y++)
        {
            _pixels.AsSpan(4 * ((area.Y + y) * Width + area.X), 4 * area.Width).CopyTo(crop.Pixels[(4 * y * area.Width)..]);
        }

        return crop;
    }

    private static int RequirePositive(int side) =>
        side > 0 ? side : throw new ArgumentOutOfRangeException(nameof(side), side, "A photo has at least one column and one row.");
}
