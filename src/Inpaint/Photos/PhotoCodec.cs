using System.Buffers;
using SkiaSharp;

namespace Inpaint.Photos;

/// <summary>File formats that <see cref="PhotoCodec.Encode"/> writes.</summary>
public enum PhotoFormat
{
    /// <summary>PNG: lossless.</summary>
    Png,

    /// <summary>JPEG: lossy, small.</summary>
    Jpeg,

    /// <summary>WebP: lossy, smaller.</summary>
    Webp,
}

/// <summary>Encoded pictures to <see cref="Photo"/>s and back.</summary>
public static class PhotoCodec
{
    private static readonly SKColorSpace Srgb = SKColorSpace.CreateSrgb();

    // A photo of 640x480 takes 15 ms and 464 kB; with all filters and zlib at 6 it takes 76 ms and 433 kB.
    private static readonly SKPngEncoderOptions FastPng = new(SKPngEncoderFilterFlags.Paeth, 2);

    /// <summary>
    /// Decodes a picture file (JPEG, PNG, WebP, GIF, BMP, ...): EXIF orientation applied, colour profile converted to sRGB,
    /// transparency laid over the background.
    /// </summary>
    /// <exception cref="PhotoException">Missing, empty, cut off, too large, or not a picture; the message names the file.</exception>
    public static Photo Decode(string path, PhotoDecodingOptions? options = null) => Decode(path, options ?? PhotoDecodingOptions.Default, spare: null);

    /// <summary>Decodes a picture from memory, as <see cref="Decode(string, PhotoDecodingOptions)"/> does a file.</summary>
    /// <param name="bytes">The encoded picture.</param>
    /// <param name="options">Limits and background; null for the defaults.</param>
    /// <param name="name">What error messages call the picture.</param>
    public static Photo Decode(ReadOnlySpan<byte> bytes, PhotoDecodingOptions? options = null, string name = "the picture") =>
        Decode(bytes, options ?? PhotoDecodingOptions.Default, name, spare: null);

