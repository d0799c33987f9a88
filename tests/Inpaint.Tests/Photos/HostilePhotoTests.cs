using System.Buffers.Binary;
using System.Diagnostics;
using Inpaint.TestSupport;

namespace Inpaint.Tests;

/// <summary>
/// Malicious or malformed picture files: each decodes or fails with one clear error, quickly and within the memory of its pixels.
/// </summary>
public sealed class HostilePhotoTests
{
    private static readonly byte[] Row = [1, 2, 3];

    /// <summary>Small files whose headers claim more pixels than the default limit, by format.</summary>
    private static readonly Dictionary<string, byte[]> Bombs = new()
    {
        ["png, 2 billion pixels wide"] = TinyPng.Write(int.MaxValue, int.MaxValue, TinyPng.Rgb, 8, [Row]),
        ["png, 500 megapixels"] = TinyPng.Write(25_000, 20_000, TinyPng.Rgb, 8, [Row]),
        ["jpeg"] = Jpeg(65_500, 65_500),
        ["gif"] = Gif(65_535, 65_535),
        ["bmp"] = Bmp(2_000_000, 2_000_000),
        ["webp"] = Webp(16_384, 16_384),
    };

    /// <summary>Files without a complete picture.</summary>
    private static readonly Dictionary<string, byte[]> Malformed = new()
    {
        ["png without columns"] = TinyPng.Write(0, 4, TinyPng.Rgb, 8, [[]]),
        ["png with a negative height"] = TinyPng.Write(4, -4, TinyPng.Rgb, 8, [Row]),
        ["png with an invalid colour type"] = TinyPng.Write(1, 1, 5, 8, [Row]),
        ["png with a bit depth of 3"] = TinyPng.Write(1, 1, TinyPng.Grey, 3, [Row]),
        ["png with fewer rows than its header specifies"] = TinyPng.Write(1, 400, TinyPng.Rgb, 8, [Row]),
        ["indexed png without a palette"] = TinyPng.Write(1, 1, TinyPng.Palette, 8, [[0]]),
        ["png with invalid deflate data"] = Replaced(TinyPng.Write(1, 1, TinyPng.Rgb, 8, [Row]), "IDAT", 4),
        ["png without rows"] = TinyPng.Write(1, 1, TinyPng.Rgb, 8, [Row])[..33],
        ["jpeg without a frame"] = [0xFF, 0xD8, 0xFF, 0xD9],
        ["jpeg without rows"] = Jpeg(8, 0),
        ["jpeg with a segment longer than the file"] = [0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFF, .. "Exif"u8],
        ["gif without a frame"] = [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x3B],
        ["bmp with an offset beyond its end"] = Bmp(1, 1, offset: int.MaxValue),
        ["webp with a wrong length"] = [.. "RIFF"u8, 0xFF, 0xFF, 0xFF, 0x7F, .. "WEBPVP8 "u8, 0xFF, 0xFF, 0xFF, 0x7F],
        ["an svg"] = [.. "<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/></svg>"u8],
        ["a web page"] = [.. "<html><body>404</body></html>"u8],
        ["a zip"] = [.. "PK\u0003\u0004"u8, .. new byte[60]],
        ["zeros"] = new byte[1000],
        ["one byte"] = [0xFF],
    };

    public static TheoryData<string> BombNames => [.. Bombs.Keys];

    public static TheoryData<string> MalformedNames => [.. Malformed.Keys];

