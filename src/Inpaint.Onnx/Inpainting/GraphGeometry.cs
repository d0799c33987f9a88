using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>A window of a photo to complete with the graph, and the hidden pixels to fill from it.</summary>
/// <param name="Window">The window; it may extend beyond the photo, whose edge pixels are then repeated.</param>
/// <param name="Part">The hidden pixels to fill.</param>
/// <param name="PictureWidth">Columns of the graph's picture.</param>
/// <param name="PictureHeight">Rows of the graph's picture.</param>
public sealed record GraphWindow(PixelRect Window, Hole Part, int PictureWidth, int PictureHeight);

/// <summary>The windows of photos that a graph sees, and their sizes.</summary>
public sealed class GraphGeometry
{
    private readonly SizeContract _size;
    private readonly PixelRect? _fixedHole;
    private readonly bool _centred;

    /// <summary>Creates the geometry for a manifest.</summary>
    /// <param name="manifest">The graph's manifest.</param>
    /// <param name="pictureSide">
    /// For graphs of any size: the side of the square picture that windows are scaled to; default: the whole photo, unscaled.
    /// </param>
    /// <exception cref="GraphException">
    /// The graph's size is fixed, or <paramref name="pictureSide"/> is not a multiple of the required one.
    /// </exception>
    public GraphGeometry(GraphManifest manifest, int? pictureSide = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        _size = manifest.Size;
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

    /// <summary>Plans the windows of a photo and their sizes in the graph.</summary>
    /// <param name="hole">The photo's hidden pixels.</param>
    /// <param name="width">The photo's columns.</param>
    /// <param name="height">The photo's rows.</param>
    /// <param name="perComponent">Whether connected components of a mask can have separate windows.</param>
    public IReadOnlyList<GraphWindow> Place(Hole hole, int width, int height, bool perComponent)
    {
        ArgumentNullException.ThrowIfNull(hole);
        if (!_size.IsFixed)
        {
            return [WholePhoto(hole, width, height)];
        }

        int pictureWidth = _size.Width!.Value, pictureHeight = _size.Height!.Value;
        IReadOnlyList<(PixelRect Window, Hole Part)> planned = HoleWindows.Plan(hole, width, height, perComponent);
        var placed = new GraphWindow[planned.Count];
        for (int i = 0; i < placed.Length; i++)
        {
            (PixelRect window, Hole part) = planned[i];
            placed[i] = new GraphWindow(_fixedHole is null || _centred ? window : Around(part.Bounds), part, pictureWidth, pictureHeight);
        }

        return placed;
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

    private GraphWindow WholePhoto(Hole hole, int width, int height)
    {
        int multiple = _size.MultipleOf;
        int RoundUp(double side) => (int)Math.Ceiling(side / multiple) * multiple;
        double scale = Math.Min(1, (double)_size.MaxSide / Math.Max(width, height));
        int pictureWidth = RoundUp(Math.Max(1, Math.Round(width * scale))),
            pictureHeight = RoundUp(Math.Max(1, Math.Round(height * scale)));

        // Sides that are not multiples are padded with edge pixels: the window extends beyond the photo to the right and bottom.
        int windowWidth = scale == 1 ? pictureWidth : Math.Max(width, (int)Math.Round(pictureWidth / scale));
        int windowHeight = scale == 1 ? pictureHeight : Math.Max(height, (int)Math.Round(pictureHeight / scale));
        return new GraphWindow(new PixelRect(0, 0, windowWidth, windowHeight), hole, pictureWidth, pictureHeight);
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
