using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>Single steps of a configuration, without a run's folder: for measuring and for trying networks out.</summary>
internal sealed class MeasuredSteps : IDisposable
{
    private readonly TrainingConfig _config;
    private readonly Compute _compute;
    private readonly FillNetwork _network;
    private readonly ITrainingStep _step;
    private readonly BatchSource _batches;
    private readonly int _vocabulary;
    private readonly bool _isOwn;
    private long _done;

    /// <param name="config">The configuration.</param>
    /// <param name="photos">The photos to learn from.</param>
    /// <param name="vocabulary">The words of captions; null without.</param>
    /// <param name="compute">Device and precision.</param>
    /// <param name="network">The network, already on the device, which stays the caller's; null for a fresh one.</param>
    public MeasuredSteps(TrainingConfig config, PhotoPool photos, Vocabulary? vocabulary, Compute compute, FillNetwork? network = null)
    {
        (_config, _compute, _vocabulary) = (config, compute, vocabulary?.Count ?? 0);
        _network = network ?? NetworkFactory.Create(config, _vocabulary);
        _isOwn = network is null;
        if (_isOwn)
        {
            compute.Place(_network);
        }

        _step = TrainingSteps.Create(config, _network, compute);
        _batches = new BatchSource(photos, vocabulary is null ? null : new WordTable(photos, new CaptionEncoder(vocabulary)), config);
    }

    /// <summary>Photos a step.</summary>
    public int BatchSize => _batches.BatchSize;

    /// <summary>Numbers in the network's weights.</summary>
    public long Weights => _network.parameters().Sum(p => p.numel());

    /// <summary>The network's name.</summary>
    public string Network => _network.GetName();

    /// <summary>One step; its losses.</summary>
    public IReadOnlyDictionary<string, double> Step()
    {
        using DisposeScope scope = NewDisposeScope();
        _network.train();
        return _step.Run(Batches.ToDevice(_batches.Take(_done), _config, _compute, _vocabulary), _done++, 1);
    }

    public void Dispose()
    {
        _step.Dispose();
        if (_isOwn)
        {
            _network.Dispose();
        }
    }
}

/// <summary>Makes the step of a configuration.</summary>
internal static class TrainingSteps
{
    /// <summary>With a discriminator where the configuration has one.</summary>
    public static ITrainingStep Create(TrainingConfig config, FillNetwork network, Compute compute) =>
        config.Adversarial is null ? new ReconstructionStep(config, network, compute) : new AdversarialStep(config, network, compute);
}
