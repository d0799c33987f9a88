using TorchSharp;

namespace Inpaint.Training.Loop;

/// <summary>What one step does with a batch: forward, losses, backward, update.</summary>
internal interface ITrainingStep : IDisposable
{
    /// <summary>The trained modules, by their names in a checkpoint; the fill network is <c>network</c>.</summary>
    IReadOnlyDictionary<string, ModuleOptimizer> Modules { get; }

    /// <summary>Runs the step.</summary>
    /// <param name="batch">The batch; disposed by the caller.</param>
    /// <param name="step">The step's number, from 0.</param>
    /// <param name="rate">Factor on the learning rates, 0 to 1.</param>
    /// <returns>Losses and other figures to plot, by name; <c>loss</c> is the network's.</returns>
    /// <exception cref="NotFiniteNumberException">A loss or gradient is not finite; the message names it.</exception>
    IReadOnlyDictionary<string, double> Run(DeviceBatch batch, long step, double rate);

    /// <summary>The step of a configuration: with a discriminator where it has an adversarial loss.</summary>
    static ITrainingStep Create(TrainingConfig config, FillNetwork network, Compute compute) => config.Adversarial is null
        ? new ReconstructionStep(config, network, compute)
        : new AdversarialStep(config, config.Adversarial, network, compute);

    /// <summary>The loss of a configuration's network, without the discriminator's terms.</summary>
    static NetworkLoss LossOf(TrainingConfig config, FillNetwork network, Compute compute)
    {
        FeatureLoss? features = config.Features is { } settings ? new FeatureLoss(settings, config.Picture, compute) : null;
        return new NetworkLoss(config.Reconstruction, features, config.Orthogonal, config.Picture.Hole, network);
    }
}
