using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>The losses of discriminator and generator on logits.</summary>
internal sealed class AdversarialLoss(AdversarialConfig config)
{
    /// <summary>What the discriminator makes small: real logits up, those of fills down.</summary>
    public Tensor OfDiscriminator(Tensor real, Tensor fill) => config.Loss switch
    {
        AdversarialLossKind.Hinge => nn.functional.relu(1 - real).mean() + nn.functional.relu(1 + fill).mean(),
        _ => nn.functional.binary_cross_entropy_with_logits(real, full_like(real, config.RealLabel))
            + nn.functional.binary_cross_entropy_with_logits(fill, zeros_like(fill)),
    };

    /// <summary>What the generator makes small: non-saturating.</summary>
    public Tensor OfGenerator(Tensor fill) => config.Loss switch
    {
        AdversarialLossKind.Hinge => -fill.mean(),
        _ => nn.functional.binary_cross_entropy_with_logits(fill, ones_like(fill)),
    };

    /// <summary>Mean distance between the discriminator's features of truth and fill, over its levels.</summary>
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
