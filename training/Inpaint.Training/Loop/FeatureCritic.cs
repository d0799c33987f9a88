using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>The second discriminator of an adversarial training, which judges the features that the feature loss compares.</summary>
internal sealed class FeatureCritic : IDisposable
{
    private readonly double _weight;
    private readonly Compute _compute;
    private readonly AdversarialLoss _loss;
    private readonly FeatureDiscriminator _discriminator;

    private FeatureCritic(AdversarialConfig adversarial, TrainingConfig config, FeaturesConfig features, Compute compute)
    {
        (_weight, _compute, _loss) = (adversarial.FeatureWeight, compute, new AdversarialLoss(adversarial));
        _discriminator = new FeatureDiscriminator(
            features.Stages.Select(s => ResNetWeights.Channels[s - 1]),
            (double)features.Context / (config.Picture.Hole + 2 * features.Context));
        compute.Place(_discriminator);
        Optimizer = new ModuleOptimizer(
            _discriminator, config.Optimizer with { WeightDecay = 0, ClipNorm = 0 }, adversarial.LearningRate);
    }

    public ModuleOptimizer Optimizer { get; }

    /// <summary>The critic of a configuration; null if it has none.</summary>
    public static FeatureCritic? Of(TrainingConfig config, Compute compute) => config.Adversarial is { FeatureWeight: > 0 } adversarial
        ? new FeatureCritic(adversarial, config, config.Features!, compute)
        : null;

    /// <summary>Trains the discriminator.</summary>
    /// <param name="features">The features of fill and truth, by stage.</param>
    /// <param name="rate">Factor on the learning rate.</param>
    /// <param name="terms">Receives the loss.</param>
    public void Train((IReadOnlyList<Tensor> Fill, IReadOnlyList<Tensor> Truth) features, double rate, Dictionary<string, double> terms)
    {
        Optimizer.ZeroGradients();
        IReadOnlyList<Tensor> logits = Judge([.. features.Truth.Zip(features.Fill, (t, f) => cat([t, f.detach()], 0))]);
        Tensor loss = Sum(logits.Select(l => l.chunk(2, 0)).Select(l => _loss.OfDiscriminator(l[0], l[1])));
        terms["feature_discriminator"] = loss.item<float>();
        Optimizer.Step(loss, rate);
    }

    /// <summary>The fill network's term, with its weight.</summary>
    /// <param name="fill">The features of the fill, by stage.</param>
    /// <param name="terms">Receives the term without the weight.</param>
    public Tensor Term(IReadOnlyList<Tensor> fill, Dictionary<string, double> terms)
    {
        Tensor loss = Sum(Judge(fill).Select(_loss.OfGenerator));
        terms["adversarial_features"] = loss.item<float>();
        return _weight * loss;
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        _discriminator.Dispose();
    }

    private static Tensor Sum(IEnumerable<Tensor> losses) => losses.Aggregate((a, b) => a + b);

    private IReadOnlyList<Tensor> Judge(IReadOnlyList<Tensor> features) =>
        [.. _compute.Run(() => _discriminator.Judge(features)).Select(l => l.to(ScalarType.Float32))];
}
