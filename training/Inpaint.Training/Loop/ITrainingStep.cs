using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>One batch on the device.</summary>
/// <param name="Image">[N, 3, S, S] with the hole zeroed.</param>
/// <param name="Truth">[N, 3, S, S], the whole photo.</param>
/// <param name="Fill">[N, 3, H, H], the hidden pixels.</param>
/// <param name="Caption">[N, V], or null.</param>
internal sealed record DeviceBatch(Tensor Image, Tensor Truth, Tensor Fill, Tensor? Caption);

/// <summary>What one step does with a batch: forward, losses, backward, update.</summary>
internal interface ITrainingStep : IDisposable
{
    /// <summary>The modules that learn, by the name that their weights have in a checkpoint; the filling network is <c>network</c>.</summary>
    IReadOnlyDictionary<string, nn.Module> Modules { get; }

    /// <summary>Their optimizers, by the same names.</summary>
    IReadOnlyDictionary<string, AdamW> Optimizers { get; }

    /// <summary>Runs the step.</summary>
    /// <param name="batch">The batch; disposed by the caller.</param>
    /// <param name="step">The step's number, from 0.</param>
    /// <param name="rate">Factor on the learning rates, 0 to 1.</param>
    /// <returns>The losses and what else is worth plotting, by name; <c>loss</c> is the network's.</returns>
    /// <exception cref="NotFiniteNumberException">A loss or gradient is not a number; says which.</exception>
    IReadOnlyDictionary<string, double> Run(DeviceBatch batch, long step, double rate);
}
