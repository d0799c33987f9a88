using Inpaint.TestSupport;

namespace Inpaint.Tests;

public sealed class TruncatedPhotoTests
{
    public static TheoryData<string> Kinds => [.. Files.Keys];

    private static Dictionary<string, byte[]> Files { get; } = MakeFiles();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_prefix_of_a_file_is_an_error_or_the_whole_picture(string kind)
    {
        byte[] file = Files[kind];
        Photo whole = PhotoCodec.Decode(file);
        int errors = 0;
        for (int length = 0; length < file.Length; length++)
        {
            try
            {
                Assert.Equal(whole.Array, PhotoCodec.Decode(file.AsSpan(0, length), null, "holiday.jpg").Array);
            }
            catch (PhotoException e)
            {
                Assert.Contains("holiday.jpg", e.Message, StringComparison.Ordinal);
                errors++;
            }
        }

        // JPEG and BMP end with pixel data; the other formats end with up to 24 bytes (checksums, an end chunk) without any.
        Assert.InRange(file.Length - errors, 0, kind.Contains("jpeg", StringComparison.Ordinal) || kind == "bmp" ? 0 : 24);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("jpeg progressive")]
    public void A_truncated_jpeg_is_an_error_at_reduced_scale_too(string kind)
    {
        byte[] file = Files[kind];
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<PhotoException>(() => PhotoCodec.Decode(file.AsSpan(0, length), new PhotoDecodingOptions { ShorterSide = 8 }));
        }
    }

    [Fact]
    public void A_truncated_file_is_an_error_that_names_the_file_and_the_cause()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("truncated.jpg");
        foreach (string kind in new[] { "jpeg", "jpeg progressive", "png", "webp" })
        {
            byte[] file = Files[kind];
            foreach (int length in new[] { 20, file.Length / 2, file.Length - 25 })
            {
                File.WriteAllBytes(path, file[..length]);
                string message = Assert.Throws<PhotoException>(() => PhotoCodec.Decode(path)).Message;
                Assert.Contains(path, message, StringComparison.Ordinal);
                Assert.Contains("truncated", message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_damaged_png_is_an_error()
    {
        byte[] file = (byte[])Files["png"].Clone();
        file[file.Length / 2] ^= 0x10;
        Assert.Contains("damaged", Assert.Throws<PhotoException>(() => PhotoCodec.Decode(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_photographs_are_errors_at_every_length()
    {
        string folder = Places.SharedData("coco-mini/val2017");
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(5))
        {
            byte[] file = File.ReadAllBytes(path);
            for (int part = 0; part <= 40; part++)
            {
                int length = (int)((long)(file.Length - 1) * part / 40);
                Assert.Throws<PhotoException>(() => PhotoCodec.Decode(file.AsSpan(0, length)));
            }
        }
    }

    private static Dictionary<string, byte[]> MakeFiles()
    {
        var random = new Random(8);
        Photo photo = NaiveSampler.Noise(random, 33, 21);
        byte[] samples = new byte[33 * 21];
        random.NextBytes(samples);
        byte[] paletteIndices = [.. samples.Select(s => (byte)(s % 128))];
        byte[] palette = new byte[3 * 128];
        random.NextBytes(palette);
        byte[][] levels = [.. Enumerable.Range(0, 4).Select(c => samples[(c * 24)..((c + 1) * 24)])];
        return new Dictionary<string, byte[]>
        {
            ["png"] = PhotoCodec.Encode(photo),
            ["png grey"] = TinyPng.Write(33, 21, TinyPng.Grey, 8, samples.Chunk(33)),
            ["png palette"] = TinyPng.Write(33, 21, TinyPng.Palette, 8, paletteIndices.Chunk(33), ("PLTE", palette)),
            ["png interlaced"] = TinyPng.WriteInterlaced(33, 21, TinyPng.Grey, 1, samples),
            ["jpeg"] = PhotoCodec.Encode(photo, PhotoFormat.Jpeg),
            ["jpeg grey"] = TinyJpeg.Write(6, levels[..1]),
            ["jpeg progressive"] = TinyJpeg.Write(6, levels[..3], progressive: true),
            ["jpeg progressive grey"] = TinyJpeg.Write(6, levels[..1], progressive: true),
            ["jpeg cmyk"] = TinyJpeg.Write(6, levels, false, TinyJpeg.Adobe(0)),
            ["webp"] = PhotoCodec.Encode(photo, PhotoFormat.Webp),
            ["gif"] = TinyGif.Write(33, 21, palette, [paletteIndices]),
            ["bmp"] = TinyBmp.Write(photo),
        };
    }
}
