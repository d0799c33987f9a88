using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>The terms that every filling network learns from: distance, divergence, orthogonal penalty.</summary>
internal sealed class NetworkLoss : IDisposable
{
    private readonly TrainingConfig _config;
    private readonly FillNetwork _network;
    private readonly ReconstructionLoss _reconstruction;
    private readonly IReadOnlyList<Tensor> _orthogonal;

    public NetworkLoss(TrainingConfig config, FillNetwork network, Compute compute)
    {
        (_config, _network) = (config, network);
        _reconstruction = new ReconstructionLoss(config.Reconstruction, config.Picture.Hole, compute.Device);
        _orthogonal = config.Orthogonal > 0 ? OrthogonalPenalty.Weights(network) : [];
    }

    /// <summary>The sum of the terms; each is also noted by its name.</summary>
    public Tensor Of(Tensor fill, Tensor truth, Dictionary<string, double> terms)
    {
        Tensor loss = _reconstruction.Of(fill, truth);
        terms["reconstruction"] = loss.item<float>();
        if (_network.Divergence is { } divergence)
        {
            Tensor exact = divergence.to(ScalarType.Float32);
            terms["divergence"] = exact.item<float>();
            loss = loss + _config.Reconstruction.Divergence * exact;
        }

        if (_orthogonal.Count > 0)
        {
            Tensor penalty = OrthogonalPenalty.Of(_orthogonal);
            terms["orthogonal"] = penalty.item<float>();
            loss = loss + _config.Orthogonal * penalty;
        }

        return loss;
    }

    public void Dispose() => _reconstruction.Dispose();
}
