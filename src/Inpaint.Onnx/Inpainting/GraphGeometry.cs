using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;

namespace Inpaint.Onnx.Inpainting;

/// <summary>A square of a photo that the graph is to complete, and the hidden pixels that its fill is for.</summary>
/// <param name="Window">The pixels that the graph sees; may leave the photo, whose edge pixels are then repeated.</param>
/// <param name="Part">The hidden pixels that are pasted from it.</param>
/// <param name="PictureWidth">Columns of the graph's picture.</param>
/// <param name="PictureHeight">Rows of the graph's picture.</param>
public sealed record GraphWindow(PixelRect Window, Hole Part, int PictureWidth, int PictureHeight);

/// <summary>Where a graph looks at a photo: which windows, and at what size.</summary>
public sealed class GraphGeometry
{
    private readonly SizeContract _size;
    private readonly PixelRect? _fixedHole;
    private readonly bool _centred;

    /// <summary>The geometry of a manifest.</summary>
    /// <param name="manifest">The graph's manifest.</param>
    /// <param name="pictureSide">For graphs of any size: the side of the square picture that windows are scaled to; null for the whole photo.</param>
    /// <exception cref="GraphException">The graph's size is fixed, or no multiple of it is <paramref name="pictureSide"/>.</exception>
    public GraphGeometry(GraphManifest manifest, int? pictureSide = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        _size = manifest.Size;
        if (pictureSide is { } side)
        {
            bool fits = _size.IsFixed ? side == _size.Width && side == _size.Height : side % _size.MultipleOf == 0;
            if (!fits)
            {
                throw new GraphException($"PictureSide is {side}; graph '{manifest.Name}' takes {(_size.IsFixed ? $"{_size.Width}x{_size.Height} alone" : $"multiples of {_size.MultipleOf}")}. Leave PictureSide out, or choose a side that fits.");
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

    /// <summary>The fixed hole, in the graph's picture; null when a mask says what is hidden.</summary>
    public PixelRect? FixedHole => _fixedHole;

    /// <summary>The size that the graph sees windows at; null when that is the photo's own.</summary>
    public (int Width, int Height)? PictureSize => _size.IsFixed ? (_size.Width!.Value, _size.Height!.Value) : null;

    /// <summary>The windows of a photo, with the size that the graph sees them at.</summary>
    /// <param name="hole">The photo's hidden pixels.</param>
    /// <param name="width">The photo's columns.</param>
    /// <param name="height">The photo's rows.</param>
    /// <param name="perComponent">Whether connected parts of a mask may have windows of their own.</param>
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

    /// <summary>Takes a window out of a photo as the graph wants to see it.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="hole">Its hidden pixels.</param>
    /// <param name="window">The window, as <see cref="Place"/> gives it.</param>
    /// <param name="picture">Written: the window at the graph's size, black where hidden.</param>
    /// <param name="hidden">Written: the pixels that the graph fills; a fixed hole is all of them, whatever the photo's.</param>
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
        int pictureWidth = RoundUp(Math.Max(1, Math.Round(width * scale))), pictureHeight = RoundUp(Math.Max(1, Math.Round(height * scale)));

        // Sides that are no multiple are padded by repeated edge pixels: the window leaves the photo at the right and below.
        int windowWidth = scale == 1 ? pictureWidth : Math.Max(width, (int)Math.Round(pictureWidth / scale));
        int windowHeight = scale == 1 ? pictureHeight : Math.Max(height, (int)Math.Round(pictureHeight / scale));
        return new GraphWindow(new PixelRect(0, 0, windowWidth, windowHeight), hole, pictureWidth, pictureHeight);
    }

    /// <summary>The smallest window, in the graph's own proportions, whose fixed hole covers <paramref name="bounds"/>.</summary>
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
