using System.Globalization;
using System.Text.Json;
using Inpaint.Onnx.TorchSharp.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>Scores a network for any mask on photos, each with a fixed mask of every kind of the configuration.</summary>
internal sealed class MaskValidator(PhotoPool photos, TrainingConfig config, Compute compute)
{
    private const int BatchSize = 64;
    private const ulong Seed = 1;

    /// <summary>Completes every photo in 32-bit floats and measures the errors of the hidden pixels, rounded to 8 bits.</summary>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="sheet">Receives the first photos with each kind of mask; optional.</param>
    /// <returns><c>hole_mse_KIND</c> of each kind over all its hidden pixels; <c>hole_mse</c>, the mean of these, and <c>hole_psnr</c> of
    /// that.</returns>
    /// <exception cref="FailedException">The network gives a non-finite value.</exception>
    public IReadOnlyDictionary<string, double> Run(FillNetwork network, ValidationSheet? sheet = null)
    {
        MaskKind[] kinds = [.. config.Masks!.Kinds.Distinct()];
        var figures = new Dictionary<string, double>();
        for (int k = 0; k < kinds.Length; k++)
        {
            var scorer = new FillScorer();
            for (int first = 0; first < photos.Count; first += BatchSize)
            {
                Mask[] masks = [.. Enumerable.Range(first, Math.Min(BatchSize, photos.Count - first))
                    .Select(i => RandomMasks.Create(kinds[k], photos.Size, photos.Size, Seed, i))];
                float[] filled = Complete(network, first, masks);
                for (int i = 0; i < masks.Length; i++)
                {
                    Photo truth = photos.ToPhoto(first + i), completed = truth.Clone();
                    Paste(completed, masks[i], filled.AsSpan(i * truth.Width * truth.Height * 3));
                    scorer.Add(truth, completed, Hole.FromMask(masks[i]));
                    sheet?.Add((first + i) * kinds.Length + k, truth, completed, masks[i]);
                }
            }

            figures[$"hole_mse_{JsonNamingPolicy.SnakeCaseLower.ConvertName(kinds[k].ToString())}"] = scorer.Result()["hole_mse"]!.Value;
        }

        double mean = figures.Values.Average();
        return new Dictionary<string, double> { ["hole_mse"] = mean, ["hole_psnr"] = -10 * Math.Log10(mean) }.Concat(figures)
            .ToDictionary();
    }

    private float[] Complete(FillNetwork network, int first, Mask[] masks)
    {
        using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        int pixels = photos.Size * photos.Size;
        float[] values = new float[masks.Length * pixels * 3], holes = new float[masks.Length * pixels];
        for (int i = 0; i < masks.Length; i++)
        {
            Augmentation.Plain(photos.Pixels(first + i), values.AsSpan(i * pixels * 3, pixels * 3));
            BatchSource.WriteMask(masks[i], holes.AsSpan(i * pixels, pixels));
        }

        DeviceBatch batch = DeviceBatch.From(new PhotoBatch(values, [], masks.Length, photos.Size, holes), config.Picture, compute);
        float[] filled = network.forward(batch.Image, batch.Mask).cpu().contiguous().data<float>().ToArray();
        int bad = Array.FindIndex(filled, f => !float.IsFinite(f));
        return bad < 0 ? filled : throw new FailedException(string.Create(CultureInfo.InvariantCulture,
            $"The network's completion of {photos.Id(first + bad / (3 * pixels))} contains {filled[bad]}; expected finite values. "
            + $"Start again with a lower optimizer.learning_rate, or precision float32."));
    }

    private static void Paste(Photo photo, Mask mask, ReadOnlySpan<float> planes)
    {
        int pixels = mask.Pixels.Length;
        for (int p = 0; p < pixels; p++)
        {
            for (int c = 0; c < 3 && mask.Pixels[p] != 0; c++)
            {
                photo.Pixels[p * 4 + c] = (byte)MathF.Round(Math.Clamp(planes[c * pixels + p], 0, 1) * 255, MidpointRounding.AwayFromZero);
            }
        }
    }
}
