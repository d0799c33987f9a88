namespace Inpaint.Training;

/// <summary>All that makes one training what it is, apart from its photos: the content of a configuration file.</summary>
internal sealed record TrainingConfig
{
    /// <summary>What the graph will be called: letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people; goes into the manifest.</summary>
    public required string Description { get; init; }

    /// <summary>Side of the picture and of its hole.</summary>
    public PictureConfig Picture { get; init; } = new();

    /// <summary>The network; exactly one.</summary>
    public required NetworkConfig Network { get; init; }

    /// <summary>How captions become a vector; null for a network without captions.</summary>
    public CaptionConfig? Caption { get; init; }

    /// <summary>The loss against the truth.</summary>
    public ReconstructionConfig Reconstruction { get; init; } = new();

    /// <summary>The loss of a discriminator; null for none.</summary>
    public AdversarialConfig? Adversarial { get; init; }

    /// <summary>Weight of the orthogonal penalty on convolutions' weights (arXiv 1609.07093: 0.001). Default 0.</summary>
    public double Orthogonal { get; init; }

    /// <summary>The optimizer of the network.</summary>
    public OptimizerConfig Optimizer { get; init; } = new();

    /// <summary>Changes made to photos before the centre is hidden.</summary>
    public AugmentationConfig Augmentation { get; init; } = new();

    /// <summary>Passes over the photos. Default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Ends the training, schedule included, after so many steps if that is sooner; null for no such end.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Photos a step. Default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Decay of the averaged weights that are validated and exported; 0 for the last weights. Default 0.999.</summary>
    public double Ema { get; init; } = 0.999;

    /// <summary>Epochs between validations. Default 1.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>The key of the metric on valid that the best weights are chosen by. Default the squared error.</summary>
    public string ChooseBy { get; init; } = "hole_mse";

    /// <summary>Early stopping: validations without a better one after which training ends; null for never.</summary>
    public int? Patience { get; init; }

    /// <summary>Precision of forward passes. Default bfloat16 where the device has it.</summary>
    public Precision Precision { get; init; } = Precision.Bfloat16;

    /// <summary>Whether tensors lie with the channels last, which is faster on a CPU. Default yes.</summary>
    public bool ChannelsLast { get; init; } = true;

    /// <summary>Seed of weights, order, augmentation and dropout. Default 1.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Precision of forward and backward passes.</summary>
internal enum Precision
{
    /// <summary>32-bit floats.</summary>
    Float32,

    /// <summary>bfloat16 for convolutions and products, 32-bit floats for weights, norms and losses.</summary>
    Bfloat16,
}

/// <summary>The task's picture: a square with a square hole in its centre.</summary>
internal sealed record PictureConfig
{
    /// <summary>Side of the picture in pixels, a multiple of 16, for some networks of 32. Default 64.</summary>
    public int Size { get; init; } = 64;

    /// <summary>Side of the hole in pixels: half of the picture's. Default 32.</summary>
    public int Hole { get; init; } = 32;

    /// <summary>First hidden row and column.</summary>
    internal int Margin => (Size - Hole) / 2;

    /// <summary>The hidden pixels.</summary>
    internal PixelRect Rect => new(Margin, Margin, Hole, Hole);
}

/// <summary>How captions become a vector of words.</summary>
internal sealed record CaptionConfig
{
    /// <summary>Most words of the vocabulary. Default 1,000.</summary>
    public int Words { get; init; } = 1000;

    /// <summary>How often a word must stand in the training captions. Default 5.</summary>
    public int MinimumCount { get; init; } = 5;

    /// <summary>Share of the photos whose caption is left out in a step, 0 to below 1. Default 0.1.</summary>
    public double Dropout { get; init; } = 0.1;
}

/// <summary>The loss against the truth.</summary>
internal sealed record ReconstructionConfig
{
    /// <summary>The distance. Default mean squared error.</summary>
    public Distance Loss { get; init; } = Distance.Mse;

    /// <summary>Weight of the whole term. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>How much more pixels at the hole's edge count (Context Encoders, arXiv 1604.07379: 10). Default 1.</summary>
    public double EdgeWeight { get; init; } = 1;

    /// <summary>How many pixels from the edge inwards that is. Default 4.</summary>
    public int EdgeWidth { get; init; } = 4;

    /// <summary>Weight of the divergence from a normal distribution of a variational network's code. Default 1e-4.</summary>
    public double Divergence { get; init; } = 1e-4;
}

/// <summary>A distance between fill and truth.</summary>
internal enum Distance
{
    /// <summary>Mean squared error.</summary>
    Mse,

    /// <summary>Mean absolute error.</summary>
    L1,

    /// <summary>Charbonnier: sqrt(d^2 + 0.001^2).</summary>
    Charbonnier,
}

/// <summary>The optimizer: AdamW with a warm-up and a cosine.</summary>
internal sealed record OptimizerConfig
{
    /// <summary>Largest learning rate. Default 0.002.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>How the learning rate goes over the steps. Default one cycle.</summary>
    public Schedule Schedule { get; init; } = Schedule.OneCycle;

    /// <summary>Share of the steps in which the rate rises, with one cycle. Default 0.1.</summary>
    public double Warmup { get; init; } = 0.1;

    /// <summary>Decoupled weight decay. Default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>First decay of Adam. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Second decay of Adam. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Largest norm of a step's gradient; 0 for no limit. Default 1.</summary>
    public double ClipNorm { get; init; } = 1;
}

/// <summary>How the learning rate goes over the steps.</summary>
internal enum Schedule
{
    /// <summary>A rise along a cosine, then a fall along one to a thousandth.</summary>
    OneCycle,

    /// <summary>The same rate in every step.</summary>
    Constant,
}

/// <summary>Changes made to a photo as a whole, so that input and truth agree.</summary>
internal sealed record AugmentationConfig
{
    /// <summary>Whether half of the photos are mirrored. Default yes.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Smallest side of a random square crop, as a share of the photo's; 1 for no crops. Default 0.85.</summary>
    public double Crop { get; init; } = 0.85;

    /// <summary>Largest change of a crop's width to its height, as a share: 0.2 takes widths of 1/1.2 to 1.2 heights. Default 0.</summary>
    public double Aspect { get; init; }

    /// <summary>Largest turn of a crop, in degrees each way; a turned crop is made smaller where it would leave the photo. Default 0.</summary>
    public double Rotation { get; init; }

    /// <summary>Largest turn of the colours about grey, in degrees each way. Default 0.</summary>
    public double Hue { get; init; }

    /// <summary>Largest shift of all values, in shares of the range. Default 0.05.</summary>
    public double Brightness { get; init; } = 0.05;

    /// <summary>Largest relative change of contrast. Default 0.15.</summary>
    public double Contrast { get; init; } = 0.15;

    /// <summary>Largest relative change of saturation. Default 0.2.</summary>
    public double Saturation { get; init; } = 0.2;
}
