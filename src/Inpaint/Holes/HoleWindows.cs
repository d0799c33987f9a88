using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>Where a graph with a fixed hole looks: square windows whose centre half covers the hidden pixels.</summary>
public static class HoleWindows
{
    /// <summary>The centred square of side min(width, height).</summary>
    public static PixelRect DefaultWindow(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        int side = Math.Min(width, height);
        return new PixelRect((width - side) / 2, (height - side) / 2, side, side);
    }

    /// <summary>
    /// The smallest square whose centre half covers <paramref name="bounds"/>: its side is a multiple of 4, and it is centred on the bounds
    /// as well as whole pixels allow (the spare pixel lies right and below). It may leave the photo.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are empty.</exception>
    public static PixelRect WindowAround(PixelRect bounds)
    {
        if (bounds.IsEmpty)
        {
            throw new ArgumentOutOfRangeException(nameof(bounds), bounds, "No window lies around an empty rectangle.");
        }

        int half = (Math.Max(bounds.Width, bounds.Height) + 1) / 2 * 2;
        int x = bounds.X - (half / 2) - ((half - bounds.Width) / 2);
        int y = bounds.Y - (half / 2) - ((half - bounds.Height) / 2);
        return new PixelRect(x, y, 2 * half, 2 * half);
    }

    /// <summary>
    /// The windows through which a graph with a fixed hole fills <paramref name="hole"/>, with the pixels that each of them fills.
    /// The default hole has the centred square, another rectangle its own window. A free mask has a window for each of its 8-connected
    /// components where no two of these windows overlap, else one window around them all. Empty for an empty hole.
    /// </summary>
    /// <param name="hole">The hidden pixels.</param>
    /// <param name="photoWidth">The photo's columns.</param>
    /// <param name="photoHeight">The photo's rows.</param>
    /// <param name="perComponent">False for one window around the whole hole, whatever its components. Default true.</param>
    public static IReadOnlyList<(PixelRect Window, Hole Part)> Plan(Hole hole, int photoWidth, int photoHeight, bool perComponent = true)
    {
        ArgumentNullException.ThrowIfNull(hole);
        if (hole.IsEmpty)
        {
            return [];
        }

        if (IsDefault(hole, photoWidth, photoHeight))
        {
            return [(DefaultWindow(photoWidth, photoHeight), hole)];
        }

        if (hole.Mask is not null && perComponent && SeparateComponents(hole) is { Count: > 1 } components)
        {
            return [.. components.OrderBy(c => c.Y).ThenBy(c => c.X).Select(c => (WindowAround(c), hole.Within(c)))];
        }

        return [(WindowAround(hole.Bounds), hole)];
    }

    private static bool IsDefault(Hole hole, int photoWidth, int photoHeight) =>
        Math.Min(photoWidth, photoHeight) >= 2 && hole.Bounds == Hole.Default(photoWidth, photoHeight).Bounds && hole.IsFullRectangle();

    /// <summary>
    /// The bounds of the components, or null when two of their windows overlap. As the windows are apart, so are the bounds, and the hidden
    /// pixels within them are the component's.
    /// </summary>
    private static List<PixelRect>? SeparateComponents(Hole hole)
    {
        // Components come in the order of their last rows, and a window reaches at least down to its component's last row. So no window lies
        // wholly above an earlier one, and it overlaps one of them exactly where it begins above the lowest row taken so far in a column.
        // Windows that overlap beside the hole's bounds overlap in an outermost column of the bounds too, as each reaches into them.
        int[] takenDownTo = new int[hole.Bounds.Width];
        Array.Fill(takenDownTo, int.MinValue);
        var separate = new List<PixelRect>();
        foreach (PixelRect component in MaskComponents.Bounds(hole))
        {
            PixelRect window = WindowAround(component);
            int left = Math.Max(window.X, hole.Bounds.X), right = Math.Min(window.Right, hole.Bounds.Right);
            Span<int> taken = takenDownTo.AsSpan(left - hole.Bounds.X, right - left);
            foreach (int bottom in taken)
            {
                if (bottom > window.Y)
                {
                    return null;
                }
            }

            taken.Fill(window.Bottom);
            separate.Add(component);
        }

        return separate;
    }
}
