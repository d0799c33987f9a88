using System.Runtime.InteropServices;
using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>The hidden pixels of one photo: a rectangle, or those that a mask hides within <see cref="Bounds"/>.</summary>
public sealed class Hole
{
    private Hole(PixelRect bounds, Mask? mask)
    {
        Bounds = bounds;
        Mask = mask;
    }

    /// <summary>The bounding box of the hidden pixels; empty if none is hidden.</summary>
    public PixelRect Bounds { get; }

    /// <summary>
    /// The mask that specifies which pixels within <see cref="Bounds"/> are hidden, of the photo's size; null if all of them are. Its
    /// pixels outside the bounds are ignored.
    /// </summary>
    public Mask? Mask { get; }

    /// <summary>Whether no pixel is hidden.</summary>
    public bool IsEmpty => Bounds.IsEmpty;

    /// <summary>A rectangular hole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle is empty, or x or y is negative.</exception>
    public static Hole Rectangle(PixelRect hole) => hole.IsEmpty || hole.X < 0 || hole.Y < 0
        ? throw new ArgumentOutOfRangeException(nameof(hole), hole, "Expected at least 1x1 pixels, with x and y at least 0.")
        : new Hole(hole, null);

    /// <summary>The pixels that a mask hides. The mask is not copied: do not change it while the hole is in use.</summary>
    public static Hole FromMask(Mask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return new Hole(mask.Bounds, mask);
    }

    /// <summary>
    /// The centre half of the centred square: with side = min(width, height), the hole starts side/4 from the square's corner and is side/2
    /// wide and high (integer divisions).
    /// </summary>
    /// <exception cref="PhotoException">The photo's shorter side is less than 2.</exception>
    public static Hole Default(int photoWidth, int photoHeight)
    {
        PixelRect window = HoleWindows.DefaultWindow(photoWidth, photoHeight);
        int side = window.Width;
        return side < 2
            ? throw new PhotoException(
                $"A photo of {photoWidth}x{photoHeight} pixels has no centre to hide; expected at least 2x2. "
                + "Use a larger photo, or a mask.")
            : Rectangle(new PixelRect(window.X + (side / 4), window.Y + (side / 4), side / 2, side / 2));
    }

    /// <summary>Whether every pixel of the photo is hidden, so that there is nothing to complete it from.</summary>
    public bool HidesAllOf(Photo photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        return Bounds == new PixelRect(0, 0, photo.Width, photo.Height) && (Mask is null || !Mask.Pixels.Contains((byte)0));
    }

    /// <summary>Whether the pixel at column <paramref name="x"/> and row <paramref name="y"/> is hidden; false outside the photo.</summary>
    public bool IsHidden(int x, int y) => Bounds.Contains(x, y) && (Mask is null || Mask.Pixels[(y * Mask.Width) + x] != 0);

    /// <summary>Throws if the hole does not fit the photo.</summary>
    /// <exception cref="PhotoException">The mask and the photo differ in size, or the rectangle extends beyond the photo.</exception>
    public void CheckFits(Photo photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        if (Mask is not null && (Mask.Width != photo.Width || Mask.Height != photo.Height))
        {
            throw new PhotoException(
                $"The mask has {Mask.Width}x{Mask.Height} pixels; expected {photo.Width}x{photo.Height}, the photo's size. "
                + "Scale the mask to the photo's size, or use the mask that belongs to it.");
        }

        if (Bounds.Right > photo.Width || Bounds.Bottom > photo.Height)
        {
            throw new PhotoException(
                $"The hole covers columns {Bounds.X} to {Bounds.Right - 1} and rows {Bounds.Y} to {Bounds.Bottom - 1}; "
                + $"expected a hole inside the {photo.Width}x{photo.Height} photo. Make the hole smaller or move it.");
        }
    }

    /// <summary>The hidden pixels within <paramref name="area"/>, as a hole with exactly these bounds.</summary>
    internal Hole Within(PixelRect area) => new(area, Mask);

    /// <summary>Whether every pixel within the bounds is hidden.</summary>
    internal bool IsFullRectangle()
    {
        if (Mask is null)
        {
            return true;
        }

        for (int y = Bounds.Y; y < Bounds.Bottom; y++)
        {
            if (Mask.Row(y).Slice(Bounds.X, Bounds.Width).Contains((byte)0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The next run of hidden pixels in row <paramref name="y"/> between columns <paramref name="from"/> and <paramref name="to"/>
    /// (exclusive); its length is 0 if none.
    /// </summary>
    internal (int Start, int Length) NextRun(int y, int from, int to)
    {
        from = Math.Max(from, Bounds.X);
        to = Math.Min(to, Bounds.Right);
        if (from >= to || y < Bounds.Y || y >= Bounds.Bottom)
        {
            return default;
        }

        if (Mask is null)
        {
            return (from, to - from);
        }

        ReadOnlySpan<byte> row = Mask.Row(y)[from..to];
        int start = row.IndexOfAnyExcept((byte)0);
        if (start < 0)
        {
            return default;
        }

        int length = row[start..].IndexOf((byte)0);
        return (from + start, length < 0 ? row.Length - start : length);
    }

    /// <summary>
    /// Zeroes all four bytes of the hidden pixels in a part of row <paramref name="y"/> that starts at column <paramref name="x"/>.
    /// </summary>
    internal void Clear(Span<byte> rgba, int x, int y)
    {
        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(rgba);
        int end = x + pixels.Length;
        for (var (start, length) = NextRun(y, x, end); length > 0; (start, length) = NextRun(y, start + length, end))
        {
            pixels.Slice(start - x, length).Clear();
        }
    }
}
