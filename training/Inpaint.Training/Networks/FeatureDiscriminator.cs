using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

/// <summary>
/// A discriminator of the features of a frozen pretrained network, with two convolutions per stage (after Projected GANs, arXiv
/// 2111.01007), with spectral norm.
/// </summary>
internal sealed class FeatureDiscriminator : nn.Module
{
    private const int Width = 64;

    private readonly ModuleList<Module<Tensor, Tensor>> hidden = [], judges = [];
    private readonly double _outside;

    /// <param name="channels">Channels of each stage.</param>
    /// <param name="outside">Known pixels before the hole, as a fraction of the side.</param>
    public FeatureDiscriminator(IEnumerable<int> channels, double outside) : base(nameof(FeatureDiscriminator))
    {
        _outside = outside;
        foreach (int count in channels)
        {
            hidden.Add(new SpectralConvolution(count, Width, 3, 1, 1));
            judges.Add(new SpectralConvolution(Width, 1, 1, 1, 0));
        }

        RegisterComponents();
    }

    /// <summary>For each stage the logits [N, 1, h', w'] of the positions in the hole.</summary>
    /// <param name="features">[N, C, h, w] of each stage.</param>
    public IReadOnlyList<Tensor> Judge(IReadOnlyList<Tensor> features) => [.. features.Select((stage, i) =>
    {
        // Root mean square 1 at each position.
        Tensor exact = stage.to(ScalarType.Float32);
        Tensor x = exact / (exact.square().mean([1], keepdim: true) + 1e-6).sqrt();
        x = functional.leaky_relu(hidden[i].call(x), 0.2);
        return Blocks.Centre(Autocast.InFloat32(judges[i].call, x), (int)Math.Round(stage.shape[2] * _outside));
    })];
}
