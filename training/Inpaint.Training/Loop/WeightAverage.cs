using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>
/// An exponential moving average of a network's weights, in a second network of the same shape:
/// average += (1 - d) (weight - average), with d rising as (1 + step) / (10 + step) up to the decay.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly (Tensor Average, Tensor Weight)[] _pairs;
    private readonly (Tensor Average, Tensor Weight)[] _buffers;
    private readonly double _decay;

    /// <param name="source">The network that is trained.</param>
    /// <param name="average">A network of the same shape; its weights are overwritten.</param>
    /// <param name="decay">0 to below 1; 0 makes the average the last weights.</param>
    public WeightAverage(FillNetwork source, FillNetwork average, double decay)
    {
        (Network, _decay) = (average, decay);
        _pairs = [.. average.parameters().Zip(source.parameters()).Select(p => ((Tensor)p.First, (Tensor)p.Second))];

        // Other buffers are constants of the network, such as the membrane's weights.
        _buffers = [.. average.named_buffers().Zip(source.named_buffers())
            .Where(p => IsStatistic(p.First.name)).Select(p => (p.First.buffer, p.Second.buffer))];
        Network.eval();
        foreach (Parameter parameter in average.parameters())
        {
            parameter.requires_grad = false;
        }

        Restart();
    }

    /// <summary>The network with the averaged weights, in evaluation mode.</summary>
    public FillNetwork Network { get; }

    /// <summary>Resets the average to the weights.</summary>
    public void Restart()
    {
        using IDisposable quiet = no_grad();
        foreach ((Tensor average, Tensor weight) in _pairs.Concat(_buffers))
        {
            average.copy_(weight);
        }
    }

    /// <summary>Updates the average after a step; batch norm statistics are copied.</summary>
    public void Update(long step)
    {
        using IDisposable quiet = no_grad();
        double decay = Math.Min(_decay, (1.0 + step) / (10.0 + step));
        foreach ((Tensor average, Tensor weight) in _pairs)
        {
            average.lerp_(weight, 1 - decay);
        }

        foreach ((Tensor average, Tensor weight) in _buffers)
        {
            average.copy_(weight);
        }
    }

    public void Dispose() => Network.Dispose();

    private static bool IsStatistic(string name) =>
        ModuleWeights.IsStatistic(name) || name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);
}
