namespace Inpaint.Photos;

/// <summary>Limits and conversions applied when a picture is decoded.</summary>
public sealed record PhotoDecodingOptions
{
    /// <summary>The defaults: at most 100 megapixels and 512 MiB, a white background, full size.</summary>
    public static PhotoDecodingOptions Default { get; } = new();

    /// <summary>The largest width times height that is decoded, checked before pixels are allocated. Default 100,000,000.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>
    /// The largest file that is read, in bytes, checked before reading. Default 512 MiB. Pictures in memory are not limited.
    /// </summary>
    public long MaxBytes { get; init; } = 512L << 20;

    /// <summary>The colour behind transparent pixels. Default white.</summary>
    public (byte Red, byte Green, byte Blue) Background { get; init; } = (255, 255, 255);

    /// <summary>
    /// The length in pixels that the caller needs of the photo's shorter side. A JPEG is decoded at the smallest scale (n/8, sides
    /// rounded up) whose shorter side is at least this long; other formats are decoded at full size. Default null: full size.
    /// </summary>
    public int? ShorterSide { get; init; }
}
