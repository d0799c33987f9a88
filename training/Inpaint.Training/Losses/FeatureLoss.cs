using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Losses;

/// <summary>The distance between fill and truth in the features of a pretrained network, see <see cref="FeatureLoss"/>.</summary>
internal sealed record FeaturesConfig
{
    /// <summary>Weight of the term. Default 0.1.</summary>
    public double Weight { get; init; } = 0.1;

    /// <summary>The compared stages of the evaluation's perceptual network, 1 to 3. Default all three.</summary>
    public IReadOnlyList<int> Stages { get; init; } = [1, 2, 3];

    /// <summary>Known pixels around the hole that the network sees. Default 8.</summary>
    public int Context { get; init; } = 8;

    /// <summary>What must hold of the settings.</summary>
    internal IEnumerable<SettingRule> Rules(PictureConfig picture) =>
    [
        new(Weight > 0, "features.weight", Weight, "above 0"),
        new(
            Stages.Count > 0 && Stages.Distinct().Count() == Stages.Count && Stages.All(s => s is >= 1 and <= ResNetFeatures.StageCount),
            "features.stages", string.Join(", ", Stages), $"different stages from 1 to {ResNetFeatures.StageCount}"),
        new(
            Context >= 0 && Context <= picture.Margin
                && (picture.Hole + 2 * Context) * FeatureLoss.Enlargement % ResNetFeatures.SideMultiple == 0,
            "features.context", Context, "0 to the known margin, with hole + 2 context a multiple of 8"),
    ];
}

/// <summary>
/// The distance between the features of pasted fill and truth, defined like that of the evaluation
/// (<see cref="PerceptualComparison.Distance"/>): the squared difference of features that are normalised to unit length at each position,
/// averaged over positions and stages.
/// </summary>
internal sealed class FeatureLoss : IDisposable
{
    /// <summary>Pictures are doubled in size first: the network was trained on 224x224.</summary>
    public const int Enlargement = 2;

    private const double Epsilon = 1e-6;

    private readonly FeaturesConfig _config;
    private readonly Compute _compute;
    private readonly ResNetFeatures _network;
    private readonly int _cut;

    public FeatureLoss(FeaturesConfig config, PictureConfig picture, Compute compute)
    {
        (_config, _compute, _cut) = (config, compute, picture.Margin - config.Context);
        _network = new ResNetFeatures();
        compute.Place(_network);
    }

    /// <summary>The features of the last fill and truth, by stage.</summary>
    public (IReadOnlyList<Tensor> Fill, IReadOnlyList<Tensor> Truth) Last { get; private set; } = ([], []);

    /// <summary>Weight of the distance in the whole loss.</summary>
    public double Weight => _config.Weight;

    /// <summary>The distance, without the weight.</summary>
    /// <param name="pasted">[N, 3, S, S], the photos with the fill.</param>
    /// <param name="truth">[N, 3, S, S], the photos.</param>
    public Tensor Of(Tensor pasted, Tensor truth)
    {
        IReadOnlyList<Tensor> wanted;
        using (no_grad())
        {
            wanted = Features(truth);
        }

        Last = (Features(pasted), wanted);
        return Distance(Last.Fill, wanted);
    }

    /// <summary>The distance between features [N, C, h, w] of several stages.</summary>
    public static Tensor Distance(IReadOnlyList<Tensor> found, IReadOnlyList<Tensor> wanted)
    {
        Tensor[] distances = [.. found.Zip(wanted, (a, b) => (Normalised(a) - Normalised(b)).square().sum(1).mean())];
        return stack(distances).mean();
    }

    public void Dispose() => _network.Dispose();

    private static Tensor Normalised(Tensor features)
    {
        Tensor exact = features.to(ScalarType.Float32);
        return exact / (exact.square().sum(1, keepdim: true) + Epsilon).sqrt();
    }

    private IReadOnlyList<Tensor> Features(Tensor whole)
    {
        Tensor large = nn.functional.interpolate(
            Blocks.Centre(whole, _cut), scale_factor: [Enlargement, Enlargement], mode: InterpolationMode.Bilinear, align_corners: false);
        IReadOnlyList<Tensor> stages = _compute.Run(() => _network.Stages(_compute.Layout(large), _config.Stages.Max()));
        return [.. _config.Stages.Select(s => stages[s - 1])];
    }
}
