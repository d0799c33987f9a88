namespace Inpaint.Fuzz;

/// <summary>Picture files: their size, the picture, and the picture at a reduced scale, with a low pixel limit.</summary>
internal static class PhotoTarget
{
    private const long MaxPixels = 1 << 16;

    public static FuzzTarget Target { get; } = new("photo", Read, Seeds, BytesPerByte: 100);

    private static void Read(byte[] file)
    {
        var options = new PhotoDecodingOptions { MaxPixels = MaxPixels };
        Try(() => PhotoCodec.ReadSize(file, options, "a picture"));
        Try(() => Check(PhotoCodec.Decode(file, options, "a picture")));
        Try(() => Check(PhotoCodec.Decode(file, options with { ShorterSide = 4 }, "a picture")));
    }

    private static void Check(Photo photo)
    {
        ReadOnlySpan<byte> pixels = photo.Pixels;
        if ((long)photo.Width * photo.Height > MaxPixels || pixels.Length != 4 * photo.Width * photo.Height)
        {
            throw new OutOfBoundsException($"Found a photo of {photo.Width}x{photo.Height} in {pixels.Length} bytes.");
        }

        for (int i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] != 255)
            {
                throw new OutOfBoundsException($"Pixel {i / 4} has alpha {pixels[i]}.");
            }
        }
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (PhotoException e)
        {
            Answer.Check(e);
        }
    }

    private static IEnumerable<(string, byte[])> Seeds()
    {
        var photo = new Photo(9, 7);
        new Random(1).NextBytes(photo.Pixels);
        for (int i = 3; i < photo.Pixels.Length; i += 4)
        {
            photo.Pixels[i] = 255;
        }

        yield return ("png", PhotoCodec.Encode(photo));
        byte[] jpeg = PhotoCodec.Encode(photo, PhotoFormat.Jpeg);
        yield return ("jpeg", jpeg);
        // With an EXIF orientation of 6: rotated.
        byte[] exif = [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        yield return ("exif", [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]]);
        yield return ("webp", PhotoCodec.Encode(photo, PhotoFormat.Webp));
        yield return (
            "gif", [.. "GIF89a"u8, 2, 0, 1, 0, 0x80, 0, 0, 9, 8, 7, 250, 0, 1, 0x21, 0xF9, 4, 5, 10, 0, 1, 0, 0x2C, 0, 0, 0, 0, 2, 0, 1,
                0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B]);
        yield return (
            "bmp", [.. "BM"u8, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[24], 1,
                2, 3, 4, 5, 6, 0, 0]);
    }
}
