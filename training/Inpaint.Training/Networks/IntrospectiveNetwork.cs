using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

internal sealed record IanConfig : INetworkSettings
{
    /// <summary>Channels of the first level; they double at each level. Default 32.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Dilations of the weight-shared kernel, beside its mean as a 1x1. Default 1, 2, 3.</summary>
    public IReadOnlyList<int> Dilations { get; init; } = [1, 2, 3];

    /// <summary>Size of the code between encoder and decoder. Default 512.</summary>
    public int Code { get; init; } = 512;

    /// <summary>Whether the code is drawn from a normal distribution (a variational network). Default no.</summary>
    public bool Variational { get; init; }

    /// <summary>Whether the network predicts the difference from the membrane fill. Default yes.</summary>
    public bool Residual { get; init; } = true;

    bool INetworkSettings.NeedsSeveralPhotos => true;

    FillNetwork INetworkSettings.Create(PictureConfig picture, int vocabulary) => new IntrospectiveNetwork(this, picture);

    IEnumerable<SettingRule> INetworkSettings.Rules(PictureConfig picture, string key) =>
    [
        new(Width is >= 4 and <= 512, $"{key}.width", Width, "4 to 512"),
        new(Dilations.Count >= 1 && Dilations.All(d => d is >= 1 and <= 8), $"{key}.dilations", string.Join(", ", Dilations), "at least "
            + "one, each 1 to 8"),
        new(Code is >= 1 and <= 65_536, $"{key}.code", Code, "1 to 65536"),
        new(picture.Size % 32 == 0, "picture.size", picture.Size, $"a multiple of 32 with {key}"),
    ];
}

/// <summary>
/// After the introspective adversarial network (Brock et al. 2016, arXiv 1609.07093): an encoder of strided convolutions and a decoder,
/// both with multiscale dilated blocks, and a code between them; trained with the L2 distance, an adversarial loss and an orthogonal
/// penalty. A variational network draws the code around its mean in training; its graph uses the mean.
/// </summary>
internal sealed class IntrospectiveNetwork : FillNetwork
{
    private const int Levels = 3;

    private readonly Membrane membrane;
    private readonly Sequential encoder, decoder;
    private readonly Linear code, decode;
    private readonly Linear? logVariance;
    private readonly BatchNorm1d codeNorm;
    private readonly Conv2d skip, last;
    private readonly int _channels, _side, _margin;
    private readonly bool _residual;
    private Tensor? _divergence;

    public IntrospectiveNetwork(IanConfig config, PictureConfig picture) : base(nameof(IntrospectiveNetwork))
    {
        int[] dilations = [.. config.Dilations];
        _residual = config.Residual;
        _margin = picture.Margin;
        _channels = config.Width << Levels;
        _side = picture.Hole >> Levels;
        membrane = new Membrane(picture);
        var down = new List<(string, Module<Tensor, Tensor>)>();
        for (int level = 0, from = 3; level <= Levels; level++)
        {
            int to = config.Width << level;
            down.Add(($"down{level}", Blocks.Convolution(from, to, stride: level == 0 ? 1 : 2)));
            if (level is 1 or 2)
            {
                down.Add(($"scales{level}", new MultiscaleDilatedBlock(to, dilations)));
            }

            from = to;
        }

        encoder = Sequential(down);
        int side = picture.Size >> Levels;
        code = Linear(_channels * side * side, config.Code);
        logVariance = config.Variational ? Linear(_channels * side * side, config.Code) : null;
        codeNorm = BatchNorm1d(config.Code);
        decode = Linear(config.Code, _channels * _side * _side);
        skip = Conv2d(_channels, _channels, 1);
        var up = new List<(string, Module<Tensor, Tensor>)>();
        for (int level = Levels - 1; level >= 0; level--)
        {
            up.Add(($"up{level}", Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest)));
            up.Add(($"conv{level}", Blocks.Convolution(config.Width << (level + 1), config.Width << level)));
            if (level is 1 or 2)
            {
                up.Add(($"scales{level}", new MultiscaleDilatedBlock(config.Width << level, dilations)));
            }
        }

        decoder = Sequential(up);
        last = Conv2d(config.Width, 3, 3, padding: 1);
        init.normal_(last.weight, 0, 0.01);
        init.zeros_(last.bias!);
        RegisterComponents();
    }

    /// <summary>
    /// Divergence of the code's distribution from the standard normal, averaged over code and photos; null unless variational.
    /// </summary>
    public override Tensor? Divergence => _divergence;

    /// <inheritdoc />
    protected override Tensor Fill(Tensor image, Tensor? caption)
    {
        Tensor smooth = membrane.call(image);
        Tensor filled = image + functional.pad(smooth, [_margin, _margin, _margin, _margin]);
        Tensor features = encoder.call(filled - 0.5);
        Tensor flat = features.flatten(1);
        Tensor z = codeNorm.call(code.call(flat));
        _divergence = null;
        if (logVariance is not null && training)
        {
            Tensor spread = logVariance.call(flat).clamp(-8, 8);
            _divergence = -0.5 * (1 + spread - z.square() - spread.exp()).mean();
            z += randn_like(z) * (spread * 0.5).exp();
        }

        Tensor start = decode.call(z).reshape(image.shape[0], _channels, _side, _side);
        Tensor x = functional.relu(start + skip.call(Blocks.Centre(features, _margin >> Levels)));
        Tensor change = Autocast.InFloat32(last.call, decoder.call(x));
        return _residual ? smooth + change : change + 0.5;
    }
}

/// <summary>
/// A multiscale dilated block (arXiv 1609.07093, section 3.2): one 3x3 kernel at several dilations, and its mean as a 1x1, each scaled by a
/// learned coefficient per filter that starts at 1 / (1 + number of dilations), are summed; then batch norm, the input is added, and ReLU.
/// </summary>
internal sealed class MultiscaleDilatedBlock : Module<Tensor, Tensor>
{
    private readonly Parameter weight, coefficients;
    private readonly BatchNorm2d norm;
    private readonly int[] _dilations;

    public MultiscaleDilatedBlock(int channels, int[] dilations) : base(nameof(MultiscaleDilatedBlock))
    {
        _dilations = dilations;
        Tensor start = empty(channels, channels, 3, 3);
        init.orthogonal_(start, Math.Sqrt(2));
        weight = Parameter(start);
        coefficients = Parameter(full([dilations.Length + 1, channels, 1, 1, 1], 1.0 / (1 + dilations.Length)));
        norm = BatchNorm2d(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor sum = functional.conv2d(x, coefficients[0] * weight.mean([2, 3], keepdim: true));
        for (int i = 0; i < _dilations.Length; i++)
        {
            int d = _dilations[i];
            sum += functional.conv2d(x, coefficients[i + 1] * weight, padding: [d, d], dilation: [d, d]);
        }

        return functional.relu(x + norm.call(sum));
    }
}
