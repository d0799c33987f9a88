using System.Text.RegularExpressions;
using Inpaint.ML.Rows;
using Inpaint.Scenes;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

public sealed partial class SheetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Photos => _folder.File("photos");

    private string Out => _folder.File("done");

    private string Html => File.ReadAllText(Path.Combine(Out, "sheet.html"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_shows_the_hole_fill_and_original_of_each_photo_in_at_most_256_pixels()
    {
        _ = Pictures.Write(Path.Combine(Photos, "large.png"), 1, 600);
        _ = CliProgram.Expect(0, "score", Photos, "--out", Out);
        string[] sources = Sources();
        Assert.Equal(3, sources.Length);
        Photo[] shown = [.. sources.Select(s => PhotoCodec.Decode(Path.Combine(Out, s)))];
        Assert.All(shown, picture => Assert.Equal((256, 256), (picture.Width, picture.Height)));
        (byte r, byte g, byte b) = PixelAt(shown[0], 128, 128);
        Assert.True(r == g && g == b, "The hole is not shown in grey.");
        Assert.NotEqual(PixelAt(shown[0], 128, 128), PixelAt(shown[1], 128, 128));
        Assert.Equal(PixelAt(shown[2], 30, 30), PixelAt(shown[0], 30, 30));
        Assert.Equal(PixelAt(shown[2], 30, 30), PixelAt(shown[1], 30, 30));
    }

    [Fact]
    public void A_masked_photo_has_no_original()
    {
        _ = Pictures.Write(Path.Combine(Photos, "a.png"), 1);
        string mask = _folder.File("mask.png");
        Photo picture = new(64, 64);
        picture.Pixels.Slice(4 * 64 * 10, 4 * 64 * 5).Fill(255);
        File.WriteAllBytes(mask, PhotoCodec.Encode(picture));
        _ = CliProgram.Expect(0, "score", Photos, "--out", Out, "--mask", mask);
        Assert.Equal(2, Sources().Length);
    }

    [Fact]
    public void A_removed_object_is_shown_with_the_scene_drawn_without_it()
    {
        _ = CliProgram.Expect(0, "score", "scenes:8:200", "--out", Out, "--mask", "object", "--graph", "pushpull");
        Photo[] shown = [.. Sources().Select(s => PhotoCodec.Decode(Path.Combine(Out, s)))];
        Assert.Equal(8 * 4, shown.Length);
        Assert.Equal(SceneGenerator.Draw(1, 200).Photo.Pixels, shown[4].Pixels);
        Assert.Equal(PhotoCodec.Decode(Path.Combine(Out, "scene-00000001.png.png")).Pixels, shown[6].Pixels);
        Assert.Equal(SceneGenerator.DrawWithoutSubject(1, 200).Pixels, shown[7].Pixels);
    }

    [Fact]
    public void The_first_6_photos_are_one_picture_too()
    {
        _ = CliProgram.Expect(0, "score", "scenes:8:100", "--out", Out, "--graph", "pushpull");
        Photo picture = PhotoCodec.Decode(Path.Combine(Out, "sheet.jpg"));
        Assert.Equal(((3 * 100) + (2 * 8), (6 * 100) + (5 * 8)), (picture.Width, picture.Height));
        Photo second = SceneGenerator.Draw(1, 100).Photo;
        (byte r, byte g, byte b) = PixelAt(picture, (2 * 108) + 10, 108 + 20);
        (byte red, byte green, byte blue) = PixelAt(second, 10, 20);
        Assert.True(Math.Abs(r - red) < 25 && Math.Abs(g - green) < 25 && Math.Abs(b - blue) < 25, $"({r}, {g}, {b})");
    }

    [Fact]
    public void It_shows_at_most_48_photos_and_the_total()
    {
        _ = CliProgram.Expect(0, "score", "scenes:60:32", "--out", Out);
        Assert.Equal(48 * 3, Sources().Length);
        Assert.Contains("The first 48 of 60 photos", Html, StringComparison.Ordinal);
        Assert.Equal(48 * 3, Directory.GetFiles(Path.Combine(Out, ".sheet")).Length);
    }

    [Fact]
    public void Captions_names_and_errors_are_shown_and_escaped()
    {
        _ = Pictures.Write(Path.Combine(Photos, "a&b.png"), 1);
        File.WriteAllText(Path.Combine(Photos, "c.jpg"), "no picture");
        _ = CliProgram.Expect(3, "score", Photos, "--out", Out, "--caption", "<script>alert(1)</script> & \"more\"");
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;", Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", Html, StringComparison.Ordinal);
        Assert.Contains("a&amp;b.png", Html, StringComparison.Ordinal);
        Assert.Contains("bad_photo", Html, StringComparison.Ordinal);
        Assert.Contains("not a picture", Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_photo_has_its_caption_from_the_captions_file()
    {
        _ = Pictures.Write(Path.Combine(Photos, "a.png"), 1);
        _ = Pictures.Write(Path.Combine(Photos, "sub/b.png"), 2);
        string captions = _folder.File("captions.jsonl");
        File.WriteAllLines(captions,
            ["{\"file\": \"a.png\", \"caption\": \"A lighthouse.\"}",
            "{\"file\": \"sub/b.png\", \"captions\": [\"A ferry.\", \"Two gulls.\"]}"]);
        _ = CliProgram.Expect(0, "score", Photos, "--out", Out, "--captions", captions);
        string[] articles = Html.Split("<article")[1..];
        Assert.Equal(2, articles.Length);
        Assert.Contains("A lighthouse.", articles[0], StringComparison.Ordinal);
        Assert.Contains("A ferry.", articles[1], StringComparison.Ordinal);
        Assert.Contains("Two gulls.", articles[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_run_keeps_thumbnails_and_removes_those_of_other_photos()
    {
        _ = Pictures.Write(Path.Combine(Photos, "a.png"), 1);
        string b = Pictures.Write(Path.Combine(Photos, "b.png"), 2);
        _ = CliProgram.Expect(0, "score", Photos, "--out", Out);
        string[] first = Sources();
        DateTime[] times = [.. first.Select(s => File.GetLastWriteTimeUtc(Path.Combine(Out, s)))];
        File.Delete(b);
        _ = CliProgram.Expect(0, "score", Photos, "--out", Out);
        Assert.Equal(first[..3], Sources());
        Assert.Equal(times[..3], Sources().Select(s => File.GetLastWriteTimeUtc(Path.Combine(Out, s))));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(Out, ".sheet")).Length);
    }

    private string[] Sources() => [.. SourcePattern().Matches(Html).Select(m => m.Groups[1].Value)];

    private static (byte Red, byte Green, byte Blue) PixelAt(Photo photo, int x, int y)
    {
        Span<byte> pixel = photo.Pixels.Slice(4 * ((y * photo.Width) + x), 3);
        return (pixel[0], pixel[1], pixel[2]);
    }

    [GeneratedRegex("<img[^>]* src=\"([^\"]+)\"")]
    private static partial Regex SourcePattern();
}