    /// <summary>Decodes a picture file into the memory of a photo that nobody uses any more, where their sizes agree.</summary>
    internal static Photo Decode(string path, PhotoDecodingOptions options, Photo? spare)
    {
        using PhotoFile file = PhotoFile.Open(path, options);
        byte[] rented = ArrayPool<byte>.Shared.Rent(file.Length);
        try
        {
            Span<byte> bytes = rented.AsSpan(0, file.Length);
            file.Read(bytes);
            return Decode(bytes, options, path, spare);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Decodes a picture from memory, likewise.</summary>
    internal static unsafe Photo Decode(ReadOnlySpan<byte> bytes, PhotoDecodingOptions options, string name, Photo? spare)
    {
        if (bytes.IsEmpty)
        {
            throw new PhotoException($"{name} is empty (0 bytes); expected a picture such as JPEG or PNG.");
        }

        if (PngChunks.ReadSize(bytes) is { } size)
        {
            RequireAllowed(size.Width, size.Height, options, name);
            bytes = PngChunks.WithoutLargeParts(bytes) is { } smaller ? smaller : bytes;
        }

        fixed (byte* start = bytes)
        {
            using var data = SKData.Create((nint)start, bytes.Length);
            using SKCodec? codec = SKCodec.Create(data);
            return codec is null ? throw new PhotoException(ExplainStart(bytes, name)) : Decode(codec, options, name, spare);
        }
    }

    /// <summary>The size of an encoded picture before its orientation is applied, read from its beginning alone.</summary>
    /// <param name="bytes">The encoded picture.</param>
    /// <param name="options">Only <see cref="PhotoDecodingOptions.MaxPixels"/> counts here; null for the default.</param>
    /// <param name="name">What error messages call the picture.</param>
    /// <exception cref="PhotoException">Not a picture, or of more pixels than allowed.</exception>
    public static unsafe (int Width, int Height) ReadSize(ReadOnlySpan<byte> bytes, PhotoDecodingOptions? options = null, string name = "the picture")
    {
        if (PngChunks.ReadSize(bytes) is { } size)
        {
            RequireAllowed(size.Width, size.Height, options ?? PhotoDecodingOptions.Default, name);
            return size;
        }

        fixed (byte* start = bytes)
        {
            using var data = SKData.Create((nint)start, bytes.Length);
            using SKCodec? codec = SKCodec.Create(data);
            SKImageInfo info = codec?.Info ?? throw new PhotoException(ExplainStart(bytes, name));
            RequireAllowed(info.Width, info.Height, options ?? PhotoDecodingOptions.Default, name);
            return (info.Width, info.Height);
        }
    }

    /// <summary>Encodes a photo.</summary>
    /// <param name="photo">The photo; its pixels are written as they are, in sRGB.</param>
    /// <param name="format">The file format.</param>
    /// <param name="quality">1 to 100, for the lossy formats. Default 92.</param>
    public static unsafe byte[] Encode(Photo photo, PhotoFormat format = PhotoFormat.Png, int quality = 92)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        fixed (byte* start = photo.Array)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)start, 4 * photo.Width);
            using SKData data = format switch
            {
                PhotoFormat.Png => pixmap.Encode(FastPng),
                PhotoFormat.Jpeg => pixmap.Encode(new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore)),
                PhotoFormat.Webp => pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, quality)),
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Expected Png, Jpeg or Webp."),
            } ?? throw new PhotoException($"A photo of {photo.Width}x{photo.Height} pixels cannot be written as {format}; choose another format.");
            return data.ToArray();
        }
    }

    /// <summary>The bytes of a picture file, with errors that name it.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="options">Only <see cref="PhotoDecodingOptions.MaxBytes"/> counts here; null for the default.</param>
    /// <exception cref="PhotoException">The file is missing, empty, too large, no regular file, or cannot be read.</exception>
    public static byte[] ReadFile(string path, PhotoDecodingOptions? options = null)
    {
        using PhotoFile file = PhotoFile.Open(path, options ?? PhotoDecodingOptions.Default);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(file.Length);
        file.Read(bytes);
        return bytes;
    }

    private static unsafe Photo Decode(SKCodec codec, PhotoDecodingOptions options, string name, Photo? spare)
    {
        SKImageInfo info = codec.Info;
        RequireAllowed(info.Width, info.Height, options, name);

        SKSizeI size = ChooseSize(codec, options.ShorterSide);
        // Only these two write every pixel: a frame of a GIF, a BMP or a WebP may leave some out, even where the picture is said to be opaque.
        bool opaque = info.AlphaType == SKAlphaType.Opaque, whole = codec.EncodedFormat is SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png;
        Photo photo = spare is not null && spare.Width == size.Width && spare.Height == size.Height
            ? spare
            : new Photo(size.Width, size.Height, GC.AllocateUninitializedArray<byte>(checked(4 * size.Width * size.Height)));
        if (!whole)
        {
            photo.Pixels.Clear();
        }

        var target = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul, Srgb);
        SKCodecResult result;
        fixed (byte* start = photo.Array)
        {
            result = codec.GetPixels(target, (nint)start);
        }

        if (result != SKCodecResult.Success)
        {
            throw new PhotoException(Explain(result, name));
        }

        if (!opaque || !whole)
        {
            LayOver(photo.Pixels, options.Background);
        }

        return Orientation.Apply(photo, codec.EncodedOrigin);
    }

    private static void RequireAllowed(int width, int height, PhotoDecodingOptions options, string name)
    {
        long pixels = (long)width * height, most = Math.Min(options.MaxPixels, Array.MaxLength / 4);
        if (pixels > most)
        {
            throw new PhotoException($"{name} has {width}x{height} = {pixels:N0} pixels; the limit is {most:N0}. Scale it down, or raise the limit if you trust it.");
        }
    }

    private static SKSizeI ChooseSize(SKCodec codec, int? shorterSide)
    {
        SKSizeI full = new(codec.Info.Width, codec.Info.Height);
        if (shorterSide is not { } needed || codec.EncodedFormat != SKEncodedImageFormat.Jpeg)
        {
            return full;
        }

        for (int eighths = 1; eighths < 8; eighths++)
        {
            SKSizeI scaled = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(scaled.Width, scaled.Height) >= needed)
            {
                return scaled;
            }
        }

        return full;
    }

    private static string Explain(SKCodecResult result, string name) => result switch
    {
        SKCodecResult.IncompleteInput => $"{name} is cut off: the file ends before the picture does. Copy or download it again.",
        SKCodecResult.ErrorInInput => $"{name} is damaged: its data cannot be decoded to the end. Copy or download it again.",
        SKCodecResult.InvalidInput => $"{name} is cut off or damaged: its data cannot be decoded. Copy or download it again.",
        _ => $"{name} cannot be decoded ({result}). Save it anew as JPEG or PNG.",
    };

    private static string ExplainStart(ReadOnlySpan<byte> bytes, string name)
    {
        string? format = bytes switch
        {
            [0xFF, 0xD8, ..] => "JPEG",
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "PNG",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => "WebP",
            [(byte)'G', (byte)'I', (byte)'F', ..] => "GIF",
            [(byte)'B', (byte)'M', ..] => "BMP",
            _ => null,
        };
        return format is null
            ? $"{name} is not a picture that can be decoded ({bytes.Length:N0} bytes, starting with {Convert.ToHexString(bytes[..Math.Min(4, bytes.Length)])}); expected JPEG, PNG, WebP, GIF or BMP."
            : $"{name} is cut off or damaged: it begins as a {format} file, but its header cannot be read ({bytes.Length:N0} bytes). Copy or download it again.";
    }

    private static void LayOver(Span<byte> rgba, (byte Red, byte Green, byte Blue) background)
    {
        for (int i = 0; i < rgba.Length; i += 4)
        {
            int alpha = rgba[i + 3];
            if (alpha != 255)
            {
                rgba[i] = Blend(rgba[i], background.Red, alpha);
                rgba[i + 1] = Blend(rgba[i + 1], background.Green, alpha);
                rgba[i + 2] = Blend(rgba[i + 2], background.Blue, alpha);
                rgba[i + 3] = 255;
            }
        }
    }

    private static byte Blend(int over, int under, int alpha) => (byte)(((over * alpha) + (under * (255 - alpha)) + 127) / 255);
}
