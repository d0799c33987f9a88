using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>Plans the windows that a graph with a fixed hole sees: squares whose centre half covers the hidden pixels.</summary>
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
    /// as well as the pixel grid allows (an odd pixel goes to the right and bottom). It may extend beyond the photo.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are empty.</exception>
    public static PixelRect WindowAround(PixelRect bounds)
    {
        if (bounds.IsEmpty)
        {
            throw new ArgumentOutOfRangeException(nameof(bounds), bounds, "Expected a rectangle of at least 1x1 pixels.");
        }

        int half = (Math.Max(bounds.Width, bounds.Height) + 1) / 2 * 2;
        int x = bounds.X - (half / 2) - ((half - bounds.Width) / 2);
        int y = bounds.Y - (half / 2) - ((half - bounds.Height) / 2);
        return new PixelRect(x, y, 2 * half, 2 * half);
    }

    /// <summary>
    /// The windows through which a graph with a fixed hole fills <paramref name="hole"/>, and the pixels that each of them fills.
    /// The default hole gets the centred square, any other rectangle the window around it. A mask gets one window for each of its
    /// 8-connected components if no two of these windows overlap, otherwise one window around them all. An empty hole gets none.
    /// </summary>
    /// <param name="hole">The hidden pixels.</param>
    /// <param name="photoWidth">The photo's columns.</param>
    /// <param name="photoHeight">The photo's rows.</param>
    /// <param name="perComponent">False for a single window around the whole hole. Default true.</param>
    public static IReadOnlyList<(PixelRect Window, Hole Part)> Plan(
        Hole hole, int photoWidth, int photoHeight, bool perComponent = true)
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
    /// The bounding boxes of the components, or null if two of their windows overlap. Since the windows are disjoint, so are the boxes, and
    /// each box contains hidden pixels of its own component only.
    /// </summary>
    private static List<PixelRect>? SeparateComponents(Hole hole)
    {
        // Components are ordered by their last rows, and a window extends at least to its component's last row. So no window is entirely
        // above an earlier one, and two overlap exactly if the later one starts above the lowest row covered so far in one of its columns.
        // Windows that overlap outside the hole's bounds also overlap in an outermost column of the bounds, as each extends into them.
        int[] coveredTo = new int[hole.Bounds.Width];
        Array.Fill(coveredTo, int.MinValue);
        var separate = new List<PixelRect>();
        foreach (PixelRect component in MaskComponents.Bounds(hole))
        {
            PixelRect window = WindowAround(component);
            int left = Math.Max(window.X, hole.Bounds.X), right = Math.Min(window.Right, hole.Bounds.Right);
            Span<int> covered = coveredTo.AsSpan(left - hole.Bounds.X, right - left);
            foreach (int bottom in covered)
            {
                if (bottom > window.Y)
                {
                    return null;
                }
            }

            covered.Fill(window.Bottom);
            separate.Add(component);
        }

        return separate;
    }
}
