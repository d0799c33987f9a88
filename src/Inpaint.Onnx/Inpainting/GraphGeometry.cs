using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>A window of a photo to complete with the graph, and the hidden pixels to fill from it.</summary>
/// <param name="Window">The window; it may extend beyond the photo, whose edge pixels are then repeated.</param>
/// <param name="Part">The hidden pixels to fill.</param>
/// <param name="PictureWidth">Columns of the graph's picture.</param>
/// <param name="PictureHeight">Rows of the graph's picture.</param>
public sealed record GraphWindow(PixelRect Window, Hole Part, int PictureWidth, int PictureHeight)
{
    /// <summary>The pixels of the graph's picture.</summary>
    public long PicturePixels => (long)PictureWidth * PictureHeight;
}

/// <summary>The windows of photos that a graph sees, and their sizes.</summary>
public sealed class GraphGeometry
{
    private const double LeastContext = 1.0 / 16;

    private readonly SizeContract _size;
    private readonly PixelRect? _fixedHole;
    private readonly bool _centred;
    private readonly double _context;

    /// <summary>Creates the geometry for a manifest.</summary>
    /// <param name="manifest">The graph's manifest.</param>
    /// <param name="pictureSide">
    /// For graphs of any size: the side of the square picture that windows are scaled to; default: windows are not scaled.
    /// </param>
    /// <exception cref="GraphException">
    /// The graph's size is fixed, or <paramref name="pictureSide"/> is not a multiple of the required one.
    /// </exception>
    public GraphGeometry(GraphManifest manifest, int? pictureSide = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        _size = manifest.Size;
        _context = manifest.Hole.Context;
        if (pictureSide is { } side)
        {
            bool fits = _size.IsFixed ? side == _size.Width && side == _size.Height : side % _size.MultipleOf == 0;
            if (!fits)
            {
                throw new GraphException(
                    $"PictureSide is {side}; graph '{manifest.Name}' accepts "
                    + $"{(_size.IsFixed ? $"only {_size.Width}x{_size.Height}" : $"multiples of {_size.MultipleOf}")}. "
                    + "Omit PictureSide, or choose a suitable side.");
            }

            _size = _size with { Width = side, Height = side };
        }

        if (manifest.Hole.Kind == HoleKind.Fixed)
        {
            PixelRect hole = manifest.Hole.ToRect();
            int w = _size.Width!.Value, h = _size.Height!.Value;
            _fixedHole = hole;
            _centred = w == h && hole == new PixelRect(w / 4, h / 4, w / 2, h / 2) && w % 4 == 0;
        }
    }

    /// <summary>The fixed hole in the graph's picture; null if the hole is free.</summary>
    public PixelRect? FixedHole => _fixedHole;

    /// <summary>The size that windows are scaled to; null if they are not scaled.</summary>
    public (int Width, int Height)? PictureSize => _size.IsFixed ? (_size.Width!.Value, _size.Height!.Value) : null;

    /// <summary>
    /// Plans the windows of a photo and their sizes in the graph. For a fixed size, they are planned by <see cref="HoleWindows"/>;
    /// otherwise by <see cref="ContextWindows"/>, and enlarged to the size's multiple, within the photo where that is large enough.
    /// </summary>
    /// <param name="hole">The photo's hidden pixels.</param>
    /// <param name="width">The photo's columns.</param>
    /// <param name="height">The photo's rows.</param>
    /// <param name="perComponent">Whether connected components of a mask can have separate windows.</param>
    /// <param name="context">
    /// For dynamic sizes: the margin of a window, see <see cref="FillOptions.Context"/>. Default: the manifest's.
    /// </param>
    /// <param name="mostPixels">
    /// For dynamic sizes: a window whose picture has more pixels is planned again with smaller margins, as little as needed to get below
    /// this, by halves; a window with the smallest margin may still have more. Default: no limit.
    /// </param>
    public IReadOnlyList<GraphWindow> Place(
        Hole hole, int width, int height, bool perComponent, double? context = null, long mostPixels = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(hole);
        return _size.IsFixed
            ? [.. HoleWindows.Plan(hole, width, height, perComponent).Select(p => new GraphWindow(
                _fixedHole is null || _centred ? p.Window : Around(p.Part.Bounds), p.Part, _size.Width!.Value, _size.Height!.Value))]
            : [.. Plan(hole, context ?? _context)];

        // The windows of a part lie within its window, so that they do not overlap other windows.
        IEnumerable<GraphWindow> Plan(Hole part, double margin) =>
            ContextWindows.Plan(part, width, height, margin, perComponent).SelectMany(p =>
                Fit(p.Window, p.Part, width, height) is var window && (window.PicturePixels <= mostPixels || margin == 0)
                    ? [window] : Plan(p.Part, margin > LeastContext ? margin / 2 : 0));
    }

    /// <summary>Extracts a window of a photo as input of the graph.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="hole">Its hidden pixels.</param>
    /// <param name="window">A window from <see cref="Place"/>.</param>
    /// <param name="picture">Receives the window at the graph's size, black where hidden.</param>
    /// <param name="hidden">Receives the pixels that the graph fills; for a fixed hole, exactly these.</param>
    public void Extract(Photo photo, Hole hole, PixelRect window, Photo picture, Mask hidden)
    {
        WindowSampler.Extract(photo, hole, window, picture, hidden);
        if (_fixedHole is { } rectangle)
        {
            Inpaint.Holes.FixedHole.Apply(picture, hidden, rectangle);
        }
    }

    /// <summary>Enlarges a window to the size's multiple; a window longer than the largest size is scaled down.</summary>
    private GraphWindow Fit(PixelRect window, Hole part, int photoWidth, int photoHeight)
    {
        int multiple = _size.MultipleOf, longest = _size.MaxSide / multiple * multiple;
        double scale = Math.Min(1, (double)longest / Math.Max(window.Width, window.Height));
        (int x, int width, int pictureWidth) = FitSide(window.X, window.Width, photoWidth);
        (int y, int height, int pictureHeight) = FitSide(window.Y, window.Height, photoHeight);
        return new GraphWindow(new PixelRect(x, y, width, height), part, pictureWidth, pictureHeight);

        (int Start, int Length, int Picture) FitSide(int start, int length, int photo)
        {
            int scaled = (int)Math.Max(1, Math.Round(length * scale)), picture = (scaled + multiple - 1) / multiple * multiple;
            int enlarged = picture == scaled ? length : Math.Max(length, (int)Math.Round(picture / scale));
            // Centred and inside the photo; a photo that is too short is padded on the right or at the bottom.
            return (Math.Max(0, Math.Min(start - ((enlarged - length) / 2), photo - enlarged)), enlarged, picture);
        }
    }

    /// <summary>The smallest window with the graph's aspect ratio whose fixed hole covers <paramref name="bounds"/>.</summary>
    private PixelRect Around(PixelRect bounds)
    {
        PixelRect hole = _fixedHole!.Value;
        double scale = Math.Max((double)bounds.Width / hole.Width, (double)bounds.Height / hole.Height);
        int width = (int)Math.Ceiling(_size.Width!.Value * scale), height = (int)Math.Ceiling(_size.Height!.Value * scale);
        double centreX = bounds.X + (bounds.Width / 2.0), centreY = bounds.Y + (bounds.Height / 2.0);
        return new PixelRect(
            (int)Math.Round(centreX - ((hole.X + (hole.Width / 2.0)) * scale)),
            (int)Math.Round(centreY - ((hole.Y + (hole.Height / 2.0)) * scale)),
            width,
            height);
    }
}
