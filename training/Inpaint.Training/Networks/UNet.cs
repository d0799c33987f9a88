using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

internal sealed record UNetConfig : INetworkSettings
{
    /// <summary>Channels of each level, from half the picture's size down. Default 48, 96, 160, 192.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [48, 96, 160, 192];

    /// <summary>Residual blocks in the middle, with dilations 1, 2, 1, 2, ... Default 2.</summary>
    public int Middle { get; init; } = 2;

    /// <summary>Whether the middle has self-attention. Default yes.</summary>
    public bool Attention { get; init; } = true;

    /// <summary>Probability of dropping a channel of the middle during training. Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>
    /// Whether the graph averages the fills of the photo and of its mirror image, at twice the cost. Default no. Training is not affected.
    /// </summary>
    public bool MirrorAverage { get; init; }

    /// <summary>
    /// Whether the encoder is the beginning of a ResNet-18, initialised with pretrained weights. It requires the widths 64, 64, 128, 256.
    /// Default no.
    /// </summary>
    public bool Resnet { get; init; }

    /// <summary>Where captions are fed in. Default: no captions.</summary>
    public CaptionFeedConfig? Caption { get; init; }

    IReadOnlyList<string> INetworkSettings.CaptionLayers =>
        ["bottleneck", .. Enumerable.Range(1, Math.Max(0, Widths.Count - 1)).Select(i => $"decoder{i}"), CaptionFeedConfig.AllDecoders];

    FillNetwork INetworkSettings.Create(PictureConfig picture, int vocabulary) => new UNet(this, picture, vocabulary);

    IEnumerable<SettingRule> INetworkSettings.Rules(PictureConfig picture, string key) =>
    [
        new(
            Widths.Count is >= 2 and <= 6 && Widths.All(w => w is >= 4 and <= 1024 && w % 4 == 0)
                && picture.Size % (1 << Widths.Count) == 0,
            $"{key}.widths", string.Join(", ", Widths), "2 to 6 multiples of 4; n widths require picture.size to be a multiple of 2^n"),
        new(
            !Resnet || Widths.SequenceEqual(ResNetEncoder.Widths), $"{key}.widths", string.Join(", ", Widths),
            $"{string.Join(", ", ResNetEncoder.Widths)} with {key}.resnet"),
        new(Middle is >= 0 and <= 32, $"{key}.middle", Middle, "0 to 32"),
        new(Dropout is >= 0 and < 1, $"{key}.dropout", Dropout, "0 to below 1"),
    ];
}

/// <summary>
/// The accurate network: predicts a residual over the membrane fill. Its input is the filled picture and the mask, folded 2x2 into channels
/// so that the first level works at half the size. The encoder has residual blocks, the middle attention, the decoder skip connections; the
/// decoder computes only the hole and a margin of two pixels per level.
/// </summary>
internal sealed class UNet : FillNetwork
{
    private const int Margin = 2;

    private readonly Membrane membrane;
    private readonly Tensor mask;
    private readonly ModuleList<Module<Tensor, Tensor>> encoder = [], reduce = [], decoder = [];
    private readonly ResNetEncoder? resnet;
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
        resnet = config.Resnet ? new ResNetEncoder() : null;
        for (int level = 0; level <= deepest && resnet is null; level++)
        {
            encoder.Add(Sequential(
                ("down", Blocks.Convolution(level == 0 ? 16 : widths[level - 1], widths[level], stride: level == 0 ? 1 : 2)),
                ("block", new ResidualBlock(widths[level]))));
        }

        middle = Middle(config.Middle, config.Dropout, widths[deepest], config.Attention ? picture.Size >> (deepest + 1) : null);
        int entering = widths[deepest];
        if (config.Caption is { } caption)
        {
            feed = new CaptionFeed(caption, vocabulary, _feedLayer switch
            {
                "bottleneck" => [entering],
                CaptionFeedConfig.AllDecoders => [.. widths.SkipLast(1).Reverse()],
                _ => [widths[deepest - CaptionFeed.Stage(_feedLayer!)]],
            });
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

    /// <inheritdoc />
    protected override Tensor Fill(Tensor image, Tensor? caption) => _mirrorAverage && !training
        ? (FillOnce(image, caption) + FillOnce(image.flip(3), caption).flip(3)) * 0.5
        : FillOnce(image, caption);

    private Tensor FillOnce(Tensor image, Tensor? caption)
    {
        Tensor smooth = membrane.call(image);
        Tensor filled = image + functional.pad(smooth, [_margin, _margin, _margin, _margin]);
        List<Tensor> levels = Encode(cat([filled - 0.5, mask.expand(image.shape[0], 1, -1, -1)], 1));
        Tensor x = Feed(middle.call(levels[^1]), caption, "bottleneck");
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

    private List<Tensor> Encode(Tensor input)
    {
        if (resnet is not null)
        {
            return resnet.Levels(input);
        }

        var levels = new List<Tensor>();
        Tensor x = functional.pixel_unshuffle(input, 2);
        foreach (Module<Tensor, Tensor> level in encoder)
        {
            x = level.call(x);
            levels.Add(x);
        }

        return levels;
    }

    private Tensor Feed(Tensor x, Tensor? caption, string layer) =>
        _feedLayer == layer ? feed!.call(x, caption!)
        : _feedLayer == CaptionFeedConfig.AllDecoders && layer != "bottleneck" ? feed!.forward(x, caption!, CaptionFeed.Stage(layer) - 1)
        : x;

    /// <summary>Residual blocks with dilations 1, 2, 1, 2, ..., optionally with attention and dropout.</summary>
    /// <param name="blocks">The number of blocks.</param>
    /// <param name="dropout">Probability of dropping a channel.</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="attentionSide">Side of the map, for attention. Default: no attention.</param>
    public static Sequential Middle(int blocks, double dropout, int channels, int? attentionSide = null)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (int i = 0; i < blocks; i++)
        {
            layers.Add(($"block{i}", new ResidualBlock(channels, dilation: 1 + i % 2)));
            if (attentionSide is { } side && i == blocks / 2)
            {
                layers.Add(("attention", new SpatialAttention(channels, side)));
            }
        }

        if (dropout > 0)
        {
            layers.Add(("dropout", Dropout2d(dropout)));
        }

        return layers.Count > 0 ? Sequential(layers) : Sequential(("nothing", Identity()));
    }
}
