using System.Globalization;
using Inpaint.Onnx.TorchSharp.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>Judges a network on photos exactly as <c>inpaint evaluate</c> judges graphs: fills rounded to 8 bits and pasted.</summary>
internal sealed class Validator(PhotoPool photos, WordTable? words, TrainingConfig config, Compute compute)
{
    private const int BatchSize = 64;

    /// <summary>Fills every photo, in 32-bit floats, and scores the fills.</summary>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="observe">Receives every photo with its completion; optional.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="FailedException">A fill contains a non-finite value.</exception>
    public FillScores Run(FillNetwork network, Action<int, Photo, Photo>? observe = null, CancellationToken stop = default)
    {
        var scorer = new FillScorer();
        PixelRect hole = config.Picture.Rect;
        for (int first = 0; first < photos.Count; first += BatchSize)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(BatchSize, photos.Count - first);
            float[] fills = Fill(network, first, count);
            int bad = Array.FindIndex(fills, f => !float.IsFinite(f));
            if (bad >= 0)
            {
                string text = string.Create(
                    CultureInfo.InvariantCulture,
                    $"The network's fill of {photos.Id(first + bad / (3 * hole.Width * hole.Height))} contains {fills[bad]}; expected "
                        + $"finite values. ")
                    + "Its weights or batch norm statistics are not finite: start again with a lower optimizer.learning_rate, or "
                        + "precision float32.";
                throw new FailedException(text, new NotFiniteNumberException(text));
            }

            for (int i = 0; i < count; i++)
            {
                Photo truth = photos.ToPhoto(first + i), completed = truth.Clone();
                Paste(completed, hole, fills.AsSpan(i * 3 * hole.Width * hole.Height, 3 * hole.Width * hole.Height));
                scorer.Add(truth, completed, Hole.Rectangle(hole));
                observe?.Invoke(first + i, truth, completed);
            }
        }

        return scorer.Result();
    }

    private float[] Fill(FillNetwork network, int first, int count)
    {
        using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        int values = photos.Size * photos.Size * 3, vocabulary = words?.Size ?? 0;
        float[] pixels = new float[count * values], vectors = new float[count * vocabulary];
        for (int i = 0; i < count; i++)
        {
            Augmentation.Plain(photos.Pixels(first + i), pixels.AsSpan(i * values, values));
            words?.Write(first + i, vectors.AsSpan(i * vocabulary, vocabulary));
        }

        DeviceBatch batch = DeviceBatch.From(new PhotoBatch(pixels, vectors, count, photos.Size), config.Picture, compute);
        return network.forward(batch.Image, batch.Condition).cpu().contiguous().data<float>().ToArray();
    }

    private static void Paste(Photo photo, PixelRect hole, ReadOnlySpan<float> fill)
    {
        Span<byte> pixels = photo.Pixels;
        int plane = hole.Width * hole.Height;
        for (int y = 0; y < hole.Height; y++)
        {
            for (int x = 0; x < hole.Width; x++)
            {
                int at = ((hole.Y + y) * photo.Width + hole.X + x) * 4;
                for (int c = 0; c < 3; c++)
                {
                    float value = fill[c * plane + y * hole.Width + x];
                    pixels[at + c] = (byte)MathF.Round(Math.Clamp(value, 0, 1) * 255, MidpointRounding.AwayFromZero);
                }
            }
        }
    }
}
