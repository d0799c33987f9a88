using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

internal sealed record FreeUNetConfig : INetworkSettings
{
    /// <summary>Channels of each level, from half the picture's size down. Default 32, 64, 128, 192.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [32, 64, 128, 192];

    /// <summary>Residual blocks at the lowest level, with dilations 1, 2, 1, 2, ... Default 2.</summary>
    public int Middle { get; init; } = 2;

    /// <summary>Probability of dropping a channel at the lowest level during training. Default 0.</summary>
    public double Dropout { get; init; }

    int? INetworkSettings.SizeMultiple => 1 << Math.Max(FreeUNet.PyramidLevels, Widths.Count);

    FillNetwork INetworkSettings.Create(PictureConfig picture, int vocabulary) => new FreeUNet(this);

    IEnumerable<SettingRule> INetworkSettings.Rules(PictureConfig picture, string key) =>
    [
        new(
            Widths.Count is >= 2 and <= 6 && Widths.All(w => w is >= 4 and <= 1024 && w % 4 == 0),
            $"{key}.widths", string.Join(", ", Widths), "2 to 6 multiples of 4"),
        new(Middle is >= 0 and <= 32, $"{key}.middle", Middle, "0 to 32"),
        new(Dropout is >= 0 and < 1, $"{key}.dropout", Dropout, "0 to below 1"),
    ];
}

/// <summary>
/// A U-Net for any mask at any size: image [N, 3, H, W], 0..1 with the hole zeroed, and mask [N, 1, H, W], 1 in the hole, in; the completed
/// picture [N, 3, H, W] out, known pixels unchanged. H and W are multiples of <see cref="INetworkSettings.SizeMultiple"/>. It adds a
/// residual to a pull-push fill (Gortler et al., The Lumigraph, 1996). Picture and mask are folded 2x2 into channels, so that the first
/// level works at half the size.
/// </summary>
internal sealed class FreeUNet : FillNetwork
{
    /// <summary>Halvings of the pull-push pyramid.</summary>
    public const int PyramidLevels = 5;
    private const double Tiny = 1e-6;

    private readonly ModuleList<Module<Tensor, Tensor>> encoder = [], reduce = [], decoder = [];
    private readonly Sequential middle;
    private readonly Conv2d last;

    public FreeUNet(FreeUNetConfig config) : base(nameof(FreeUNet))
    {
        int[] widths = [.. config.Widths];
        int deepest = widths.Length - 1;
        for (int level = 0; level <= deepest; level++)
        {
            encoder.Add(Sequential(
                ("down", Blocks.Convolution(level == 0 ? 16 : widths[level - 1], widths[level], stride: level == 0 ? 1 : 2)),
                ("block", new ResidualBlock(widths[level]))));
        }

        middle = UNet.Middle(config.Middle, config.Dropout, widths[deepest]);
        for (int level = deepest - 1; level >= 0; level--)
        {
            reduce.Add(Blocks.Convolution(widths[level + 1] + widths[level], widths[level], kernel: 1));
            decoder.Add(new ResidualBlock(widths[level]));
        }

        last = Conv2d(widths[0], 12, 3, padding: 1);
        init.normal_(last.weight, 0, 0.01);
        init.zeros_(last.bias!);
        RegisterComponents();
    }

    /// <inheritdoc />
    protected override Tensor Fill(Tensor image, Tensor? mask)
    {
        Tensor known = 1 - mask!;
        Tensor smooth = PullPush(image, known);
        Tensor x = functional.pixel_unshuffle(cat([smooth - 0.5, mask!], 1), 2);
        var levels = new List<Tensor>();
        foreach (Module<Tensor, Tensor> level in encoder)
        {
            x = level.call(x);
            levels.Add(x);
        }

        x = middle.call(x);
        for (int i = 0; i < decoder.Count; i++)
        {
            x = decoder[i].call(reduce[i].call(cat([Blocks.Repeat(x), levels[decoder.Count - 1 - i]], 1)));
        }

        return smooth + mask! * functional.pixel_shuffle(last.call(x), 2);
    }

    /// <summary>
    /// Fills the hole with averages of the known pixels: down a pyramid of 2x2 sums whose weights saturate at 1, then up again, where each
    /// level keeps its own colours by weight and takes the rest from the enlarged coarser level. The coarsest level falls back on the mean
    /// of all known pixels.
    /// </summary>
    /// <param name="image">[N, 3, H, W], zero in the hole.</param>
    /// <param name="known">[N, 1, H, W], 1 where the picture is known.</param>
    private static Tensor PullPush(Tensor image, Tensor known)
    {
        var pyramid = new List<(Tensor Colour, Tensor Weight)> { (image, known) };
        (Tensor colour, Tensor weight) = (image, known);
        for (int level = 0; level < PyramidLevels; level++)
        {
            Tensor mean = functional.avg_pool2d(weight, 2);
            Tensor saturated = (mean * 4).clamp(0, 1);
            colour = functional.avg_pool2d(colour, 2) * (saturated / (mean + Tiny));
            weight = saturated;
            pyramid.Add((colour, weight));
        }

        Tensor filled = colour.sum([2, 3], keepdim: true) / (weight.sum([2, 3], keepdim: true) + Tiny);
        filled = colour + (1 - weight) * filled;
        for (int level = PyramidLevels - 1; level >= 0; level--)
        {
            (colour, weight) = pyramid[level];
            Tensor enlarged = functional.interpolate(filled, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: false);
            filled = colour + (1 - weight) * enlarged;
        }

        return filled;
    }
}
