using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Networks;

/// <summary>
/// The weights of the stem and the first three stages of ResNet-18, from the file of the evaluation's <see cref="PerceptualNetwork"/>.
/// </summary>
internal sealed class ResNetWeights
{
    /// <summary>The stem.</summary>
    public static readonly Layer Stem = new(91, 96);

    /// <summary>The blocks of the stages, in order.</summary>
    public static readonly IReadOnlyList<Block> Blocks =
    [
        new(1, new(86, 113), new(82, 127), null), new(1, new(77, 144), new(73, 158), null),
        new(2, new(68, 175), new(64, 189), new(199, 203)), new(2, new(59, 220), new(55, 234), null),
        new(3, new(50, 251), new(46, 265), new(275, 279)), new(3, new(41, 296), new(37, 310), null),
    ];

    private readonly Dictionary<string, TensorData> _constants =
        PerceptualNetwork.Read().Initializers.ToDictionary(i => i.Name, StringComparer.Ordinal);

    /// <summary>The channels of each stage.</summary>
    public static IReadOnlyList<int> Channels { get; } = [64, 128, 256];

    /// <summary>The weight of a convolution, [to, from, k, k]; that of the stem takes red, green, blue in 0..1.</summary>
    public Tensor Convolution(Layer layer)
    {
        Tensor weight = Values($"Parameter{layer.Weight}");
        return layer == Stem ? weight.flip(1) * 255 : weight;
    }

    /// <summary>The batch norm that follows a convolution.</summary>
    public (Tensor Weight, Tensor Bias, Tensor Mean, Tensor Variance) Norm(Layer layer) => (
        Values($"Parameter{layer.Norm}"), Values($"Parameter{layer.Norm + 1}"),
        Values($"Constant{layer.Norm + 2}"), Values($"Constant{layer.Norm + 3}"));

    private Tensor Values(string name) => tensor(_constants[name].Floats(), [.. _constants[name].Dims]);

    /// <summary>A convolution: the numbers of its weight and of the first weight of its batch norm in the file's names.</summary>
    public sealed record Layer(int Weight, int Norm);

    /// <summary>Two convolutions, added to the input or to a convolution of it, whose stride is then 2.</summary>
    public sealed record Block(int Stage, Layer First, Layer Second, Layer? Shortcut);
}
