using System.Globalization;
using Inpaint.Settings;

namespace Inpaint.Photos;

/// <summary>Limits and conversions applied when a picture is decoded.</summary>
public sealed record PhotoDecodingOptions
{
    /// <summary>The defaults: at most 100 megapixels and 512 MiB, a white background, full size.</summary>
    public static PhotoDecodingOptions Default { get; } = new();

    /// <summary>The largest width times height that is decoded, checked before pixels are allocated. Default 100,000,000.</summary>
    [Setting("Largest photo that is decoded, in pixels.", Min = 1)]
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>
    /// The largest file that is read, in bytes, checked before reading. Default 512 MiB. Pictures in memory are not limited.
    /// </summary>
    [Setting("Largest file that is read, in bytes.", Min = 1)]
    public long MaxBytes { get; init; } = 512L << 20;

    /// <summary>The colour behind transparent pixels, <c>#rrggbb</c>. Default white.</summary>
    [Setting("Colour behind transparent pixels.", Pattern = "#[0-9a-fA-F]{6}", Placeholder = "#rrggbb")]
    public string Background { get; init; } = "#ffffff";

    /// <summary>The folder that relative paths start from. Default null: the working folder.</summary>
    [Setting("Folder that relative paths start from.", Placeholder = "DIR")]
    public string? Folder { get; init; }

    /// <summary>
    /// The length in pixels that the caller needs of the photo's shorter side. A JPEG is decoded at the smallest scale (n/8, sides
    /// rounded up) whose shorter side is at least this long; other formats are decoded at full size. Default null: full size.
    /// </summary>
    [Setting(Min = 1)]
    public int? ShorterSide { get; init; }

    /// <summary>The red, green and blue of <see cref="Background"/>.</summary>
    /// <exception cref="SettingException">It is not <c>#rrggbb</c>.</exception>
    public (byte Red, byte Green, byte Blue) BackgroundColour() =>
        Background is ['#', .. { Length: 6 } digits]
            && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint rgb)
            ? ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
            : throw new SettingException($"Background is '{Background}'; expected #rrggbb, such as #ffffff.");
}
