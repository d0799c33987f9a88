using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training;

/// <summary>
/// The accurate network: predicts what to add to the membrane fill. It sees the filled picture and the mask, folded 2x2 into channels so that
/// the first level works at half the size; goes down with residual blocks, mixes everything with attention in the middle, and comes up with
/// skips. On the way up only the hole and a margin of two pixels a level are kept, as nothing else is asked for.
/// </summary>
internal sealed class UNet : FillNetwork
{
    private const int Margin = 2;

    private readonly Membrane membrane;
    private readonly Tensor mask;
    private readonly ModuleList<Module<Tensor, Tensor>> encoder = [], reduce = [], decoder = [];
    private readonly Sequential middle;
    private readonly Conv2d last;
    private readonly CaptionFeed? feed;
    private readonly int _holeSide, _margin;
    private readonly string? _feedLayer;
    private readonly bool _mirrorAverage;

    public UNet(UNetConfig config, PictureConfig picture, int vocabulary) : base(nameof(UNet))
    {
        _holeSide = picture.Hole;
        _margin = picture.Margin;
        _feedLayer = config.Caption?.Layer;
        _mirrorAverage = config.MirrorAverage;
        membrane = new Membrane(picture);
        mask = zeros(1, 1, picture.Size, picture.Size);
        mask.narrow(2, _margin, _holeSide).narrow(3, _margin, _holeSide).fill_(1);

        int[] widths = [.. config.Widths];
        int deepest = widths.Length - 1;
        for (int level = 0; level <= deepest; level++)
        {
            encoder.Add(Sequential(
                ("down", Blocks.Convolution(level == 0 ? 16 : widths[level - 1], widths[level], stride: level == 0 ? 1 : 2)),
                ("block", new ResidualBlock(widths[level]))));
        }

        middle = Middle(config, widths[deepest], picture.Size >> (deepest + 1));
        int entering = widths[deepest];
        if (config.Caption is { } caption)
        {
            int channels = _feedLayer == "bottleneck" ? entering : widths[deepest - Stage(_feedLayer!)];
            feed = new CaptionFeed(caption, vocabulary, channels);
            entering += _feedLayer == "bottleneck" ? feed.AddedChannels : 0;
        }

        for (int level = deepest - 1; level >= 0; level--)
        {
            reduce.Add(Blocks.Convolution(entering + widths[level], widths[level], kernel: 1));
            decoder.Add(new ResidualBlock(widths[level]));
            entering = widths[level] + (feed is not null && _feedLayer == $"decoder{deepest - level}" ? feed.AddedChannels : 0);
        }

        last = Conv2d(entering, 12, 3, padding: 1);
        init.normal_(last.weight, 0, 0.01);
        init.zeros_(last.bias!);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override bool TakesCaptions => feed is not null;

    /// <summary>Where this network can take captions.</summary>
    public static string[] CaptionLayers(UNetConfig config) => ["bottleneck", .. Enumerable.Range(1, config.Widths.Count - 1).Select(i => $"decoder{i}")];

    /// <inheritdoc />
    protected override Tensor Fill(Tensor image, Tensor? caption) => _mirrorAverage && !training
        ? (FillOnce(image, caption) + FillOnce(image.flip(3), caption).flip(3)) * 0.5
        : FillOnce(image, caption);

    private Tensor FillOnce(Tensor image, Tensor? caption)
    {
        Tensor smooth = membrane.call(image);
        Tensor filled = image + functional.pad(smooth, [_margin, _margin, _margin, _margin]);
        Tensor x = functional.pixel_unshuffle(cat([filled - 0.5, mask.expand(image.shape[0], 1, -1, -1)], 1), 2);

        var levels = new List<Tensor>();
        foreach (Module<Tensor, Tensor> level in encoder)
        {
            x = level.call(x);
            levels.Add(x);
        }

        x = middle.call(x);
        x = Feed(x, caption, "bottleneck");
        int deepest = levels.Count - 1, cut = 0;
        for (int i = 0; i < decoder.Count; i++)
        {
            int level = deepest - 1 - i;
            int keep = Math.Max(0, (_margin >> (level + 1)) - Margin);
            x = Blocks.Centre(Blocks.Repeat(x), keep - 2 * cut);
            cut = keep;
            x = decoder[i].call(reduce[i].call(cat([x, Blocks.Centre(levels[level], keep)], 1)));
            x = Feed(x, caption, $"decoder{i + 1}");
        }

        Tensor change = functional.pixel_shuffle(last.call(x), 2);
        return smooth + Blocks.Centre(change, _margin - 2 * cut);
    }

    private Tensor Feed(Tensor x, Tensor? caption, string layer) => feed is not null && _feedLayer == layer ? feed.call(x, caption!) : x;

    private static int Stage(string layer) => int.Parse(layer.AsSpan("decoder".Length), System.Globalization.CultureInfo.InvariantCulture);

    private static Sequential Middle(UNetConfig config, int channels, int side)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (int i = 0; i < config.Middle; i++)
        {
            layers.Add(($"block{i}", new ResidualBlock(channels, dilation: 1 + i % 2)));
            if (config.Attention && i == config.Middle / 2)
            {
                layers.Add(("attention", new SpatialAttention(channels, side)));
            }
        }

        if (config.Dropout > 0)
        {
            layers.Add(("dropout", Dropout2d(config.Dropout)));
        }

        return layers.Count > 0 ? Sequential(layers) : Sequential(("nothing", Identity()));
    }
}
