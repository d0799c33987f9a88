namespace Inpaint.Onnx.Inpainting;

/// <summary>How a hole is read, filled and blended into the photo.</summary>
public sealed record FillOptions
{
    /// <summary>The defaults.</summary>
    public static FillOptions Default { get; } = new();

    /// <summary>
    /// The width in pixels of the band inside the hole in which the fill is blended with the photo, 0 to 4096. Default 0.
    /// </summary>
    [Setting("Pixels over which the fill is blended into the photo, inside the hole.", Min = 0, Max = 4096)]
    public int Feather { get; init; }

    /// <summary>Which colour of a mask marks the hole. Default white.</summary>
    [Setting("Which colour of a mask is the hole.")]
    public MaskPolarity MaskPolarity { get; init; } = MaskPolarity.WhiteIsHole;

    /// <summary>
    /// Whether connected components of a mask have their own windows, if these do not overlap. Default true.
    /// </summary>
    [Setting("Give each connected component of a mask its own window.")]
    public bool WindowPerComponent { get; init; } = true;

    /// <summary>
    /// For graphs of any size: the margin that the graph sees on each side of a hole, as a multiple of the longer side of the hole's
    /// bounding box, 0 to 64; it is at least 64 pixels. Default null: as in the manifest.
    /// </summary>
    [Setting("Margin around a hole that a graph of any size sees, in longer sides of the hole; at least 64 pixels.", Min = 0, Max = 64)]
    public double? Context { get; init; }

    /// <summary>
    /// For graphs of any size: the side of the square picture that a window is scaled to, 1 to 16384. Such a window is a square twice as
    /// wide as its hole. Default null: windows with a margin of <see cref="Context"/>, unscaled.
    /// </summary>
    [Setting("Side of the square picture that a window is scaled to, for graphs of any size.", Min = 1, Max = 16384)]
    public int? PictureSide { get; init; }

    /// <summary>
    /// How several captions of a photo are combined. Default null: as in the manifest. <see cref="CaptionCombination.Each"/> is not
    /// supported, since a row has one fill: use one row per caption.
    /// </summary>
    [Setting("How several captions of a photo are combined.", Except = Inpaint.Captions.CaptionCombination.Each)]
    public CaptionCombination? CaptionCombination { get; init; }
}
