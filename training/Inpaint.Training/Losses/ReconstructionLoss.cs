using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Losses;

/// <summary>The loss against the truth.</summary>
internal sealed record ReconstructionConfig
{
    /// <summary>The distance. Default mean squared error.</summary>
    public Distance Loss { get; init; } = Distance.Mse;

    /// <summary>Weight of the whole term. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Relative weight of pixels near the hole's edge (Context Encoders, arXiv 1604.07379: 10). Default 1.</summary>
    public double EdgeWeight { get; init; } = 1;

    /// <summary>Width in pixels of the band along the edge that has this weight. Default 4.</summary>
    public int EdgeWidth { get; init; } = 4;

    /// <summary>Weight of the divergence from a normal distribution of a variational network's code. Default 1e-4.</summary>
    public double Divergence { get; init; } = 1e-4;

    /// <summary>What must hold of the settings.</summary>
    internal IEnumerable<SettingRule> Rules(PictureConfig picture) =>
    [
        new(Weight > 0, "reconstruction.weight", Weight, "above 0"),
        new(EdgeWeight >= 1, "reconstruction.edge_weight", EdgeWeight, "at least 1"),
        new(EdgeWidth >= 1 && EdgeWidth * 2 <= picture.Hole, "reconstruction.edge_width", EdgeWidth, "1 to half of picture.hole"),
        new(Divergence >= 0, "reconstruction.divergence", Divergence, "0 or more"),
    ];
}

/// <summary>A distance between fill and truth.</summary>
internal enum Distance
{
    /// <summary>Mean squared error.</summary>
    Mse,

    /// <summary>Mean absolute error.</summary>
    L1,

    /// <summary>Charbonnier: sqrt(d^2 + 0.001^2).</summary>
    Charbonnier,
}

/// <summary>The weighted distance between fill and truth: the mean over photos, channels and pixels of weight times distance.</summary>
internal sealed class ReconstructionLoss : IDisposable
{
    private const double CharbonnierEpsilon = 1e-3;

    private readonly Distance _distance;
    private readonly Tensor _weights;
    private readonly double _weight;

    /// <param name="config">Distance and weights.</param>
    /// <param name="hole">Side of the hole in pixels.</param>
    /// <param name="device">The device of fills.</param>
    public ReconstructionLoss(ReconstructionConfig config, int hole, Device device)
    {
        (_distance, _weight) = (config.Loss, config.Weight);
        float[] weights = new float[hole * hole];
        for (int y = 0; y < hole; y++)
        {
            for (int x = 0; x < hole; x++)
            {
                int fromEdge = Math.Min(Math.Min(x, y), Math.Min(hole - 1 - x, hole - 1 - y));
                weights[y * hole + x] = (float)(config.Weight * (fromEdge < config.EdgeWidth ? config.EdgeWeight : 1));
            }
        }

        _weights = tensor(weights, [1, 1, hole, hole]).to(device);
    }

    /// <summary>The loss of a batch [N, 3, H, H].</summary>
    /// <param name="fill">The network's output.</param>
    /// <param name="truth">What it should be.</param>
    /// <param name="mask">[N, 1, H, H], 1 where pixels count; null for all of them.</param>
    public Tensor Of(Tensor fill, Tensor truth, Tensor? mask = null)
    {
        Tensor difference = fill - truth;
        Tensor distance = _distance switch
        {
            Distance.Mse => difference.square(),
            Distance.L1 => difference.abs(),
            _ => (difference.square() + CharbonnierEpsilon * CharbonnierEpsilon).sqrt(),
        };
        return mask is null ? (distance * _weights).mean() : (distance * mask).sum() * _weight / (mask.sum() * fill.shape[1]);
    }

    public void Dispose() => _weights.Dispose();
}
