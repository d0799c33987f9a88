using System.Runtime.InteropServices;
using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>The hidden pixels of one photo: a rectangle, or whatever a mask hides within <see cref="Bounds"/>.</summary>
public sealed class Hole
{
    private Hole(PixelRect bounds, Mask? mask)
    {
        Bounds = bounds;
        Mask = mask;
    }

    /// <summary>The smallest rectangle that holds every hidden pixel, in the photo's pixels; empty when none is hidden.</summary>
    public PixelRect Bounds { get; }

    /// <summary>The mask of the photo's size that tells which pixels within <see cref="Bounds"/> are hidden; null when all of them are. What it says outside the bounds does not count.</summary>
    public Mask? Mask { get; }

    /// <summary>Whether no pixel is hidden.</summary>
    public bool IsEmpty => Bounds.IsEmpty;

    /// <summary>A hole of one rectangle.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle is empty or begins left of or above the photo.</exception>
    public static Hole Rectangle(PixelRect hole) => hole.IsEmpty || hole.X < 0 || hole.Y < 0
        ? throw new ArgumentOutOfRangeException(nameof(hole), hole, "A hole is at least one pixel wide and high and begins inside the photo (x and y from 0).")
        : new Hole(hole, null);

    /// <summary>The pixels that a mask hides. The mask is kept, not copied: leave it unchanged while the hole is used.</summary>
    public static Hole FromMask(Mask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return new Hole(mask.Bounds, mask);
    }

    /// <summary>The centre half of the centred square: side = min(width, height), the hole begins side/4 from the square's corner and is side/2 wide and high (whole divisions).</summary>
    /// <exception cref="PhotoException">The photo's shorter side is below 2, so that no pixel would be hidden.</exception>
    public static Hole Default(int photoWidth, int photoHeight)
    {
        PixelRect window = HoleWindows.DefaultWindow(photoWidth, photoHeight);
        int side = window.Width;
        return side < 2
            ? throw new PhotoException($"A photo of {photoWidth}x{photoHeight} pixels has no centre to hide; expected at least 2x2. Give a larger photo, or a mask.")
            : Rectangle(new PixelRect(window.X + (side / 4), window.Y + (side / 4), side / 2, side / 2));
    }

    /// <summary>Whether no pixel of the photo is left to complete it from.</summary>
    public bool HidesAllOf(Photo photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        return Bounds == new PixelRect(0, 0, photo.Width, photo.Height) && (Mask is null || !Mask.Pixels.Contains((byte)0));
    }

    /// <summary>Whether the pixel at column <paramref name="x"/> and row <paramref name="y"/> is hidden; never outside the photo.</summary>
    public bool IsHidden(int x, int y) => Bounds.Contains(x, y) && (Mask is null || Mask.Pixels[(y * Mask.Width) + x] != 0);

    /// <summary>Refuses a photo that the hole was not made for.</summary>
    /// <exception cref="PhotoException">The mask's size is not the photo's, or the rectangle leaves the photo.</exception>
    public void CheckFits(Photo photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        if (Mask is not null && (Mask.Width != photo.Width || Mask.Height != photo.Height))
        {
            throw new PhotoException($"The mask has {Mask.Width}x{Mask.Height} pixels; expected {photo.Width}x{photo.Height}, the photo's size. Scale the mask to the photo, or give the mask that belongs to it.");
        }

        if (Bounds.Right > photo.Width || Bounds.Bottom > photo.Height)
        {
            throw new PhotoException($"The hole covers columns {Bounds.X} to {Bounds.Right - 1} and rows {Bounds.Y} to {Bounds.Bottom - 1}; expected a hole inside the {photo.Width}x{photo.Height} photo. Make the hole smaller or move it.");
        }
    }

    /// <summary>The hidden pixels of this hole that lie within <paramref name="area"/>, as a hole whose bounds are exactly that area.</summary>
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
    /// The next run of hidden pixels in row <paramref name="y"/> among columns <paramref name="from"/> to <paramref name="to"/> (exclusive);
    /// its length is 0 when there is none.
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

    /// <summary>Sets to 0 all four bytes of the hidden pixels in a stretch of row <paramref name="y"/> that begins at column <paramref name="x"/>.</summary>
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
