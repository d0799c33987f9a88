namespace Inpaint.Training.Configuration;

/// <summary>How captions become a vector of words.</summary>
internal sealed record CaptionConfig
{
    /// <summary>Most words of the vocabulary. Default 1,000.</summary>
    public int Words { get; init; } = 1000;

    /// <summary>Occurrences in the training captions that a word needs. Default 5.</summary>
    public int MinimumCount { get; init; } = 5;

    /// <summary>Probability of training on a photo without its caption, 0 to below 1. Default 0.1.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>What must hold of the settings.</summary>
    internal IEnumerable<SettingRule> Rules() =>
    [
        new(Words is >= 1 and <= 100_000, "caption.words", Words, "1 to 100000"),
        new(MinimumCount >= 1, "caption.minimum_count", MinimumCount, "at least 1"),
        new(Dropout is >= 0 and < 1, "caption.dropout", Dropout, "0 to below 1"),
    ];
}

/// <summary>The masks of a network for any mask.</summary>
internal sealed record MasksConfig
{
    /// <summary>Each photo's mask is of one of these kinds, drawn with equal probability. Default every kind once.</summary>
    public IReadOnlyList<MaskKind> Kinds { get; init; } = [MaskKind.Centre, MaskKind.Strokes, MaskKind.Boxes, MaskKind.Blobs];

    /// <summary>
    /// Sizes of batches in pixels, drawn with equal probability; sizes above picture.size are cropped from the photos that are large
    /// enough. Larger batches have fewer photos, so that every step has about as many pixels. Default 64.
    /// </summary>
    public IReadOnlyList<int> Sizes { get; init; } = [64];

    /// <summary>
    /// Side to which photos for larger batches are scaled, and the smallest side that such a photo may have: twice the largest size.
    /// </summary>
    internal int LargeSide => 2 * Sizes.Max();

    /// <summary>What must hold of the settings.</summary>
    /// <param name="picture">The size of ordinary batches.</param>
    /// <param name="multiple">The number that the network needs multiples of.</param>
    internal IEnumerable<SettingRule> Rules(PictureConfig picture, int multiple) =>
    [
        new(
            picture.Size % multiple == 0 && Sizes.Count > 0 && Sizes.All(s => s % multiple == 0 && s >= picture.Size && s <= 512),
            "masks.sizes", string.Join(", ", Sizes), $"multiples of {multiple} from picture.size to 512"),
        new(Kinds.Count > 0, "masks.kinds", "an empty list", "at least one kind"),
    ];
}

/// <summary>Changes made to a photo as a whole, so that input and truth agree.</summary>
internal sealed record AugmentationConfig
{
    /// <summary>Whether half of the photos are mirrored. Default yes.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Smallest side of a random square crop, as a fraction of the photo's; 1 for no crops. Default 0.85.</summary>
    public double Crop { get; init; } = 0.85;

    /// <summary>Largest change of a crop's aspect ratio: 0.2 gives ratios of 1/1.2 to 1.2. Default 0.</summary>
    public double Aspect { get; init; }

    /// <summary>
    /// Largest rotation of a crop in degrees, either way; a rotated crop is made smaller where it would leave the photo. Default 0.
    /// </summary>
    public double Rotation { get; init; }

    /// <summary>Largest rotation of hues in degrees, either way. Default 0.</summary>
    public double Hue { get; init; }

    /// <summary>Largest shift of all values, as a fraction of the range. Default 0.05.</summary>
    public double Brightness { get; init; } = 0.05;

    /// <summary>Largest relative change of contrast. Default 0.15.</summary>
    public double Contrast { get; init; } = 0.15;

    /// <summary>Largest relative change of saturation. Default 0.2.</summary>
    public double Saturation { get; init; } = 0.2;

    /// <summary>What must hold of the settings.</summary>
    internal IEnumerable<SettingRule> Rules() =>
    [
        new(Crop is > 0.2 and <= 1, "augmentation.crop", Crop, "above 0.2, at most 1"),
        new(Aspect is >= 0 and <= 1, "augmentation.aspect", Aspect, "0 to 1"),
        new(Rotation is >= 0 and <= 180, "augmentation.rotation", Rotation, "0 to 180 degrees"),
        new(Hue is >= 0 and <= 180, "augmentation.hue", Hue, "0 to 180 degrees"),
        new(Brightness is >= 0 and < 1, "augmentation.brightness", Brightness, "0 to below 1"),
        new(Contrast is >= 0 and < 1, "augmentation.contrast", Contrast, "0 to below 1"),
        new(Saturation is >= 0 and <= 1, "augmentation.saturation", Saturation, "0 to 1"),
    ];
}
