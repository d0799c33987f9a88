using Inpaint.Onnx.TorchSharp;
using SkiaSharp;

namespace Inpaint.Benchmarks;

/// <summary>
/// Decodes a picture file into the graph's input with SkiaSharp only: JPEGs at a reduced scale, the centred square, 64x64, the centre
/// hidden. No orientation, no colour profile, no file names in errors. Not thread-safe.
/// </summary>
internal sealed unsafe class BareDecoder
{
    private const int Side = ConvolutionGraph.Side;
    private readonly byte[] _window = new byte[4 * Side * Side];
    private byte[] _pixels = new byte[4 * Side * Side];

    /// <summary>Writes the three planes of one row of the graph's input.</summary>
    public void Decode(string path, Span<float> planes)
    {
        byte[] bytes = File.ReadAllBytes(path);
        fixed (byte* start = bytes)
        {
            using SKData data = SKData.Create((nint)start, bytes.Length);
            using SKCodec codec = SKCodec.Create(data) ?? throw new InvalidOperationException($"{path} cannot be decoded.");
            SKSizeI size = Reduced(codec);
            if (size.Width == Side && size.Height == Side)
            {
                Read(codec, size, _window, path);
            }
            else
            {
                ReadScaled(codec, size, path);
            }
        }

        ToPlanes(_window, planes);
    }

    private void ReadScaled(SKCodec codec, SKSizeI size, string path)
    {
        if (_pixels.Length < 4 * size.Width * size.Height)
        {
            _pixels = new byte[4 * size.Width * size.Height];
        }

        SKImageInfo info = Read(codec, size, _pixels, path);
        int side = Math.Min(size.Width, size.Height);
        var square = SKRectI.Create((size.Width - side) / 2, (size.Height - side) / 2, side, side);
        fixed (byte* from = _pixels, to = _window)
        {
            using var whole = new SKPixmap(info, (nint)from);
            using SKPixmap centre = whole.ExtractSubset(square);
            using var target = new SKPixmap(info.WithSize(Side, Side), (nint)to);
            centre.ScalePixels(target, SKFilterQuality.Medium);
        }
    }

    private static SKImageInfo Read(SKCodec codec, SKSizeI size, byte[] pixels, string path)
    {
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        fixed (byte* start = pixels)
        {
            return codec.GetPixels(info, (nint)start) == SKCodecResult.Success
                ? info
                : throw new InvalidOperationException($"{path} cannot be decoded.");
        }
    }

    private static SKSizeI Reduced(SKCodec codec)
    {
        for (int eighths = 1; eighths < 8 && codec.EncodedFormat == SKEncodedImageFormat.Jpeg; eighths++)
        {
            SKSizeI size = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(size.Width, size.Height) >= Side)
            {
                return size;
            }
        }

        return codec.Info.Size;
    }

    private static void ToPlanes(ReadOnlySpan<byte> rgba, Span<float> planes)
    {
        const int pixels = Side * Side;
        Span<float> red = planes[..pixels], green = planes.Slice(pixels, pixels), blue = planes.Slice(2 * pixels, pixels);
        for (int i = 0, at = 0; i < pixels; i++, at += 4)
        {
            red[i] = rgba[at] * (1f / 255);
            green[i] = rgba[at + 1] * (1f / 255);
            blue[i] = rgba[at + 2] * (1f / 255);
        }

        PixelRect hole = ConvolutionGraph.Hole;
        for (int y = hole.Y; y < hole.Bottom; y++)
        {
            int row = (y * Side) + hole.X;
            red.Slice(row, hole.Width).Clear();
            green.Slice(row, hole.Width).Clear();
            blue.Slice(row, hole.Width).Clear();
        }
    }
}
