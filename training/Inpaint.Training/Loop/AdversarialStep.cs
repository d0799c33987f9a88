using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>
/// The step of networks that also learn from a discriminator of the pasted hole with its surroundings: the discriminator is trained first,
/// then the network.
/// </summary>
internal sealed class AdversarialStep : ITrainingStep
{
    private readonly AdversarialConfig _adversarial;
    private readonly PictureConfig _picture;
    private readonly Compute _compute;
    private readonly FillNetwork _network;
    private readonly PatchDiscriminator _discriminator;
    private readonly ModuleOptimizer _generator, _critic;
    private readonly FeatureCritic? _featureCritic;
    private readonly NetworkLoss _networkLoss;
    private readonly AdversarialLoss _adversarialLoss;

    public AdversarialStep(TrainingConfig config, AdversarialConfig adversarial, FillNetwork network, Compute compute)
    {
        (_network, _compute, _picture, _adversarial) = (network, compute, config.Picture, adversarial);
        _discriminator = new PatchDiscriminator(_adversarial.Width, config.Picture.Hole, _adversarial.Context);
        compute.Place(_discriminator);
        _generator = new ModuleOptimizer(network, config.Optimizer, config.Optimizer.LearningRate);
        _critic = new ModuleOptimizer(_discriminator, config.Optimizer with { WeightDecay = 0, ClipNorm = 0 }, _adversarial.LearningRate);
        _networkLoss = ITrainingStep.LossOf(config, network, compute);
        _adversarialLoss = new AdversarialLoss(_adversarial);
        var modules = new Dictionary<string, ModuleOptimizer> { ["network"] = _generator, ["discriminator"] = _critic };
        _featureCritic = FeatureCritic.Of(config, compute);
        if (_featureCritic is not null)
        {
            modules["feature_discriminator"] = _featureCritic.Optimizer;
        }

        Modules = modules;
    }

    public IReadOnlyDictionary<string, ModuleOptimizer> Modules { get; }

    public IReadOnlyDictionary<string, double> Run(DeviceBatch batch, long step, double rate)
    {
        var terms = new Dictionary<string, double>();
        Tensor truth = Surroundings(batch.Truth);
        Tensor fill = _compute.Forward(() => _network.forward(batch.Image, batch.Condition));
        Tensor pasted = Surroundings(Blocks.Paste(batch.Image, fill));

        Tensor loss = _networkLoss.Of(fill, batch.Image, batch.Truth, terms);
        TrainDiscriminator(truth, pasted.detach(), rate, terms);
        _featureCritic?.Train(_networkLoss.Features!.Last, rate, terms);
        if (step < _adversarial.HeadStart)
        {
            terms["loss"] = terms["discriminator"];
            return terms;
        }

        _generator.ZeroGradients();
        (Tensor logits, IReadOnlyList<Tensor> features) = Judge(pasted);
        Tensor adversarial = _adversarialLoss.OfGenerator(logits);
        terms["adversarial"] = adversarial.item<float>();
        loss = loss + _adversarial.Weight * adversarial;
        if (_featureCritic is not null)
        {
            loss = loss + _featureCritic.Term(_networkLoss.Features!.Last.Fill, terms);
        }

        if (_adversarial.FeatureMatching > 0)
        {
            IReadOnlyList<Tensor> real;
            using (no_grad())
            {
                real = Judge(truth).Features;
            }

            Tensor distance = AdversarialLoss.FeatureDistance(real, features);
            terms["feature_matching"] = distance.item<float>();
            loss = loss + _adversarial.FeatureMatching * distance;
        }

        terms["gradient"] = _generator.Step(loss, rate);
        terms["loss"] = loss.item<float>();
        return terms;
    }

    public void Dispose()
    {
        _generator.Dispose();
        _critic.Dispose();
        _networkLoss.Dispose();
        _discriminator.Dispose();
        _featureCritic?.Dispose();
    }

    private void TrainDiscriminator(Tensor truth, Tensor pasted, double rate, Dictionary<string, double> terms)
    {
        _critic.ZeroGradients();
        Tensor both = cat([truth, pasted], 0);
        if (_adversarial.Noise > 0)
        {
            both = both + _adversarial.Noise * randn_like(both);
        }

        Tensor[] logits = Judge(both).Logits.chunk(2, 0);
        Tensor loss = _adversarialLoss.OfDiscriminator(logits[0], logits[1]);
        terms["discriminator"] = loss.item<float>();
        terms["real_right"] = (logits[0] > 0).to(ScalarType.Float32).mean().item<float>();
        terms["fill_right"] = (logits[1] < 0).to(ScalarType.Float32).mean().item<float>();
        if (_adversarial.GradientPenalty > 0)
        {
            Tensor penalty = GradientPenalty(truth);
            terms["gradient_penalty"] = penalty.item<float>();
            loss = loss + _adversarial.GradientPenalty * penalty;
        }

        _critic.Step(loss, rate);
    }

    private Tensor GradientPenalty(Tensor truth)
    {
        using Tensor real = truth.detach().requires_grad_();
        Tensor logits = _discriminator.Judge(real).Logits;
        Tensor gradient = autograd.grad([logits.sum()], [real], retain_graph: true, create_graph: true)[0];
        return gradient.square().sum([1, 2, 3]).mean();
    }

    private (Tensor Logits, IReadOnlyList<Tensor> Features) Judge(Tensor picture)
    {
        (Tensor logits, IReadOnlyList<Tensor> features) = _compute.Run(() => _discriminator.Judge(picture));
        return (logits.to(ScalarType.Float32), features);
    }

    private Tensor Surroundings(Tensor whole) => Blocks.Centre(whole, _picture.Margin - _adversarial.Context);
}