    [Theory, MemberData(nameof(BombNames))]
    public void A_small_file_with_a_huge_picture_is_rejected_by_its_header(string name)
    {
        byte[] file = Bombs[name];
        Assert.InRange(file.Length, 1, 2000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        Action[] reads =
        [
            () => PhotoCodec.Decode(file, null, name),
            () => PhotoCodec.Decode(file, new PhotoDecodingOptions { ShorterSide = 64 }, name),
            () => PhotoCodec.ReadSize(file, null, name),
        ];
        foreach (Action read in reads)
        {
            string message = Assert.Throws<PhotoException>(read).Message;
            Assert.StartsWith(name, message, StringComparison.Ordinal);
            Assert.Matches("pixels; the limit is 100,000,000. Scale it down|header cannot be read", message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }

    [Theory, MemberData(nameof(MalformedNames))]
    public void A_file_without_a_complete_picture_is_an_error_that_names_it(string name)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<PhotoException>(() => PhotoCodec.Decode(Malformed[name], null, name)).Message;
        Assert.StartsWith(name, message, StringComparison.Ordinal);
        Assert.Matches("truncated|damaged|not a picture that can be decoded|cannot be decoded", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Reading_the_size_of_an_empty_file_is_an_error()
    {
        var error = Assert.Throws<PhotoException>(() => PhotoCodec.ReadSize([], null, "none"));
        Assert.Contains("0 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_extensions_are_ignored()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["picture.jpg", "picture.txt", "picture"])
        {
            File.WriteAllBytes(folder.File(name), TinyPng.Write(1, 1, TinyPng.Rgb, 8, [Row]));
            Assert.Equal([1, 2, 3, 255], PhotoCodec.Decode(folder.File(name)).Array);
        }
    }

    [Fact]
    public void A_photo_of_one_pixel_survives_every_format()
    {
        var photo = new Photo(1, 1, [200, 200, 200, 255]);
        foreach (PhotoFormat format in Enum.GetValues<PhotoFormat>())
        {
            Photo read = PhotoCodec.Decode(PhotoCodec.Encode(photo, format), new PhotoDecodingOptions { ShorterSide = 1 });
            Assert.Equal((1, 1), (read.Width, read.Height));
            Assert.All(read.Array[..3], v => Assert.InRange(v, 198, 202));
        }
    }

    [Theory]
    [InlineData("an invalid orientation",
        new byte[] { 0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("a cycle of tags",
        new byte[] { 0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0 })]
    [InlineData("tags beyond the end", new byte[] { 0x4D, 0x4D, 0, 0x2A, 0xFF, 0xFF, 0xFF, 0xF0 })]
    [InlineData("sixty-five thousand tags",
        new byte[] { 0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 0xFF, 0xFF, 0x12, 1, 3, 0, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData("no tags", new byte[0])]
    public void Invalid_exif_data_is_ignored(string what, byte[] tags)
    {
        byte[] levels = [10, 20, 30, 40, 50, 60];
        Photo photo = PhotoCodec.Decode(TinyJpeg.Write(3, [levels], false, (0xE1, [.. "Exif\0\0"u8, .. tags])), null, what);
        Assert.Equal((24, 16), (photo.Width, photo.Height));
        Assert.Equal([10, 60], new[] { photo.Array[0], photo.Array[^4] });
    }

    [Fact]
    public void An_invalid_or_huge_colour_profile_is_ignored()
    {
        byte[] plain = PhotoCodec.Decode(TinyPng.Write(1, 1, TinyPng.Rgb, 8, [Row])).Array;
        foreach (byte[] profile in (byte[][])[[], [1, 2, 3], new byte[64 << 20], [.. Enumerable.Repeat((byte)0xFF, 4000)]])
        {
            Assert.Equal(plain, PhotoCodec.Decode(TinyPng.Write(1, 1, TinyPng.Rgb, 8, [Row], TinyPng.Profile(profile))).Array);
        }
    }

    private static byte[] Jpeg(int width, int height)
    {
        byte[] file = TinyJpeg.Write(1, [[128]]);
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), (ushort)width);
        return file;
    }

    private static byte[] Gif(int width, int height) => TinyGif.Write(width, height, [9, 8, 7], [[0, 0]]);

    private static byte[] Bmp(int width, int height, int offset = 54)
    {
        byte[] file = TinyBmp.Write(new Photo(1, 1));
        foreach ((int at, int value) in new[] { (10, offset), (18, width), (22, height) })
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        }

        return file;
    }

    // The header of a lossless picture: 14 bits per side.
    private static byte[] Webp(int width, int height)
    {
        byte[] bits = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bits, (uint)(width - 1) | ((uint)(height - 1) << 14));
        return [.. "RIFF"u8, 30, 0, 0, 0, .. "WEBPVP8L"u8, 17, 0, 0, 0, 0x2F, .. bits, .. new byte[13]];
    }

    private static byte[] Replaced(byte[] file, string chunk, int from)
    {
        int at = file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(chunk)) + from;
        file.AsSpan(at, 8).Fill(0xAA);
        return file;
    }
}
