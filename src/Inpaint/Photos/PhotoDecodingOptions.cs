namespace Inpaint.Photos;

/// <summary>How encoded pictures become <see cref="Photo"/>s.</summary>
public sealed record PhotoDecodingOptions
{
    /// <summary>The defaults: 100 megapixels, 512 MiB, white behind transparency, full size.</summary>
    public static PhotoDecodingOptions Default { get; } = new();

    /// <summary>Largest width times height that is decoded, checked before any pixel is allocated. Default 100,000,000.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>Largest file in bytes that is read, checked before any of it is. Default 512 MiB. Bytes already in memory are not limited.</summary>
    public long MaxBytes { get; init; } = 512L << 20;

    /// <summary>The colour behind transparent pixels. Default white.</summary>
    public (byte Red, byte Green, byte Blue) Background { get; init; } = (255, 255, 255);

    /// <summary>
    /// When set, the caller needs no more than this many pixels on the photo's shorter side:
    /// a JPEG is then decoded at the smallest scale (n/8, sides rounded up) whose shorter side is still at least this long.
    /// Default null: full size. Other formats are always decoded at full size.
    /// </summary>
    public int? ShorterSide { get; init; }
}
