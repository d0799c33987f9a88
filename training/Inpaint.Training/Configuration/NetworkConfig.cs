namespace Inpaint.Training;

/// <summary>The network of a training: exactly one of these is set.</summary>
internal sealed record NetworkConfig
{
    /// <summary>The encoder-decoder of the course.</summary>
    public EncoderDecoderConfig? EncoderDecoder { get; init; }

    /// <summary>The U-Net over the membrane fill.</summary>
    public UNetConfig? Unet { get; init; }

    /// <summary>The introspective network with multiscale dilated blocks.</summary>
    public IanConfig? Ian { get; init; }
}

/// <summary>Settings of <see cref="EncoderDecoder"/>.</summary>
internal sealed record EncoderDecoderConfig
{
    /// <summary>Channels of the first level; each next level has twice as many. Default 32.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Convolutions a level. Default 2.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>How a level halves the picture. Default max-pool.</summary>
    public Pooling Pool { get; init; } = Pooling.Max;

    /// <summary>How a level doubles the picture. Default 2x2 repeat.</summary>
    public Upsampling Upsample { get; init; } = Upsampling.Repeat;

    /// <summary>Units of the dense bottleneck; 0 for a bottleneck of dilated convolutions. Default 0.</summary>
    public int Dense { get; init; }

    /// <summary>Whether the hole reaches the network as mid-grey with a mask beside it; else as zeros, as in the course. Default yes.</summary>
    public bool MaskChannel { get; init; } = true;

    /// <summary>Whether the last layer ends in a ReLU, as in the course, whose gradient is zero where it is; else in mid-grey plus a convolution. Default no.</summary>
    public bool LastRelu { get; init; }

    /// <summary>Where captions are fed in; null for nowhere.</summary>
    public CaptionFeedConfig? Caption { get; init; }
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
    /// <summary>Each pixel four times.</summary>
    Repeat,

    /// <summary>Bilinear interpolation.</summary>
    Bilinear,

    /// <summary>A transposed convolution with stride 2.</summary>
    Transposed,

    /// <summary>A convolution to four times the channels, then pixel shuffle.</summary>
    PixelShuffle,
}

/// <summary>Where and how a caption's words enter a network.</summary>
internal sealed record CaptionFeedConfig
{
    /// <summary><c>input</c>, <c>bottleneck</c>, or a decoder stage: <c>decoder1</c> (the deepest), <c>decoder2</c>, ...</summary>
    public required string Layer { get; init; }

    /// <summary>How they enter. Default FiLM.</summary>
    public CaptionFeedWay Way { get; init; } = CaptionFeedWay.Film;

    /// <summary>Size of the caption's embedding. Default 128.</summary>
    public int Embedding { get; init; } = 128;
}

/// <summary>How a vector of words enters a layer.</summary>
internal enum CaptionFeedWay
{
    /// <summary>An embedding repeated over the picture, beside the layer's channels.</summary>
    Concat,

    /// <summary>A factor and a shift for each channel (arXiv 1709.07871).</summary>
    Film,

    /// <summary>Batch norm whose factor and shift follow from the caption (arXiv 1707.00683).</summary>
    ConditionalBatchNorm,
}

/// <summary>Settings of <see cref="UNet"/>.</summary>
internal sealed record UNetConfig
{
    /// <summary>Channels of each level, from half the picture's size down. Default 48, 96, 160, 192.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [48, 96, 160, 192];

    /// <summary>Residual blocks in the middle, with dilations 1, 2, 1, 2, ... Default 2.</summary>
    public int Middle { get; init; } = 2;

    /// <summary>Whether the middle has self-attention. Default yes.</summary>
    public bool Attention { get; init; } = true;

    /// <summary>Share of the middle's channels that is left out in training. Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the graph gives the mean of the fills of the photo and of its mirror image, at twice the cost. Default no. Training is the same.</summary>
    public bool MirrorAverage { get; init; }

    /// <summary>Where captions are fed in; null for nowhere.</summary>
    public CaptionFeedConfig? Caption { get; init; }
}

/// <summary>Settings of <see cref="IntrospectiveNetwork"/>.</summary>
internal sealed record IanConfig
{
    /// <summary>Channels of the first level; each next level has twice as many. Default 32.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Dilations of the weight-shared kernel, beside its mean as a 1x1. Default 1, 2, 3.</summary>
    public IReadOnlyList<int> Dilations { get; init; } = [1, 2, 3];

    /// <summary>Size of the code between encoder and decoder. Default 512.</summary>
    public int Code { get; init; } = 512;

    /// <summary>Whether the code is drawn from a normal distribution (a variational network). Default no.</summary>
    public bool Variational { get; init; }

    /// <summary>Whether the network predicts the difference from the membrane fill. Default yes.</summary>
    public bool Residual { get; init; } = true;
}

/// <summary>The discriminator and its losses.</summary>
internal sealed record AdversarialConfig
{
    /// <summary>The loss of both sides. Default hinge.</summary>
    public AdversarialLossKind Loss { get; init; } = AdversarialLossKind.Hinge;

    /// <summary>Weight of the generator's adversarial term beside the reconstruction's. Default 0.001 (arXiv 1604.07379).</summary>
    public double Weight { get; init; } = 1e-3;

    /// <summary>Weight of the distance between the discriminator's features of fill and truth. Default 0.</summary>
    public double FeatureMatching { get; init; }

    /// <summary>Learning rate of the discriminator. Default 0.0002.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>What "real" is called instead of 1, with the binary cross-entropy loss. Default 0.9.</summary>
    public double RealLabel { get; init; } = 0.9;

    /// <summary>Standard deviation of the noise laid over what the discriminator sees. Default 0.</summary>
    public double Noise { get; init; }

    /// <summary>Weight of the gradient penalty on real photos (R1, arXiv 1801.04406). Default 0.</summary>
    public double GradientPenalty { get; init; }

    /// <summary>Channels of the discriminator's first level. Default 32.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Known pixels around the hole that the discriminator sees. Default 8.</summary>
    public int Context { get; init; } = 8;

    /// <summary>Steps in which the discriminator learns alone. Default 0.</summary>
    public int HeadStart { get; init; }
}

/// <summary>The loss of generator and discriminator.</summary>
internal enum AdversarialLossKind
{
    /// <summary>Hinge, with the plain mean for the generator (arXiv 1705.02894).</summary>
    Hinge,

    /// <summary>Binary cross-entropy on logits, non-saturating, with smoothed real labels.</summary>
    CrossEntropy,
}
