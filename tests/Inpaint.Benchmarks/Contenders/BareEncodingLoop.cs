using Inpaint.Onnx.TorchSharp;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace Inpaint.Benchmarks;

/// <summary>
/// The minimum work of a batch job, with SkiaSharp and ONNX Runtime only: one worker per core takes eight files, decodes them at full size,
/// runs the graph on one thread, pastes the fills and encodes the photos as PNG. The results are discarded.
/// </summary>
internal sealed unsafe class BareEncodingLoop : IContender
{
    private const int BatchSize = 8, Side = ConvolutionGraph.Side, HoleSide = ConvolutionGraph.HoleSide;
    private const int InputLength = 3 * Side * Side, OutputLength = 3 * HoleSide * HoleSide;
    private readonly InferenceSession _session;

    public BareEncodingLoop(string graphFolder)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        _session = new InferenceSession(Path.Combine(graphFolder, "model.onnx"), options);
    }

    public int Run(IEnumerable<string> paths)
    {
        int rows = 0;
        Parallel.ForEach(paths.Chunk(BatchSize), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, chunk =>
        {
            Complete(chunk);
            Interlocked.Add(ref rows, chunk.Length);
        });
        return rows;
    }

    public void Dispose() => _session.Dispose();

    private void Complete(string[] paths)
    {
        SKBitmap[] photos = Array.ConvertAll(paths, path => SKBitmap.Decode(path, Info(SKBitmap.DecodeBounds(path))));
        float[] input = new float[paths.Length * InputLength];
        for (int i = 0; i < photos.Length; i++)
        {
            Mask(photos[i], input.AsSpan(i * InputLength, InputLength));
        }

        using OrtValue image = OrtValue.CreateTensorValueFromMemory(input, [paths.Length, 3, Side, Side]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, ["image"], [image], ["fill"]);
        ReadOnlySpan<float> fills = results[0].GetTensorDataAsSpan<float>();
        for (int i = 0; i < photos.Length; i++)
        {
            Paste(photos[i], fills.Slice(i * OutputLength, OutputLength));
            using SKPixmap pixels = photos[i].PeekPixels();
            using SKData encoded = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Paeth, 2));
            photos[i].Dispose();
        }
    }

    private static SKImageInfo Info(SKImageInfo found) => new(found.Width, found.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);

    private static SKRectI Square(SKBitmap photo)
    {
        int side = Math.Min(photo.Width, photo.Height);
        return SKRectI.Create((photo.Width - side) / 2, (photo.Height - side) / 2, side, side);
    }

    private static void Mask(SKBitmap photo, Span<float> planes)
    {
        using var window = new SKBitmap(Info(new SKImageInfo(Side, Side)));
        using SKPixmap from = photo.PeekPixels(), centre = from.ExtractSubset(Square(photo)), to = window.PeekPixels();
        centre.ScalePixels(to, SKFilterQuality.Medium);
        ReadOnlySpan<byte> rgba = window.GetPixelSpan();
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                bool hidden = ConvolutionGraph.Hole.Contains(x, y);
                for (int c = 0; c < 3; c++)
                {
                    planes[(((c * Side) + y) * Side) + x] = hidden ? 0 : rgba[(4 * ((y * Side) + x)) + c] * (1f / 255);
                }
            }
        }
    }

    private static void Paste(SKBitmap photo, ReadOnlySpan<float> fill)
    {
        using var small = new SKBitmap(Info(new SKImageInfo(HoleSide, HoleSide)));
        var rgba = new Span<byte>((void*)small.GetPixels(), small.ByteCount);
        const int pixels = HoleSide * HoleSide;
        for (int i = 0; i < pixels; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                rgba[(4 * i) + c] = (byte)MathF.Round(255 * Math.Clamp(fill[(c * pixels) + i], 0, 1));
            }

            rgba[(4 * i) + 3] = 255;
        }

        SKRectI square = Square(photo);
        int side = square.Width / 2;
        var hole = SKRectI.Create(square.Left + (square.Width / 4), square.Top + (square.Height / 4), side, side);
        using SKPixmap from = small.PeekPixels(), whole = photo.PeekPixels(), to = whole.ExtractSubset(hole);
        from.ScalePixels(to, SKFilterQuality.Medium);
    }
}
