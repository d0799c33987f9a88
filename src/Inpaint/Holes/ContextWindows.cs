using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>
/// Plans the windows that a graph for any mask and any size sees: the hidden pixels with a margin of the photo around them.
/// </summary>
public static class ContextWindows
{
    /// <summary>The smallest margin, in pixels.</summary>
    public const int LeastMargin = 64;

    /// <summary>
    /// The windows through which <paramref name="hole"/> is filled, and the pixels that each of them fills. A window is the bounding box of
    /// its hidden pixels with a margin on each side, clipped to the photo. Connected components whose windows overlap share one window, so
    /// that no two windows overlap. An empty hole has no window.
    /// </summary>
    /// <param name="hole">The hidden pixels.</param>
    /// <param name="photoWidth">The photo's columns.</param>
    /// <param name="photoHeight">The photo's rows.</param>
    /// <param name="context">
    /// The margin as a multiple of the longer side of the bounding box, 0 or more; it is at least <see cref="LeastMargin"/>.
    /// </param>
    /// <param name="perComponent">False for a single window around the whole hole. Default true.</param>
    public static IReadOnlyList<(PixelRect Window, Hole Part)> Plan(
        Hole hole, int photoWidth, int photoHeight, double context, bool perComponent = true)
    {
        ArgumentNullException.ThrowIfNull(hole);
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        if (hole.IsEmpty)
        {
            return [];
        }

        var photo = new PixelRect(0, 0, photoWidth, photoHeight);
        IEnumerable<PixelRect> groups = hole.Mask is not null && perComponent ? Groups(hole) : [hole.Bounds];
        var separate = new List<(PixelRect Bounds, PixelRect Window)>();
        foreach (PixelRect group in groups)
        {
            PixelRect bounds = group, window = Around(bounds, context, photo);
            for (int i = 0; i < separate.Count; i++)
            {
                if (!separate[i].Window.Intersect(window).IsEmpty)
                {
                    // The shared window is larger, and may overlap others that its parts did not.
                    bounds = bounds.Union(separate[i].Bounds);
                    window = Around(bounds, context, photo);
                    separate.RemoveAt(i);
                    i = -1;
                }
            }

            separate.Add((bounds, window));
        }

        return [.. separate.OrderBy(s => s.Bounds.Y).ThenBy(s => s.Bounds.X).Select(s => (s.Window, hole.Within(s.Bounds)))];
    }

    private static PixelRect Around(PixelRect bounds, double context, PixelRect photo)
    {
        int longest = Math.Max(photo.Width, photo.Height);
        int margin = (int)Math.Min(longest, Math.Max(LeastMargin, Math.Ceiling(context * Math.Max(bounds.Width, bounds.Height))));
        return new PixelRect(bounds.X - margin, bounds.Y - margin, bounds.Width + (2 * margin), bounds.Height + (2 * margin))
            .Intersect(photo);
    }

    /// <summary>
    /// Bounding boxes of hidden pixels, one or more components in each. Pixels in the same or in neighbouring cells of a grid are less than
    /// two margins apart, so that their windows overlap; hence the components of the grid suffice, however many components the mask has.
    /// </summary>
    private static IEnumerable<PixelRect> Groups(Hole hole)
    {
        const int cell = LeastMargin;
        PixelRect bounds = hole.Bounds;
        var grid = new Mask(1 + (bounds.Width / cell), 1 + (bounds.Height / cell));
        for (int y = bounds.Y; y < bounds.Bottom; y++)
        {
            Span<byte> row = grid.Row((y - bounds.Y) / cell);
            for (int i = 0; i < row.Length; i++)
            {
                int x = bounds.X + (i * cell);
                if (row[i] == 0 && hole.NextRun(y, x, x + cell).Length > 0)
                {
                    row[i] = 255;
                }
            }
        }

        return MaskComponents.Bounds(Hole.FromMask(grid)).Select(cells => hole.Mask!.BoundsWithin(
            new PixelRect(bounds.X + (cells.X * cell), bounds.Y + (cells.Y * cell), cells.Width * cell, cells.Height * cell)
                .Intersect(bounds)));
    }
}
