using System.Buffers;
using SkiaSharp;

namespace Inpaint.Photos;

/// <summary>The file formats that <see cref="PhotoCodec.Encode"/> writes.</summary>
public enum PhotoFormat
{
    /// <summary>PNG: lossless.</summary>
    Png,

    /// <summary>JPEG: lossy, small.</summary>
    Jpeg,

    /// <summary>WebP: lossy, smaller.</summary>
    Webp,
}

/// <summary>Decodes and encodes picture files.</summary>
public static class PhotoCodec
{
    private static readonly SKColorSpace Srgb = SKColorSpace.CreateSrgb();

    // A 640x480 photo: 15 ms and 464 kB; with all filters and zlib level 6, 76 ms and 433 kB.
    private static readonly SKPngEncoderOptions FastPng = new(SKPngEncoderFilterFlags.Paeth, 2);

    /// <summary>
    /// Decodes a picture file (JPEG, PNG, WebP, GIF, BMP, ...): applies the EXIF orientation, converts the colour profile to sRGB and
    /// composites transparent pixels over the background.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits and background; <see cref="PhotoDecodingOptions.Default"/> if null.</param>
    /// <param name="buffer">A photo whose memory is reused if it has the stored picture's size; its pixels are lost.</param>
    /// <exception cref="PhotoException">
    /// The file is missing, empty, truncated, too large, or not a picture; the message names it.
    /// </exception>
    public static Photo Decode(string path, PhotoDecodingOptions? options = null, Photo? buffer = null)
    {
        options ??= PhotoDecodingOptions.Default;
        path = Path.Combine(options.Folder ?? "", path);
        using PhotoFile file = PhotoFile.Open(path, options);
        byte[] rented = ArrayPool<byte>.Shared.Rent(file.Length);
        try
        {
            Span<byte> bytes = rented.AsSpan(0, file.Length);
            file.Read(bytes);
            return Decode(bytes, options, path, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Decodes a picture from memory, like <see cref="Decode(string, PhotoDecodingOptions, Photo)"/>.</summary>
    /// <param name="bytes">The encoded picture.</param>
    /// <param name="options">Limits and background; <see cref="PhotoDecodingOptions.Default"/> if null.</param>
    /// <param name="name">The picture's name in error messages.</param>
    /// <param name="buffer">A photo whose memory is reused if it has the stored picture's size; its pixels are lost.</param>
    /// <exception cref="PhotoException">The bytes are empty, truncated, of too many pixels, or not a picture.</exception>
    public static unsafe Photo Decode(
        ReadOnlySpan<byte> bytes, PhotoDecodingOptions? options = null, string name = "the picture", Photo? buffer = null)
    {
        options ??= PhotoDecodingOptions.Default;
        if (bytes.IsEmpty)
        {
            throw new PhotoException($"{name} is empty (0 bytes); expected a picture such as JPEG or PNG.");
        }

        if (PngChunks.ReadSize(bytes) is { } size)
        {
            RequireAllowed(size.Width, size.Height, options, name);
            bytes = PngChunks.StripLarge(bytes) is { } stripped ? stripped : bytes;
        }

        fixed (byte* start = bytes)
        {
            using var data = SKData.Create((nint)start, bytes.Length);
            using SKCodec? codec = SKCodec.Create(data);
            return codec is null ? throw new PhotoException(ExplainHeader(bytes, name)) : Decode(codec, options, name, buffer);
        }
    }

    /// <summary>The stored size of an encoded picture, before its EXIF orientation is applied. Only the header is read.</summary>
    /// <param name="bytes">The encoded picture; it may be truncated after the header.</param>
    /// <param name="options">Only <see cref="PhotoDecodingOptions.MaxPixels"/> is used; the default if null.</param>
    /// <param name="name">The picture's name in error messages.</param>
    /// <exception cref="PhotoException">The bytes are not a picture, or its size exceeds the limit.</exception>
    public static unsafe (int Width, int Height) ReadSize(
        ReadOnlySpan<byte> bytes, PhotoDecodingOptions? options = null, string name = "the picture")
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
            SKImageInfo info = codec?.Info ?? throw new PhotoException(ExplainHeader(bytes, name));
            RequireAllowed(info.Width, info.Height, options ?? PhotoDecodingOptions.Default, name);
            return (info.Width, info.Height);
        }
    }

    /// <summary>Encodes a photo.</summary>
    /// <param name="photo">The photo. Its pixels are written unchanged, as sRGB.</param>
    /// <param name="format">The file format.</param>
    /// <param name="quality">1 to 100; used by the lossy formats. Default 92.</param>
    public static unsafe byte[] Encode(Photo photo, PhotoFormat format = PhotoFormat.Png, int quality = 92)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        fixed (byte* start = photo.Array)
        {
            var info = new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var pixmap = new SKPixmap(info, (nint)start, 4 * photo.Width);
            using SKData data = format switch
            {
                PhotoFormat.Png => pixmap.Encode(FastPng),
                PhotoFormat.Jpeg => pixmap.Encode(
                    new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore)),
                PhotoFormat.Webp => pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, quality)),
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Expected Png, Jpeg or Webp."),
            } ?? throw new PhotoException($"A {photo.Width}x{photo.Height} photo cannot be encoded as {format}; choose another format.");
            return data.ToArray();
        }
    }

    /// <summary>The encoded bytes of a picture file; links are followed.</summary>
    /// <exception cref="PhotoException">The file is missing, empty, too large, not a regular file, or unreadable.</exception>
    internal static byte[] ReadFile(string path, PhotoDecodingOptions? options = null)
    {
        using PhotoFile file = PhotoFile.Open(path, options ?? PhotoDecodingOptions.Default);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(file.Length);
        file.Read(bytes);
        return bytes;
    }

    private static unsafe Photo Decode(SKCodec codec, PhotoDecodingOptions options, string name, Photo? buffer)
    {
        SKImageInfo info = codec.Info;
        RequireAllowed(info.Width, info.Height, options, name);

        SKSizeI size = ChooseSize(codec, options.ShorterSide);
        // GIF, BMP and WebP frames need not cover the canvas, even if the picture claims to be opaque.
        bool opaque = info.AlphaType == SKAlphaType.Opaque;
        bool writesEveryPixel = codec.EncodedFormat is SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png;
        Photo photo = buffer is not null && buffer.Width == size.Width && buffer.Height == size.Height
            ? buffer
            : new Photo(size.Width, size.Height, GC.AllocateUninitializedArray<byte>(checked(4 * size.Width * size.Height)));
        if (!writesEveryPixel)
        {
            photo.Pixels.Clear();
        }

        SKAlphaType alpha = opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        var target = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha, Srgb);
        SKCodecResult result;
        fixed (byte* start = photo.Array)
        {
            result = codec.GetPixels(target, (nint)start);
        }

        if (result != SKCodecResult.Success)
        {
            throw new PhotoException(Explain(result, name));
        }

        if (!opaque || !writesEveryPixel)
        {
            CompositeOver(photo.Pixels, options.BackgroundColour());
        }

        return Orientation.Apply(photo, codec.EncodedOrigin);
    }

    private static void RequireAllowed(int width, int height, PhotoDecodingOptions options, string name)
    {
        long pixels = (long)width * height, limit = Math.Min(options.MaxPixels, Array.MaxLength / 4);
        if (pixels > limit)
        {
            throw new PhotoException(
                $"{name} has {width}x{height} = {pixels:N0} pixels; the limit is {limit:N0}. "
                + "Scale it down, or raise the limit if you trust it.");
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
        SKCodecResult.IncompleteInput => $"{name} is truncated: the file ends before the picture does. Copy or download it again.",
        SKCodecResult.ErrorInInput => $"{name} is damaged: its data cannot be decoded completely. Copy or download it again.",
        SKCodecResult.InvalidInput => $"{name} is truncated or damaged: its data cannot be decoded. Copy or download it again.",
        _ => $"{name} cannot be decoded ({result}). Save it again as JPEG or PNG.",
    };

    private static string ExplainHeader(ReadOnlySpan<byte> bytes, string name)
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
        string start = Convert.ToHexString(bytes[..Math.Min(4, bytes.Length)]);
        return format is null
            ? $"{name} is not a picture that can be decoded ({bytes.Length:N0} bytes, starting with {start}); "
                + "expected JPEG, PNG, WebP, GIF or BMP."
            : $"{name} is truncated or damaged: it starts like a {format} file, but its header cannot be read ({bytes.Length:N0} bytes). "
                + "Copy or download it again.";
    }

    private static void CompositeOver(Span<byte> rgba, (byte Red, byte Green, byte Blue) background)
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
