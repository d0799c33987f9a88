using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>The step of networks that learn from the truth alone.</summary>
internal sealed class ReconstructionStep : ITrainingStep
{
    private readonly Compute _compute;
    private readonly FillNetwork _network;
    private readonly ModuleOptimizer _optimizer;
    private readonly NetworkLoss _loss;

    public ReconstructionStep(TrainingConfig config, FillNetwork network, Compute compute)
    {
        (_network, _compute) = (network, compute);
        _optimizer = new ModuleOptimizer(network, config.Optimizer, config.Optimizer.LearningRate);
        _loss = ITrainingStep.LossOf(config, network, compute);
        Modules = new Dictionary<string, ModuleOptimizer> { ["network"] = _optimizer };
    }

    public IReadOnlyDictionary<string, ModuleOptimizer> Modules { get; }

    public IReadOnlyDictionary<string, double> Run(DeviceBatch batch, long step, double rate)
    {
        _optimizer.ZeroGradients();
        Tensor fill = _compute.Forward(() => _network.forward(batch.Image, batch.Condition));
        var terms = new Dictionary<string, double>();
        Tensor loss = _loss.Of(fill, batch.Image, batch.Truth, terms, batch.Mask);
        terms["gradient"] = _optimizer.Step(loss, rate);
        terms["loss"] = loss.item<float>();
        return terms;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _loss.Dispose();
    }
}
