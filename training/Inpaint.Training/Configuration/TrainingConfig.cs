namespace Inpaint.Training.Configuration;

/// <summary>The content of a configuration file: everything that defines a training except its photos.</summary>
internal sealed record TrainingConfig
{
    /// <summary>Name of the graph: letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>A one-sentence description, which the manifest contains too.</summary>
    public required string Description { get; init; }

    /// <summary>Side of the picture and of its hole.</summary>
    public PictureConfig Picture { get; init; } = new();

    /// <summary>Random masks instead of the centre. Required by a network for any mask, and only by one.</summary>
    public MasksConfig? Masks { get; init; }

    /// <summary>The network; exactly one.</summary>
    public required NetworkConfig Network { get; init; }

    /// <summary>How captions become a vector. Required by a network with captions, and only by one.</summary>
    public CaptionConfig? Caption { get; init; }

    /// <summary>The loss against the truth.</summary>
    public ReconstructionConfig Reconstruction { get; init; } = new();

    /// <summary>The feature loss of a pretrained network. Default: none.</summary>
    public FeaturesConfig? Features { get; init; }

    /// <summary>The adversarial loss. Default: no discriminator.</summary>
    public AdversarialConfig? Adversarial { get; init; }

    /// <summary>Weight of the orthogonal penalty on the weights of convolutions (arXiv 1609.07093: 0.001). Default 0.</summary>
    public double Orthogonal { get; init; }

    public OptimizerConfig Optimizer { get; init; } = new();

    /// <summary>Changes made to photos before pixels are hidden.</summary>
    public AugmentationConfig Augmentation { get; init; } = new();

    /// <summary>Passes over the photos. Default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Most steps; fewer epochs end the training, and its schedule, sooner. Default: no limit.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Photos per step. Default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Decay of the averaged weights that are validated and exported; 0 for the last weights. Default 0.999.</summary>
    public double Ema { get; init; } = 0.999;

    /// <summary>Epochs between validations. Default 1.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>The key of the metric that selects the best weights on the validation photos. Default the squared error.</summary>
    public string ChooseBy { get; init; } = "hole_mse";

    /// <summary>Early stopping: validations without improvement after which training ends. Default: never.</summary>
    public int? Patience { get; init; }

    /// <summary>Precision of forward passes. Default bfloat16 where the device supports it.</summary>
    public Precision Precision { get; init; } = Precision.Bfloat16;

    /// <summary>Whether tensors use the channels-last memory layout, which is faster on a CPU. Default yes.</summary>
    public bool ChannelsLast { get; init; } = true;

    /// <summary>Seed of weights, order, augmentation, masks and dropout. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A network with fresh weights, which follow from the seed.</summary>
    /// <param name="vocabulary">Words of the vocabulary; 0 without captions.</param>
    internal FillNetwork CreateNetwork(int vocabulary)
    {
        TorchSharp.torch.random.manual_seed(Seed);
        return Network.Settings.Create(Picture, vocabulary);
    }

    /// <summary>What must hold of the settings beyond their types.</summary>
    internal IEnumerable<SettingRule> Rules()
    {
        SettingRule[] network = [.. Network.Rules(Picture)];
        return [.. OwnRules(), .. network, .. network is [{ Key: "network" }] ? [] : NetworkRules(Network.Settings)];
    }

    private IEnumerable<SettingRule> OwnRules() =>
    [
        new(Name.Length > 0 && Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), "name", Name, "letters, digits and hyphens"),
        new(Picture.Size is >= 32 and <= 512 && Picture.Size % 16 == 0, "picture.size", Picture.Size, "a multiple of 16 from 32 to 512"),
        new(Picture.Hole * 2 == Picture.Size, "picture.hole", Picture.Hole, "half of picture.size"),
        new(Epochs >= 1, "epochs", Epochs, "at least 1"),
        new(MaxSteps is null or >= 1, "max_steps", MaxSteps, "at least 1, or no value"),
        new(BatchSize is >= 1 and <= 4096, "batch_size", BatchSize, "1 to 4096"),
        new(Ema is >= 0 and < 1, "ema", Ema, "0 to below 1"),
        new(ValidateEvery >= 1, "validate_every", ValidateEvery, "at least 1"),
        new(Patience is null or >= 1, "patience", Patience, "at least 1, or no value"),
        new(Metric.Find(ChooseBy) is { NeedsNetwork: false }, "choose_by", ChooseBy,
            $"one of {string.Join(", ", Metric.All.Where(m => !m.NeedsNetwork).Select(m => m.Key))}"),
        new(Orthogonal >= 0, "orthogonal", Orthogonal, "0 or more"),
        new(
            Features is not null || Adversarial is null or { FeatureWeight: 0 }, "adversarial.feature_weight",
            Adversarial?.FeatureWeight, "0, or features"),
        .. Reconstruction.Rules(Picture), .. Features?.Rules(Picture) ?? [], .. Adversarial?.Rules(Picture) ?? [],
        .. Optimizer.Rules(), .. Augmentation.Rules(), .. Caption?.Rules() ?? [],
    ];

    private IEnumerable<SettingRule> NetworkRules(INetworkSettings network) =>
    [
        new(
            BatchSize != 1 || !network.NeedsSeveralPhotos, "batch_size", BatchSize,
            "at least 2 with network.ian and with network.encoder_decoder.dense, whose batch norm needs several photos per step"),
        new(
            (network.Caption is null) == (Caption is null), "caption", Caption is null ? "nothing" : "a vocabulary",
            "a vocabulary if the network's own caption specifies where words enter, and only then"),
        new(
            (network.SizeMultiple is null) == (Masks is null), "masks", Masks is null ? "nothing" : "masks",
            "masks with network.free_unet, and only then"),
        .. network.SizeMultiple is { } multiple && Masks is { } masks ? masks.Rules(Picture, multiple) : [],
        new(
            Masks is null || ChooseBy is "hole_mse" or "hole_psnr", "choose_by", ChooseBy, "hole_mse or hole_psnr with masks"),
        new(
            Masks is null || (Adversarial is null && Features is null && Reconstruction.EdgeWeight == 1), "masks",
            "adversarial, features, or reconstruction.edge_weight", "none of these, as they are of the centre"),
    ];
}
