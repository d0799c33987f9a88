using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

internal sealed record EncoderDecoderConfig : INetworkSettings
{
    /// <summary>Channels of the first level; they double at each level. Default 32.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Convolutions per level. Default 2.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>How a level halves the picture. Default max-pool.</summary>
    public Pooling Pool { get; init; } = Pooling.Max;

    /// <summary>How a level doubles the picture. Default 2x2 repeat.</summary>
    public Upsampling Upsample { get; init; } = Upsampling.Repeat;

    /// <summary>Units of the dense bottleneck; 0 for a bottleneck of dilated convolutions. Default 0.</summary>
    public int Dense { get; init; }

    /// <summary>
    /// Whether the network gets the hole as mid-grey and the mask as another channel; otherwise as zeros, as in the course. Default yes.
    /// </summary>
    public bool MaskChannel { get; init; } = true;

    /// <summary>
    /// Whether the last layer ends in a ReLU, as in the course, whose gradient vanishes where its output is zero; otherwise the output is
    /// mid-grey plus a convolution. Default no.
    /// </summary>
    public bool LastRelu { get; init; }

    /// <summary>Where captions are fed in. Default: no captions.</summary>
    public CaptionFeedConfig? Caption { get; init; }

    bool INetworkSettings.NeedsSeveralPhotos => Dense > 0;

    IReadOnlyList<string> INetworkSettings.CaptionLayers => EncoderDecoder.CaptionLayers;

    FillNetwork INetworkSettings.Create(PictureConfig picture, int vocabulary) => new EncoderDecoder(this, picture, vocabulary);

    IEnumerable<SettingRule> INetworkSettings.Rules(PictureConfig picture, string key) =>
    [
        new(Width is >= 4 and <= 512, $"{key}.width", Width, "4 to 512"),
        new(Depth is >= 1 and <= 8, $"{key}.depth", Depth, "1 to 8"),
        new(Dense is >= 0 and <= 65_536, $"{key}.dense", Dense, "0 to 65536"),
        new(Dense > 0 || picture.Size % 32 == 0, "picture.size", picture.Size, $"a multiple of 32 with {key} without dense"),
    ];
}

/// <summary>How a level halves the picture.</summary>
internal enum Pooling
{
    /// <summary>2x2 maximum.</summary>
    Max,

    /// <summary>2x2 mean.</summary>
    Average,

    /// <summary>A convolution with stride 2.</summary>
    Stride,
}

/// <summary>How a level doubles the picture.</summary>
internal enum Upsampling
{
    /// <summary>2x2 repetition.</summary>
    Repeat,

    /// <summary>Bilinear interpolation.</summary>
    Bilinear,

    /// <summary>A transposed convolution with stride 2.</summary>
    Transposed,

    /// <summary>A convolution to four times the channels, then pixel shuffle.</summary>
    PixelShuffle,
}

/// <summary>
/// The encoder-decoder of the course: three levels of convolution, batch norm and ReLU, each halving the picture; a bottleneck (dense, or
/// dilated convolutions); three levels that double it up to the size of the hole. It has neither a membrane fill nor skip connections.
/// </summary>
internal sealed class EncoderDecoder : FillNetwork
{
    private const int Levels = 3;

    private readonly Tensor mask;
    private readonly Sequential? inputConv;
    private readonly ModuleList<Module<Tensor, Tensor>> encoder = [], decoder = [];
    private readonly Module<Tensor, Tensor> bottleneck;
    private readonly Conv2d last;
    private readonly CaptionFeed? feed;
    private readonly string? _feedLayer;
    private readonly bool _maskChannel, _lastRelu;
    private readonly int _bottomMargin;

    public EncoderDecoder(EncoderDecoderConfig config, PictureConfig picture, int vocabulary) : base(nameof(EncoderDecoder))
    {
        (_maskChannel, _lastRelu) = (config.MaskChannel, config.LastRelu);
        _feedLayer = config.Caption?.Layer;
        _bottomMargin = picture.Margin >> Levels;
        mask = zeros(1, 1, picture.Size, picture.Size);
        mask.narrow(2, picture.Margin, picture.Hole).narrow(3, picture.Margin, picture.Hole).fill_(1);

        int[] widths = [.. Enumerable.Range(0, Levels + 1).Select(level => config.Width << level)];
        int bottom = widths[Levels];
        if (config.Caption is { } caption)
        {
            int channels = _feedLayer switch
            {
                "input" => config.Width,
                "bottleneck" => bottom,
                _ => widths[Levels - CaptionFeed.Stage(_feedLayer!)],
            };
            feed = new CaptionFeed(caption, vocabulary, channels);
        }

        int entering = config.MaskChannel ? 4 : 3;
        if (_feedLayer == "input")
        {
            inputConv = Blocks.Convolution(entering, config.Width);
            entering = config.Width + feed!.AddedChannels;
        }

        for (int level = 0; level < Levels; level++)
        {
            encoder.Add(Down(config, entering, widths[level]));
            entering = widths[level];
        }

        int side = picture.Size >> Levels;
        bottleneck = config.Dense > 0
            ? new DenseBottleneck(entering, side, config.Dense, bottom, picture.Hole >> Levels)
            : Sequential(
                ("conv1", Blocks.Convolution(entering, bottom)),
                ("conv2", Blocks.Convolution(bottom, bottom, dilation: 2)),
                ("conv3", Blocks.Convolution(bottom, bottom)));
        IsDense = config.Dense > 0;
        entering = bottom + Added("bottleneck");
        for (int stage = 1; stage <= Levels; stage++)
        {
            int width = widths[Levels - stage];
            decoder.Add(Up(config, entering, width));
            entering = width + Added($"decoder{stage}");
        }

        last = Conv2d(entering, 3, 3, padding: 1);
        RegisterComponents();
    }

