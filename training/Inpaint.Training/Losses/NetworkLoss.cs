using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Losses;

/// <summary>The terms that every fill network learns from: distance, divergence, orthogonal penalty.</summary>
internal sealed class NetworkLoss : IDisposable
{
    private readonly ReconstructionConfig _config;
    private readonly FillNetwork _network;
    private readonly ReconstructionLoss _reconstruction;
    private readonly double _orthogonal;
    private readonly IReadOnlyList<Tensor> _orthogonalWeights;

    /// <param name="config">Distance and weights.</param>
    /// <param name="orthogonal">Weight of the orthogonal penalty; 0 for none.</param>
    /// <param name="hole">Side of the hole in pixels.</param>
    /// <param name="network">The network, on its device.</param>
    public NetworkLoss(ReconstructionConfig config, double orthogonal, int hole, FillNetwork network)
    {
        (_config, _orthogonal, _network) = (config, orthogonal, network);
        _reconstruction = new ReconstructionLoss(config, hole, network.parameters().First().device);
        _orthogonalWeights = orthogonal > 0 ? OrthogonalPenalty.Weights(network) : [];
    }

    /// <summary>The sum of the terms, each of which is also added to <paramref name="terms"/> by name.</summary>
    /// <param name="fill">The network's output.</param>
    /// <param name="truth">What it should be.</param>
    /// <param name="terms">Receives the terms.</param>
    /// <param name="mask">[N, 1, H, W], 1 where pixels count; null for all of them.</param>
    public Tensor Of(Tensor fill, Tensor truth, Dictionary<string, double> terms, Tensor? mask = null)
    {
        Tensor loss = _reconstruction.Of(fill, truth, mask);
        terms["reconstruction"] = loss.item<float>();
        if (_network.Divergence is { } divergence)
        {
            Tensor exact = divergence.to(ScalarType.Float32);
            terms["divergence"] = exact.item<float>();
            loss = loss + _config.Divergence * exact;
        }

        if (_orthogonalWeights.Count > 0)
        {
            Tensor penalty = OrthogonalPenalty.Of(_orthogonalWeights);
            terms["orthogonal"] = penalty.item<float>();
            loss = loss + _orthogonal * penalty;
        }

        return loss;
    }

    public void Dispose() => _reconstruction.Dispose();
}
