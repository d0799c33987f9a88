using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Losses;

/// <summary>
/// The first three stages of the evaluation's <see cref="PerceptualNetwork"/>, frozen, with batch norms folded into the convolutions.
/// </summary>
internal sealed class ResNetFeatures : nn.Module
{
    /// <summary>The number of stages.</summary>
    public const int StageCount = 3;

    /// <summary>Sides of pictures are multiples of this, so that the padding equals the graph's, which is not symmetric.</summary>
    public const int SideMultiple = 16;

    private const double Epsilon = 1e-5;

    private readonly Conv2d stem;
    private readonly ModuleList<FrozenBlock> blocks = [];
    private readonly Tensor mean;

    /// <summary>Loads the weights.</summary>
    /// <exception cref="GraphException">The network's file is not found, or is another one.</exception>
    public ResNetFeatures() : base(nameof(ResNetFeatures))
    {
        using IDisposable quiet = no_grad();
        var weights = new ResNetWeights();
        Conv2d Folded(ResNetWeights.Layer layer, int stride = 1)
        {
            (Tensor gain, Tensor bias, Tensor middle, Tensor variance) = weights.Norm(layer);
            Tensor scale = gain / (variance + Epsilon).sqrt(), weight = weights.Convolution(layer);
            long kernel = weight.shape[2];
            Conv2d folded = Conv2d(weight.shape[1], weight.shape[0], kernel, stride, padding: kernel / 2);
            folded.weight.copy_(weight * scale.view(-1, 1, 1, 1));
            folded.bias!.copy_(bias - middle * scale);
            return folded;
        }

        using DisposeScope scope = NewDisposeScope();
        stem = Folded(ResNetWeights.Stem, stride: 2);
        foreach (ResNetWeights.Block block in ResNetWeights.Blocks)
        {
            int stride = block.Shortcut is null ? 1 : 2;
            blocks.Add(new FrozenBlock(
                Folded(block.First, stride), Folded(block.Second), block.Shortcut is { } layer ? Folded(layer, stride) : null));
        }

        mean = tensor(PerceptualNetwork.Mean.Reverse().Select(m => m / 255).ToArray(), [1, 3, 1, 1]);
        RegisterComponents();
        foreach (Parameter parameter in parameters())
        {
            parameter.requires_grad = false;
        }

        scope.Detach(stem, blocks, mean);
    }

    /// <summary>
    /// The features of stages 1 to <paramref name="last"/>: [N, 64, s/4, s/4], [N, 128, s/8, s/8], [N, 256, s/16, s/16].
    /// </summary>
    /// <param name="picture">[N, 3, s, s], RGB, 0..1; s is a multiple of <see cref="SideMultiple"/>.</param>
    /// <param name="last">The last stage.</param>
    public IReadOnlyList<Tensor> Stages(Tensor picture, int last = StageCount)
    {
        Tensor x = functional.max_pool2d(functional.relu(stem.call(picture - mean)), 3, stride: 2, padding: 1);
        var stages = new List<Tensor>();
        for (int i = 0; i < 2 * last; i++)
        {
            x = blocks[i].call(x);
            if (i % 2 == 1)
            {
                stages.Add(x);
            }
        }

        return stages;
    }
}

/// <summary>Two convolutions, added to the input or to its 1x1 convolution.</summary>
internal sealed class FrozenBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d first, second;
    private readonly Conv2d? shortcut;

    public FrozenBlock(Conv2d first, Conv2d second, Conv2d? shortcut) : base(nameof(FrozenBlock))
    {
        (this.first, this.second, this.shortcut) = (first, second, shortcut);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) =>
        functional.relu(second.call(functional.relu(first.call(x))) + (shortcut is null ? x : shortcut.call(x)));
}
