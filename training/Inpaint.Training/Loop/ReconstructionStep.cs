using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>The step of networks that learn from the truth alone.</summary>
internal sealed class ReconstructionStep : ITrainingStep
{
    private readonly TrainingConfig _config;
    private readonly Compute _compute;
    private readonly FillNetwork _network;
    private readonly Learner _learner;
    private readonly NetworkLoss _loss;

    public ReconstructionStep(TrainingConfig config, FillNetwork network, Compute compute)
    {
        (_config, _network, _compute) = (config, network, compute);
        _learner = new Learner(network, config.Optimizer, config.Optimizer.LearningRate);
        _loss = new NetworkLoss(config, network, compute);
        Modules = new Dictionary<string, nn.Module> { ["network"] = network };
        Optimizers = new Dictionary<string, AdamW> { ["network"] = _learner.Optimizer };
    }

    public IReadOnlyDictionary<string, nn.Module> Modules { get; }

    public IReadOnlyDictionary<string, AdamW> Optimizers { get; }

    public IReadOnlyDictionary<string, double> Run(DeviceBatch batch, long step, double rate)
    {
        _learner.Clear();
        Tensor fill = _compute.Forward(() => _network.forward(batch.Image, batch.Caption));
        var terms = new Dictionary<string, double>();
        Tensor loss = _loss.Of(fill, batch.Fill, terms);
        terms["gradient"] = _learner.Learn(loss, rate);
        terms["loss"] = loss.item<float>();
        return terms;
    }

    public void Dispose()
    {
        _learner.Dispose();
        _loss.Dispose();
    }
}
