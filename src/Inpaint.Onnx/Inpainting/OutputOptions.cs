namespace Inpaint.Onnx.Inpainting;

/// <summary>How much of a completed photo is returned.</summary>
public enum OutputRegion
{
    /// <summary>The whole photo, unscaled; pixels outside the hole equal those of the decoded input.</summary>
    Photo,

    /// <summary>Only the graph's window at the graph's size (such as 64x64). Large JPEGs are decoded at a reduced scale for it.</summary>
    Window,
}

/// <summary>What is returned for a completed photo.</summary>
public sealed record OutputOptions
{
    /// <summary>The defaults.</summary>
    public static OutputOptions Default { get; } = new();

    /// <summary>The whole photo or the graph's window. Default the photo.</summary>
    [Setting("Whole photo or the graph's window.")]
    public OutputRegion Region { get; init; } = OutputRegion.Photo;

    /// <summary>The file format to encode to. Default null: pixels in memory.</summary>
    [Setting("File format of the completed photos. Only PNG keeps the known pixels bit for bit.")]
    public PhotoFormat? Format { get; init; }

    /// <summary>The quality of JPEG and WebP, 1 to 100. Default 92.</summary>
    [Setting("Quality of JPEG and WebP.", Min = 1, Max = 100)]
    public int Quality { get; init; } = 92;

    /// <summary>The photo as a file of <see cref="Format"/> and <see cref="Quality"/>; PNG if <see cref="Format"/> is null.</summary>
    public byte[] Encode(Photo photo) => PhotoCodec.Encode(photo, Format ?? PhotoFormat.Png, Quality);
}
