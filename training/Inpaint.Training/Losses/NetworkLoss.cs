using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Losses;

/// <summary>The terms that any fill network can learn from: distance, features, divergence, orthogonal penalty.</summary>
internal sealed class NetworkLoss : IDisposable
{
    private readonly ReconstructionConfig _config;
    private readonly FillNetwork _network;
    private readonly ReconstructionLoss _reconstruction;
    private readonly FeatureLoss? _features;
    private readonly double _orthogonal;
    private readonly IReadOnlyList<Tensor> _orthogonalWeights;

    /// <param name="config">Distance and weights.</param>
    /// <param name="features">The distance of features, which this loss owns; null for none.</param>
    /// <param name="orthogonal">Weight of the orthogonal penalty; 0 for none.</param>
    /// <param name="hole">Side of the hole in pixels.</param>
    /// <param name="network">The network, on its device.</param>
    public NetworkLoss(ReconstructionConfig config, FeatureLoss? features, double orthogonal, int hole, FillNetwork network)
    {
        (_config, _features, _orthogonal, _network) = (config, features, orthogonal, network);
        _reconstruction = new ReconstructionLoss(config, hole, network.parameters().First().device);
        _orthogonalWeights = orthogonal > 0 ? OrthogonalPenalty.Weights(network) : [];
    }

    /// <summary>The distance of features; null for none.</summary>
    public FeatureLoss? Features => _features;

    /// <summary>The sum of the terms, each of which is also added to <paramref name="terms"/> by name.</summary>
    /// <param name="fill">The network's output.</param>
    /// <param name="image">[N, 3, S, S], its input.</param>
    /// <param name="truth">[N, 3, S, S], the whole photos.</param>
    /// <param name="terms">Receives the terms.</param>
    /// <param name="mask">[N, 1, S, S], 1 where pixels count, if the network gives whole pictures; null if it gives the hole.</param>
    public Tensor Of(Tensor fill, Tensor image, Tensor truth, Dictionary<string, double> terms, Tensor? mask = null)
    {
        Tensor loss = _reconstruction.Of(fill, Blocks.Centre(truth, (int)(truth.shape[2] - fill.shape[2]) / 2), mask);
        terms["reconstruction"] = loss.item<float>();
        if (_features is not null)
        {
            Tensor distance = _features.Of(Blocks.Paste(image, fill), truth);
            terms["features"] = distance.item<float>();
            loss = loss + _features.Weight * distance;
        }

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

    public void Dispose()
    {
        _reconstruction.Dispose();
        _features?.Dispose();
    }
}
