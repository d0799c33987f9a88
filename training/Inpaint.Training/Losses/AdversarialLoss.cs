using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Losses;

/// <summary>The discriminator and its losses.</summary>
internal sealed record AdversarialConfig
{
    /// <summary>The loss of generator and discriminator. Default hinge.</summary>
    public AdversarialLossKind Loss { get; init; } = AdversarialLossKind.Hinge;

    /// <summary>Weight of the generator's adversarial term. Default 0.001 (arXiv 1604.07379).</summary>
    public double Weight { get; init; } = 1e-3;

    /// <summary>Weight of the distance between the discriminator's features of fill and truth. Default 0.</summary>
    public double FeatureMatching { get; init; }

    /// <summary>
    /// Weight of the adversarial term of a second discriminator, which sees the stages of the feature loss instead of pixels (after
    /// arXiv 2111.01007). Default 0: none.
    /// </summary>
    public double FeatureWeight { get; init; }

    /// <summary>Learning rate of the discriminator. Default 0.0002.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Label of real photos with the cross-entropy loss (label smoothing). Default 0.9.</summary>
    public double RealLabel { get; init; } = 0.9;

    /// <summary>Standard deviation of the noise added to the discriminator's input. Default 0.</summary>
    public double Noise { get; init; }

    /// <summary>Weight of the gradient penalty on real photos (R1, arXiv 1801.04406). Default 0.</summary>
    public double GradientPenalty { get; init; }

    /// <summary>Channels of the discriminator's first level. Default 32.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Known pixels around the hole that the discriminator sees. Default 8.</summary>
    public int Context { get; init; } = 8;

    /// <summary>Steps in which only the discriminator learns. Default 0.</summary>
    public int HeadStart { get; init; }

    /// <summary>What must hold of the settings.</summary>
    internal IEnumerable<SettingRule> Rules(PictureConfig picture) =>
    [
        new(Weight >= 0, "adversarial.weight", Weight, "0 or more"),
        new(FeatureMatching >= 0, "adversarial.feature_matching", FeatureMatching, "0 or more"),
        new(FeatureWeight >= 0, "adversarial.feature_weight", FeatureWeight, "0 or more"),
        new(LearningRate > 0, "adversarial.learning_rate", LearningRate, "above 0"),
        new(RealLabel is > 0.5 and <= 1, "adversarial.real_label", RealLabel, "above 0.5, at most 1"),
        new(Noise is >= 0 and < 1, "adversarial.noise", Noise, "0 to below 1"),
        new(GradientPenalty >= 0, "adversarial.gradient_penalty", GradientPenalty, "0 or more"),
        new(Width is >= 4 and <= 512, "adversarial.width", Width, "4 to 512"),
        new(
            Context >= 0 && Context <= picture.Margin && (picture.Hole + 2 * Context) % 8 == 0,
            "adversarial.context", Context, "0 to the known margin, with hole + 2 context a multiple of 8"),
        new(HeadStart >= 0, "adversarial.head_start", HeadStart, "0 or more"),
    ];
}

/// <summary>The loss of generator and discriminator.</summary>
internal enum AdversarialLossKind
{
    /// <summary>Hinge, with the plain mean for the generator (arXiv 1705.02894).</summary>
    Hinge,

    /// <summary>Binary cross-entropy on logits, non-saturating, with smoothed real labels.</summary>
    CrossEntropy,
}

/// <summary>The losses of discriminator and generator on logits.</summary>
internal sealed class AdversarialLoss(AdversarialConfig config)
{
    /// <summary>The discriminator's loss: real logits up, those of fills down.</summary>
    public Tensor OfDiscriminator(Tensor real, Tensor fill) => config.Loss switch
    {
        AdversarialLossKind.Hinge => nn.functional.relu(1 - real).mean() + nn.functional.relu(1 + fill).mean(),
        _ => nn.functional.binary_cross_entropy_with_logits(real, full_like(real, config.RealLabel))
            + nn.functional.binary_cross_entropy_with_logits(fill, zeros_like(fill)),
    };

    /// <summary>The generator's loss, non-saturating.</summary>
    public Tensor OfGenerator(Tensor fill) => config.Loss switch
    {
        AdversarialLossKind.Hinge => -fill.mean(),
        _ => nn.functional.binary_cross_entropy_with_logits(fill, ones_like(fill)),
    };

    /// <summary>Mean distance between the discriminator's features of truth and fill, averaged over its levels.</summary>
    public static Tensor FeatureDistance(IReadOnlyList<Tensor> real, IReadOnlyList<Tensor> fill)
    {
        Tensor sum = zeros(1, device: fill[0].device);
        for (int i = 0; i < fill.Count; i++)
        {
            sum = sum + (fill[i].to(ScalarType.Float32) - real[i].detach().to(ScalarType.Float32)).abs().mean();
        }

        return sum.sum() / fill.Count;
    }
}
