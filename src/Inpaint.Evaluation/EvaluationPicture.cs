namespace Inpaint.Evaluation;

/// <summary>The size photos are evaluated at, and the pixels that are hidden.</summary>
/// <param name="Width">Columns; the most of them where <paramref name="WholePhoto"/> is set.</param>
/// <param name="Height">Rows; likewise.</param>
/// <param name="Hole">The hidden pixels; null when <see cref="EvaluationOptions.Holes"/> chooses them for each photo.</param>
/// <param name="WholePhoto">
/// Whether the whole photo is taken, scaled down to fit the size and never up, so that photos keep their aspect ratio. Default no: a
/// centred part of the photo is scaled to exactly this size.
/// </param>
public sealed record EvaluationPicture(int Width, int Height, PixelRect? Hole, bool WholePhoto = false)
{
    /// <summary>The picture of graphs without a fixed size: 64x64, the centre half hidden.</summary>
    public static EvaluationPicture Default { get; } = new(64, 64, new PixelRect(16, 16, 32, 32));

    /// <summary>
    /// Sizes by their names: <c>64</c> and <c>256</c> are the centred square, scaled up or down; <c>384</c> is the whole photo with its
    /// longer side scaled down to 384 pixels; <c>native</c> is the whole photo as decoded.
    /// </summary>
    public static IReadOnlyDictionary<string, EvaluationPicture> Named { get; } = new OrderedDictionary<string, EvaluationPicture>
    {
        ["64"] = new(64, 64, null),
        ["256"] = new(256, 256, null),
        ["384"] = new(384, 384, null, WholePhoto: true),
        ["native"] = new(int.MaxValue, int.MaxValue, null, WholePhoto: true),
    };

    /// <summary>The picture of a graph: its fixed size, otherwise 64x64; its fixed hole, otherwise the centre half.</summary>
    public static EvaluationPicture Of(GraphManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        (int width, int height) = manifest.Size.IsFixed
            ? (manifest.Size.Width!.Value, manifest.Size.Height!.Value)
            : (Default.Width, Default.Height);
        return manifest.Hole.Kind == HoleKind.Fixed ? new EvaluationPicture(width, height, manifest.Hole.ToRect())
            : width >= 2 && height >= 2 ? new EvaluationPicture(width, height, new PixelRect(width / 4, height / 4, width / 2, height / 2))
            : throw new GraphException(
                $"Graph '{manifest.Name}' sees {width}x{height} pixels, which have no centre to hide; expected at least 2x2.");
    }

    /// <summary>
    /// The part of a photo that is evaluated: the largest centred rectangle with the picture's aspect ratio, for a square the centred
    /// square; the whole photo where <see cref="WholePhoto"/> is set.
    /// </summary>
    public PixelRect Window(int photoWidth, int photoHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(photoWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(photoHeight, 1);
        if (WholePhoto)
        {
            return new PixelRect(0, 0, photoWidth, photoHeight);
        }

        bool wider = (long)photoWidth * Height >= (long)photoHeight * Width;
        int width = wider ? Math.Max(1, (int)((long)photoHeight * Width / Height)) : photoWidth;
        int height = wider ? photoHeight : Math.Max(1, (int)((long)photoWidth * Height / Width));
        return new PixelRect((photoWidth - width) / 2, (photoHeight - height) / 2, width, height);
    }

    /// <summary>
    /// The truth: the photo's window, scaled by <see cref="WindowSampler.Resize"/>; a photo of the picture's size is returned unchanged.
    /// </summary>
    public Photo Take(Photo photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        PixelRect window = Window(photo.Width, photo.Height);
        Photo square = window.Width == photo.Width && window.Height == photo.Height ? photo : photo.Crop(window);
        (int width, int height) = Size(photo.Width, photo.Height);
        return square.Width == width && square.Height == height ? square : WindowSampler.Resize(square, width, height);
    }

    /// <summary>
    /// A rectangle of the photo in pixels of the picture: every pixel it touches, clipped to the picture; empty when it is outside.
    /// </summary>
    public PixelRect Take(PixelRect box, int photoWidth, int photoHeight)
    {
        PixelRect window = Window(photoWidth, photoHeight);
        (int width, int height) = Size(photoWidth, photoHeight);
        int left = Scale(box.X - window.X, width, window.Width, up: false),
            right = Scale(box.Right - window.X, width, window.Width, up: true);
        int top = Scale(box.Y - window.Y, height, window.Height, up: false),
            bottom = Scale(box.Bottom - window.Y, height, window.Height, up: true);
        return new PixelRect(left, top, right - left, bottom - top).Intersect(new PixelRect(0, 0, width, height));
    }

    /// <summary>The size of a photo when it is evaluated.</summary>
    public (int Width, int Height) Size(int photoWidth, int photoHeight)
    {
        double scale = Math.Min(1, Math.Min((double)Width / photoWidth, (double)Height / photoHeight));
        return !WholePhoto ? (Width, Height)
            : (Math.Max(1, (int)Math.Round(photoWidth * scale)), Math.Max(1, (int)Math.Round(photoHeight * scale)));
    }

    /// <summary>
    /// Such as <c>64x64</c>; with the hole when it is not the centre half, as <c>64x64 hole 10x10+3+5</c>; for whole photos <c>native</c>
    /// or <c>384x384 at most</c>.
    /// </summary>
    public override string ToString() => WholePhoto ? Width == int.MaxValue ? "native" : $"{Width}x{Height} at most"
        : Hole is not { } hole || hole == new PixelRect(Width / 4, Height / 4, Width / 2, Height / 2)
        ? $"{Width}x{Height}"
        : $"{Width}x{Height} hole {hole.Width}x{hole.Height}+{hole.X}+{hole.Y}";

    private static int Scale(int place, int to, int from, bool up)
    {
        long product = (long)place * to;
        return (int)(up ? -FloorDivide(-product, from) : FloorDivide(product, from));
    }

    private static long FloorDivide(long a, int b) => (a / b) - (a % b < 0 ? 1 : 0);
}
