using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;

namespace Inpaint.Evaluation;

/// <summary>At which size photos are judged, and which of their pixels are hidden.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Hole">The hidden pixels.</param>
public sealed record EvaluationPicture(int Width, int Height, PixelRect Hole)
{
    /// <summary>The side at which graphs of any size are judged.</summary>
    public const int DefaultSide = 64;

    /// <summary>The picture of a graph: its fixed size, else 64x64; its fixed hole, else the centre half.</summary>
    public static EvaluationPicture Of(GraphManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        (int width, int height) = manifest.Size.IsFixed
            ? (manifest.Size.Width!.Value, manifest.Size.Height!.Value)
            : (DefaultSide, DefaultSide);
        return manifest.Hole.Kind == HoleKind.Fixed ? new EvaluationPicture(width, height, manifest.Hole.ToRect())
            : width >= 2 && height >= 2 ? new EvaluationPicture(width, height, new PixelRect(width / 4, height / 4, width / 2, height / 2))
            : throw new GraphException($"Graph '{manifest.Name}' sees {width}x{height} pixels, which have no centre to hide; expected at least 2x2.");
    }

    /// <summary>The part of a photo that is judged: the largest centred rectangle of the picture's proportions, for a square the centred square.</summary>
    public PixelRect Window(int photoWidth, int photoHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(photoWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(photoHeight, 1);
        bool wider = (long)photoWidth * Height >= (long)photoHeight * Width;
        int width = wider ? Math.Max(1, (int)((long)photoHeight * Width / Height)) : photoWidth;
        int height = wider ? photoHeight : Math.Max(1, (int)((long)photoWidth * Height / Width));
        return new PixelRect((photoWidth - width) / 2, (photoHeight - height) / 2, width, height);
    }

    /// <summary>The truth: the photo's window, scaled by <see cref="WindowSampler.Resize"/>; of a photo that has the size already, its own pixels.</summary>
    public Photo Take(Photo photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        PixelRect window = Window(photo.Width, photo.Height);
        Photo square = window.Width == photo.Width && window.Height == photo.Height ? photo : photo.Crop(window);
        return square.Width == Width && square.Height == Height ? square : WindowSampler.Resize(square, Width, Height);
    }

    /// <summary>A rectangle of the photo, in pixels of the picture: every pixel that it touches, inside the picture; empty where it lies outside.</summary>
    public PixelRect Take(PixelRect box, int photoWidth, int photoHeight)
    {
        PixelRect window = Window(photoWidth, photoHeight);
        int left = Scale(box.X - window.X, Width, window.Width, up: false), right = Scale(box.Right - window.X, Width, window.Width, up: true);
        int top = Scale(box.Y - window.Y, Height, window.Height, up: false), bottom = Scale(box.Bottom - window.Y, Height, window.Height, up: true);
        return new PixelRect(left, top, right - left, bottom - top).Intersect(new PixelRect(0, 0, Width, Height));
    }

    /// <summary>Such as <c>64x64</c>; with the hole when it is not the centre half, as <c>64x64 hole 10x10+3+5</c>.</summary>
    public override string ToString() => Hole == new PixelRect(Width / 4, Height / 4, Width / 2, Height / 2)
        ? $"{Width}x{Height}"
        : $"{Width}x{Height} hole {Hole.Width}x{Hole.Height}+{Hole.X}+{Hole.Y}";

    private static int Scale(int place, int to, int from, bool up)
    {
        long product = (long)place * to;
        return (int)(up ? -FloorDivide(-product, from) : FloorDivide(product, from));
    }

    private static long FloorDivide(long a, int b) => (a / b) - (a % b < 0 ? 1 : 0);
}
