namespace Inpaint.Training;

/// <summary>What a configuration must hold beyond its types.</summary>
internal static class ConfigRules
{
    /// <summary>Finds every key that is out of its range.</summary>
    /// <exception cref="FailedException">Names each of them.</exception>
    public static void Check(TrainingConfig config, string what)
    {
        var problems = new ManifestProblems();
        problems.Require(config.Name.Length > 0 && config.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), "name", config.Name, "letters, digits and hyphens");
        problems.Require(config.Picture.Size is >= 32 and <= 512 && config.Picture.Size % 16 == 0, "picture.size", config.Picture.Size, "a multiple of 16 from 32 to 512");
        problems.Require(config.Picture.Hole * 2 == config.Picture.Size, "picture.hole", config.Picture.Hole, "half of picture.size");
        problems.Require(config.Epochs >= 1, "epochs", config.Epochs, "at least 1");
        problems.Require(config.MaxSteps is null or >= 1, "max_steps", config.MaxSteps, "at least 1, or left out");
        problems.Require(config.BatchSize is >= 1 and <= 4096, "batch_size", config.BatchSize, "1 to 4096");
        problems.Require(config.Ema is >= 0 and < 1, "ema", config.Ema, "0 to below 1");
        problems.Require(config.ValidateEvery >= 1, "validate_every", config.ValidateEvery, "at least 1");
        problems.Require(Metric.Find(config.ChooseBy) is not null, "choose_by", config.ChooseBy, $"one of {string.Join(", ", Metric.All.Select(m => m.Key))}");
        problems.Require(config.Patience is null or >= 1, "patience", config.Patience, "at least 1, or left out");
        problems.Require(config.Orthogonal >= 0, "orthogonal", config.Orthogonal, "0 or more");
        CheckLosses(config, problems);
        CheckOptimizer(config.Optimizer, problems);
        CheckAugmentation(config.Augmentation, problems);
        CheckNetwork(config, problems);
        if (problems.Count > 0)
        {
            try
            {
                problems.ThrowIfAny(what);
            }
            catch (InpaintException e)
            {
                throw new FailedException(e.Message, e);
            }
        }
    }

    /// <summary>Whether the network takes batch norm of a vector: over the photos of a step alone, of which one has no variance.</summary>
    public static bool NeedsSeveralPhotos(NetworkConfig network) => network.Ian is not null || network.EncoderDecoder is { Dense: > 0 };

    private static void CheckLosses(TrainingConfig config, ManifestProblems problems)
    {
        ReconstructionConfig r = config.Reconstruction;
        problems.Require(r.Weight > 0, "reconstruction.weight", r.Weight, "above 0");
        problems.Require(r.EdgeWeight >= 1, "reconstruction.edge_weight", r.EdgeWeight, "at least 1");
        problems.Require(r.EdgeWidth >= 1 && r.EdgeWidth * 2 <= config.Picture.Hole, "reconstruction.edge_width", r.EdgeWidth, "1 to half of picture.hole");
        problems.Require(r.Divergence >= 0, "reconstruction.divergence", r.Divergence, "0 or more");
        if (config.Adversarial is { } a)
        {
            problems.Require(a.Weight >= 0, "adversarial.weight", a.Weight, "0 or more");
            problems.Require(a.FeatureMatching >= 0, "adversarial.feature_matching", a.FeatureMatching, "0 or more");
            problems.Require(a.LearningRate > 0, "adversarial.learning_rate", a.LearningRate, "above 0");
            problems.Require(a.RealLabel is > 0.5 and <= 1, "adversarial.real_label", a.RealLabel, "above 0.5, at most 1");
            problems.Require(a.Noise is >= 0 and < 1, "adversarial.noise", a.Noise, "0 to below 1");
            problems.Require(a.GradientPenalty >= 0, "adversarial.gradient_penalty", a.GradientPenalty, "0 or more");
            problems.Require(a.Width is >= 4 and <= 512, "adversarial.width", a.Width, "4 to 512");
            problems.Require(a.Context >= 0 && a.Context <= config.Picture.Margin && (config.Picture.Hole + 2 * a.Context) % 8 == 0, "adversarial.context", a.Context, "0 to the known margin, with hole + 2 context a multiple of 8");
            problems.Require(a.HeadStart >= 0, "adversarial.head_start", a.HeadStart, "0 or more");
        }
    }

    private static void CheckOptimizer(OptimizerConfig o, ManifestProblems problems)
    {
        problems.Require(o.LearningRate > 0, "optimizer.learning_rate", o.LearningRate, "above 0");
        problems.Require(o.Warmup is >= 0 and < 1, "optimizer.warmup", o.Warmup, "0 to below 1");
        problems.Require(o.WeightDecay >= 0, "optimizer.weight_decay", o.WeightDecay, "0 or more");
        problems.Require(o.Beta1 is >= 0 and < 1, "optimizer.beta1", o.Beta1, "0 to below 1");
        problems.Require(o.Beta2 is >= 0 and < 1, "optimizer.beta2", o.Beta2, "0 to below 1");
        problems.Require(o.ClipNorm >= 0, "optimizer.clip_norm", o.ClipNorm, "0 or more");
    }

    private static void CheckAugmentation(AugmentationConfig a, ManifestProblems problems)
    {
        problems.Require(a.Crop is > 0.2 and <= 1, "augmentation.crop", a.Crop, "above 0.2, at most 1");
        problems.Require(a.Aspect is >= 0 and <= 1, "augmentation.aspect", a.Aspect, "0 to 1");
        problems.Require(a.Rotation is >= 0 and <= 180, "augmentation.rotation", a.Rotation, "0 to 180 degrees");
        problems.Require(a.Hue is >= 0 and <= 180, "augmentation.hue", a.Hue, "0 to 180 degrees");
        problems.Require(a.Brightness is >= 0 and < 1, "augmentation.brightness", a.Brightness, "0 to below 1");
        problems.Require(a.Contrast is >= 0 and < 1, "augmentation.contrast", a.Contrast, "0 to below 1");
        problems.Require(a.Saturation is >= 0 and <= 1, "augmentation.saturation", a.Saturation, "0 to 1");
    }

    private static void CheckNetwork(TrainingConfig config, ManifestProblems problems)
    {
        NetworkConfig n = config.Network;
        int given = (n.EncoderDecoder is null ? 0 : 1) + (n.Unet is null ? 0 : 1) + (n.Ian is null ? 0 : 1);
        problems.Require(given == 1, "network", $"{given} networks", "exactly one of encoder_decoder, unet, ian");
        problems.Require(config.BatchSize != 1 || !NeedsSeveralPhotos(n), "batch_size", config.BatchSize, "at least 2 with network.ian and with network.encoder_decoder.dense, whose batch norm is taken over a step's photos");
        bool cutsMargin = n.Ian is not null || n.EncoderDecoder is { Dense: 0 };
        problems.Require(!cutsMargin || config.Picture.Size % 32 == 0, "picture.size", config.Picture.Size, "a multiple of 32 with network.ian and with network.encoder_decoder without dense");
        CaptionFeedConfig? feed = n.EncoderDecoder?.Caption ?? n.Unet?.Caption;
        problems.Require((feed is null) == (config.Caption is null), "caption", config.Caption is null ? "nothing" : "a vocabulary", "a vocabulary where the network's own caption says where words enter, and only there");
        if (config.Caption is { } caption)
        {
            problems.Require(caption.Words is >= 1 and <= 100_000, "caption.words", caption.Words, "1 to 100000");
            problems.Require(caption.MinimumCount >= 1, "caption.minimum_count", caption.MinimumCount, "at least 1");
            problems.Require(caption.Dropout is >= 0 and < 1, "caption.dropout", caption.Dropout, "0 to below 1");
        }

        if (feed is not null)
        {
            string[] layers = n.Unet is null ? EncoderDecoder.CaptionLayers : UNet.CaptionLayers(n.Unet);
            problems.Require(layers.Contains(feed.Layer), "network caption.layer", feed.Layer, string.Join(", ", layers));
            problems.Require(feed.Embedding is >= 1 and <= 4096, "network caption.embedding", feed.Embedding, "1 to 4096");
        }

        if (n.EncoderDecoder is { } e)
        {
            problems.Require(e.Width is >= 4 and <= 512, "network.encoder_decoder.width", e.Width, "4 to 512");
            problems.Require(e.Depth is >= 1 and <= 8, "network.encoder_decoder.depth", e.Depth, "1 to 8");
            problems.Require(e.Dense is >= 0 and <= 65_536, "network.encoder_decoder.dense", e.Dense, "0 to 65536");
        }

        if (n.Unet is { } u)
        {
            problems.Require(u.Widths.Count is >= 2 and <= 6 && u.Widths.All(w => w is >= 4 and <= 1024 && w % 4 == 0) && config.Picture.Size % (1 << u.Widths.Count) == 0, "network.unet.widths", string.Join(", ", u.Widths), "2 to 6 multiples of 4, as many as picture.size can be halved");
            problems.Require(u.Middle is >= 0 and <= 32, "network.unet.middle", u.Middle, "0 to 32");
            problems.Require(u.Dropout is >= 0 and < 1, "network.unet.dropout", u.Dropout, "0 to below 1");
        }

        if (n.Ian is { } i)
        {
            problems.Require(i.Width is >= 4 and <= 512, "network.ian.width", i.Width, "4 to 512");
            problems.Require(i.Dilations.Count >= 1 && i.Dilations.All(d => d is >= 1 and <= 8), "network.ian.dilations", string.Join(", ", i.Dilations), "at least one, each 1 to 8");
            problems.Require(i.Code is >= 1 and <= 65_536, "network.ian.code", i.Code, "1 to 65536");
        }
    }
}
