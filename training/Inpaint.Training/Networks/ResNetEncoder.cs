using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

/// <summary>The stem and the first three stages of ResNet-18 (arXiv 1512.03385), which start with pretrained weights.</summary>
internal sealed class ResNetEncoder : nn.Module
{
    /// <summary>The channels of stem and stages.</summary>
    public static readonly IReadOnlyList<int> Widths = [64, .. ResNetWeights.Channels];

    private readonly Conv2d stem;
    private readonly BatchNorm2d norm;
    private readonly ModuleList<ResNetBlock> blocks = [];

    /// <summary>Loads the weights.</summary>
    /// <exception cref="GraphException">The network's file is not found, or is another one.</exception>
    public ResNetEncoder() : base(nameof(ResNetEncoder))
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        var weights = new ResNetWeights();
        stem = Conv2d(4, Widths[0], 7, stride: 2, padding: 3, bias: false);
        norm = BatchNorm2d(Widths[0]);
        foreach (ResNetWeights.Block block in ResNetWeights.Blocks)
        {
            int to = ResNetWeights.Channels[block.Stage - 1];
            blocks.Add(new ResNetBlock(block.Shortcut is null ? to : to / 2, to, block.Shortcut is null ? 1 : 2));
        }

        RegisterComponents();

        // The mask has no effect at first.
        stem.weight.zero_();
        stem.weight.narrow(1, 0, 3).copy_(weights.Convolution(ResNetWeights.Stem));
        ResNetBlock.Load(norm, weights.Norm(ResNetWeights.Stem));
        foreach ((ResNetBlock own, ResNetWeights.Block block) in blocks.Zip(ResNetWeights.Blocks))
        {
            own.Load(weights, block);
        }

        scope.Detach(stem, norm, blocks);
    }

    /// <summary>The maps of stem and stages, at a half, a quarter, an eighth and a sixteenth of the side.</summary>
    /// <param name="picture">[N, 4, s, s]: red, green, blue, which are 0 for a mean value, and the mask.</param>
    public List<Tensor> Levels(Tensor picture)
    {
        var levels = new List<Tensor> { functional.relu(norm.call(stem.call(picture))) };
        Tensor x = functional.max_pool2d(levels[0], 3, stride: 2, padding: 1);
        for (int i = 0; i < ResNetWeights.Blocks.Count; i++)
        {
            x = blocks[i].call(x);
            if (i % 2 == 1)
            {
                levels.Add(x);
            }
        }

        return levels;
    }
}

/// <summary>Two convolutions with batch norm, added to the input or to its 1x1 convolution with batch norm.</summary>
internal sealed class ResNetBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d first, second;
    private readonly BatchNorm2d norm1, norm2;
    private readonly Conv2d? shortcut;
    private readonly BatchNorm2d? norm3;

    public ResNetBlock(int from, int to, int stride) : base(nameof(ResNetBlock))
    {
        first = Blocks.Plain(from, to, stride);
        norm1 = BatchNorm2d(to);
        second = Blocks.Plain(to, to);
        norm2 = BatchNorm2d(to);
        shortcut = stride == 1 ? null : Blocks.Plain(from, to, stride, kernel: 1);
        norm3 = stride == 1 ? null : BatchNorm2d(to);
        RegisterComponents();
    }

    /// <summary>Copies the values of a batch norm.</summary>
    public static void Load(BatchNorm2d norm, (Tensor Weight, Tensor Bias, Tensor Mean, Tensor Variance) values)
    {
        norm.weight!.copy_(values.Weight);
        norm.bias!.copy_(values.Bias);
        norm.running_mean!.copy_(values.Mean);
        norm.running_var!.copy_(values.Variance);
    }

    /// <summary>Copies the weights of a block.</summary>
    public void Load(ResNetWeights weights, ResNetWeights.Block block)
    {
        first.weight.copy_(weights.Convolution(block.First));
        Load(norm1, weights.Norm(block.First));
        second.weight.copy_(weights.Convolution(block.Second));
        Load(norm2, weights.Norm(block.Second));
        if (block.Shortcut is { } layer)
        {
            shortcut!.weight.copy_(weights.Convolution(layer));
            Load(norm3!, weights.Norm(layer));
        }
    }

    public override Tensor forward(Tensor x) => functional.relu(
        norm2.call(second.call(functional.relu(norm1.call(first.call(x))))) + (shortcut is null ? x : norm3!.call(shortcut.call(x))));
}
