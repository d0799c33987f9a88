using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.Evaluation.Perception;

/// <summary>What the perceptual network finds in a completed photo and its original.</summary>
/// <param name="Distance">
/// The perceptual distance, 0 to 2: at the end of each of the four stages, the 64 to 512 features of a position divided by their length,
/// the squared distance of fill and original, its mean over the positions; the mean of the four stages. The distance of R. Zhang and
/// others, "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric" (arXiv 1801.03924), without learned weights and over
/// another network: do not compare it with LPIPS.
/// </param>
/// <param name="Truth">The original's 512 features: the mean over the positions of the last stage.</param>
/// <param name="Fill">The completed photo's.</param>
public sealed record PerceptualComparison(double Distance, IReadOnlyList<float> Truth, IReadOnlyList<float> Fill);

/// <summary>Compares completed photos with their originals around the hole. Buffers are reused. Not thread-safe.</summary>
public sealed class PerceptualComparer : IDisposable
{
    private const int MostCrops = 8;
    private static readonly int[] Channels = [64, 128, 256, 512];

    private readonly GraphRunner _runner;
    private readonly TensorBuffer _input = new(TensorElementType.Float);
    private readonly TensorBuffer[] _stages = [.. Channels.Select(_ => new TensorBuffer(TensorElementType.Float))];
    private float[] _ofTruth = [], _ofFill = [], _truth = [], _fill = [];

    internal PerceptualComparer(GraphRunner runner) => _runner = runner;

    /// <summary>Compares fills of the same hole with the original.</summary>
    /// <param name="truth">The original photo.</param>
    /// <param name="hole">The hidden pixels: at least one, inside the photo.</param>
    /// <param name="fills">Completed photos of the same size.</param>
    /// <param name="cancellation">Stops between runs and inside the network.</param>
    /// <returns>A comparison for each fill, in order.</returns>
    /// <exception cref="GraphException">The network failed.</exception>
    public IReadOnlyList<PerceptualComparison> Compare(Photo truth, Hole hole, IReadOnlyList<Photo> fills,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(hole);
        ArgumentNullException.ThrowIfNull(fills);
        var crop = PerceptualCrop.Of(hole.Bounds, truth.Width, truth.Height);
        var comparisons = new List<PerceptualComparison>(fills.Count);
        foreach (Photo[] some in fills.Chunk(MostCrops - 1))
        {
            Run(crop, [truth, .. some], cancellation);
            float[] pooled = Pooled(0);
            for (int i = 1; i <= some.Length; i++)
            {
                double distance = 0;
                for (int stage = 0; stage < Channels.Length; stage++)
                {
                    distance += Distance(stage, i) / Channels.Length;
                }

                comparisons.Add(new PerceptualComparison(distance, pooled, Pooled(i)));
            }
        }

        return comparisons;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _runner.Dispose();
        _input.Dispose();
        Array.ForEach(_stages, s => s.Dispose());
    }

    private void Run(PerceptualCrop crop, IReadOnlyList<Photo> photos, CancellationToken cancellation)
    {
        int width = crop.PaddedWidth, height = crop.PaddedHeight, size = 3 * width * height;
        _input.Reshape([photos.Count, 3, height, width]);
        for (int i = 0; i < photos.Count; i++)
        {
            crop.Write(photos[i], _input.AsSpan<float>().Slice(i * size, size));
        }

        for (int stage = 0; stage < _stages.Length; stage++)
        {
            int step = 4 << stage;
            _stages[stage].Reshape([photos.Count, Channels[stage], height / step, width / step]);
        }

        _runner.Run([PerceptualNetwork.Input], [_input], PerceptualNetwork.Stages, _stages, cancellation);
    }

    private ReadOnlySpan<float> Features(int stage, int photo)
    {
        Span<float> all = _stages[stage].AsSpan<float>();
        int size = all.Length / (int)_stages[stage].Shape[0];
        return all.Slice(photo * size, size);
    }

    private double Distance(int stage, int photo)
    {
        ReadOnlySpan<float> truth = Features(stage, 0), fill = Features(stage, photo);
        int positions = truth.Length / Channels[stage];
        Span<float> ofTruth = InverseLengths(ref _ofTruth, truth, positions), ofFill = InverseLengths(ref _ofFill, fill, positions);
        Span<float> unitTruth = Reserve(ref _truth, positions), unitFill = Reserve(ref _fill, positions);
        double sum = 0;
        for (int start = 0; start < truth.Length; start += positions)
        {
            TensorPrimitives.Multiply(truth.Slice(start, positions), ofTruth, unitTruth);
            TensorPrimitives.Multiply(fill.Slice(start, positions), ofFill, unitFill);
            TensorPrimitives.Subtract(unitTruth, unitFill, unitFill);
            sum += TensorPrimitives.SumOfSquares<float>(unitFill);
        }

        return sum / positions;
    }

    /// <summary>1 over the length of each position's features, with 1e-10 added to the length, as LPIPS does.</summary>
    private static Span<float> InverseLengths(ref float[] buffer, ReadOnlySpan<float> features, int positions)
    {
        Span<float> lengths = Reserve(ref buffer, positions);
        lengths.Clear();
        for (int start = 0; start < features.Length; start += positions)
        {
            ReadOnlySpan<float> channel = features.Slice(start, positions);
            TensorPrimitives.MultiplyAdd(channel, channel, lengths, lengths);
        }

        TensorPrimitives.Sqrt(lengths, lengths);
        TensorPrimitives.Add(lengths, 1e-10f, lengths);
        TensorPrimitives.Reciprocal(lengths, lengths);
        return lengths;
    }

    private static Span<float> Reserve(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new float[length];
        }

        return buffer.AsSpan(0, length);
    }

    private float[] Pooled(int photo)
    {
        ReadOnlySpan<float> features = Features(Channels.Length - 1, photo);
        var pooled = new float[Channels[^1]];
        int positions = features.Length / pooled.Length;
        for (int c = 0; c < pooled.Length; c++)
        {
            pooled[c] = TensorPrimitives.Sum(features.Slice(c * positions, positions)) / positions;
        }

        return pooled;
    }
}
