using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>Single steps of a configuration without a run folder, for measuring and trying out networks.</summary>
internal sealed class MeasuredSteps : IDisposable
{
    private readonly TrainingConfig _config;
    private readonly Compute _compute;
    private readonly ITrainingStep _step;
    private readonly BatchSource _batches;
    private readonly bool _ownsNetwork;
    private long _done;

    /// <param name="config">The configuration.</param>
    /// <param name="photos">The photos to learn from.</param>
    /// <param name="vocabulary">The words of captions; null without.</param>
    /// <param name="compute">Device and precision.</param>
    /// <param name="network">The network, already on the device, owned by the caller. Default: a new one.</param>
    /// <param name="large">The photos that larger batches are cropped from. Default: batches of one size.</param>
    public MeasuredSteps(
        TrainingConfig config, PhotoPool photos, Vocabulary? vocabulary, Compute compute, FillNetwork? network = null,
        PhotoPool? large = null)
    {
        (_config, _compute, _ownsNetwork) = (config, compute, network is null);
        Network = network ?? config.CreateNetwork(vocabulary?.Count ?? 0);
        if (_ownsNetwork)
        {
            compute.Place(Network);
        }

        _step = ITrainingStep.Create(config, Network, compute);
        _batches = new BatchSource(photos, WordTable.Of(photos, vocabulary), config, large);
    }

    /// <summary>Photos per step.</summary>
    public int BatchSize => _batches.BatchSize;

    public FillNetwork Network { get; }

    /// <summary>Runs one step; returns its losses.</summary>
    public IReadOnlyDictionary<string, double> Step()
    {
        using DisposeScope scope = NewDisposeScope();
        Network.train();
        return _step.Run(DeviceBatch.From(_batches.Take(_done), _config.Picture, _compute), _done++, 1);
    }

    public void Dispose()
    {
        _step.Dispose();
        if (_ownsNetwork)
        {
            Network.Dispose();
        }
    }
}