    /// <summary>The layers that can take captions.</summary>
    public static string[] CaptionLayers { get; } = ["input", "bottleneck", .. Enumerable.Range(1, Levels).Select(i => $"decoder{i}")];

    /// <inheritdoc />
    public override bool TakesCaptions => feed is not null;

    private bool IsDense { get; }

    /// <inheritdoc />
    protected override Tensor Fill(Tensor image, Tensor? caption)
    {
        Tensor x = _maskChannel
            ? cat([image - 0.5 + mask * 0.5, mask.expand(image.shape[0], 1, -1, -1)], 1)
            : image;
        if (inputConv is not null)
        {
            x = Feed(inputConv.call(x), caption, "input");
        }

        foreach (Module<Tensor, Tensor> level in encoder)
        {
            x = level.call(x);
        }

        x = bottleneck.call(x);
        x = Feed(x, caption, "bottleneck");
        if (!IsDense)
        {
            x = Blocks.Centre(x, _bottomMargin);
        }

        for (int i = 0; i < decoder.Count; i++)
        {
            x = Feed(decoder[i].call(x), caption, $"decoder{i + 1}");
        }

        Tensor fill = Autocast.InFloat32(last.call, x);
        return _lastRelu ? functional.relu(fill) : fill + 0.5;
    }

    private Tensor Feed(Tensor x, Tensor? caption, string layer) =>
        feed is not null && _feedLayer == layer ? feed.call(x, caption!) : x;

    private int Added(string layer) => feed is not null && _feedLayer == layer ? feed.AddedChannels : 0;

    private static Sequential Down(EncoderDecoderConfig config, int from, int to)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (int i = 0; i < config.Depth; i++)
        {
            int stride = config.Pool == Pooling.Stride && i == config.Depth - 1 ? 2 : 1;
            layers.Add(($"conv{i + 1}", Blocks.Convolution(i == 0 ? from : to, to, stride)));
        }

        if (config.Pool != Pooling.Stride)
        {
            layers.Add(("pool", config.Pool == Pooling.Max ? MaxPool2d(2) : (Module<Tensor, Tensor>)AvgPool2d(2)));
        }

        return Sequential(layers);
    }

    private static Sequential Up(EncoderDecoderConfig config, int from, int to)
    {
        List<(string, Module<Tensor, Tensor>)> layers = config.Upsample switch
        {
            Upsampling.Repeat => [("up", Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest))],
            Upsampling.Bilinear => [("up", Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false))],
            Upsampling.Transposed => [("up", ConvTranspose2d(from, from, 2, stride: 2))],
            _ => [("spread", Conv2d(from, 4 * from, 1)), ("up", PixelShuffle(2))],
        };
        for (int i = 0; i < config.Depth; i++)
        {
            layers.Add(($"conv{i + 1}", Blocks.Convolution(i == 0 ? from : to, to)));
        }

        return Sequential(layers);
    }
}

/// <summary>Two dense layers between encoder and decoder: from all of the surroundings to all of the hole.</summary>
internal sealed class DenseBottleneck : Module<Tensor, Tensor>
{
    private readonly Linear encode, decode;
    private readonly BatchNorm1d encodeNorm;
    private readonly BatchNorm2d decodeNorm;
    private readonly int _channels, _side;

    public DenseBottleneck(int from, int fromSide, int units, int channels, int side) : base(nameof(DenseBottleneck))
    {
        (_channels, _side) = (channels, side);
        encode = Linear(from * fromSide * fromSide, units);
        encodeNorm = BatchNorm1d(units);
        decode = Linear(units, channels * side * side);
        decodeNorm = BatchNorm2d(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor code = functional.relu(encodeNorm.call(encode.call(x.flatten(1))));
        return functional.relu(decodeNorm.call(decode.call(code).reshape(x.shape[0], _channels, _side, _side)));
    }
}
