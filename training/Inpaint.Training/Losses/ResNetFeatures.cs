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
    /// <summary>The channels of each stage.</summary>
    public static IReadOnlyList<int> Channels { get; } = [64, 128, 256];

    /// <summary>The number of stages.</summary>
    public const int StageCount = 3;

    /// <summary>Sides of pictures are multiples of this, so that the padding equals the graph's, which is not symmetric.</summary>
    public const int SideMultiple = 16;

    private const double Epsilon = 1e-5;

    // Numbers in the graph's names: the convolution's Parameter, and the first Parameter of its batch norm.
    private static readonly (int Weight, int Norm) s_stem = (91, 96);
    private static readonly (int Stage, (int Weight, int Norm) First, (int Weight, int Norm) Second, (int Weight, int Norm)? Shortcut)[]
        s_blocks =
    [
        (1, (86, 113), (82, 127), null), (1, (77, 144), (73, 158), null),
        (2, (68, 175), (64, 189), (199, 203)), (2, (59, 220), (55, 234), null),
        (3, (50, 251), (46, 265), (275, 279)), (3, (41, 296), (37, 310), null),
    ];

    private readonly Conv2d stem;
    private readonly ModuleList<FrozenBlock> blocks = [];
    private readonly Tensor mean;

    /// <summary>Loads the weights.</summary>
    /// <exception cref="GraphException">The network's file is not found, or is another one.</exception>
    public ResNetFeatures() : base(nameof(ResNetFeatures))
    {
        using IDisposable quiet = no_grad();
        Dictionary<string, TensorData> constants = PerceptualNetwork.Read().Initializers.ToDictionary(i => i.Name, StringComparer.Ordinal);
        Tensor Values(string name) => tensor(constants[name].Floats(), [.. constants[name].Dims]);

        // The graph takes blue, green, red in 0..255; this network red, green, blue in 0..1.
        Conv2d Folded((int Weight, int Norm) layer, int stride = 1, bool input = false)
        {
            Tensor scale = Values($"Parameter{layer.Norm}") / (Values($"Constant{layer.Norm + 3}") + Epsilon).sqrt();
            Tensor weight = Values($"Parameter{layer.Weight}");
            Tensor shift = Values($"Parameter{layer.Norm + 1}") - Values($"Constant{layer.Norm + 2}") * scale;
            long kernel = weight.shape[2];
            Conv2d folded = Conv2d(weight.shape[1], weight.shape[0], kernel, stride, padding: kernel / 2);
            folded.weight.copy_((input ? weight.flip(1) * 255 : weight) * scale.view(-1, 1, 1, 1));
            folded.bias!.copy_(shift);
            return folded;
        }

        using DisposeScope scope = NewDisposeScope();
        stem = Folded(s_stem, stride: 2, input: true);
        foreach ((int _, (int, int) first, (int, int) second, (int, int)? shortcut) in s_blocks)
        {
            int stride = shortcut is null ? 1 : 2;
            blocks.Add(new FrozenBlock(
                Folded(first, stride), Folded(second), shortcut is { } layer ? Folded(layer, stride) : null));
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
        for (int i = 0; i < s_blocks.Length && s_blocks[i].Stage <= last; i++)
        {
            x = blocks[i].call(x);
            if (i + 1 == s_blocks.Length || s_blocks[i + 1].Stage > s_blocks[i].Stage)
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
