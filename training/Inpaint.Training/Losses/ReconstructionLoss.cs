using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>The weighted distance between fill and truth: the mean over photos, channels and pixels of weight times distance.</summary>
internal sealed class ReconstructionLoss : IDisposable
{
    private const double CharbonnierEpsilon = 1e-3;

    private readonly Distance _distance;
    private readonly Tensor _weights;

    /// <param name="config">Distance and weights.</param>
    /// <param name="hole">Side of the hole in pixels.</param>
    /// <param name="device">Where fills lie.</param>
    public ReconstructionLoss(ReconstructionConfig config, int hole, Device device)
    {
        _distance = config.Loss;
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
    public Tensor Of(Tensor fill, Tensor truth)
    {
        Tensor difference = fill - truth;
        Tensor distance = _distance switch
        {
            Distance.Mse => difference.square(),
            Distance.L1 => difference.abs(),
            _ => (difference.square() + CharbonnierEpsilon * CharbonnierEpsilon).sqrt(),
        };
        return (distance * _weights).mean();
    }

    public void Dispose() => _weights.Dispose();
}
