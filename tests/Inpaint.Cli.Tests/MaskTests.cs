using System.Text.Json;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

public sealed class MaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Photos => _folder.File("photos");

    private string Out => _folder.File("done");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("white")]
    [InlineData("black")]
    public void One_mask_hides_the_same_pixels_of_every_photo(string polarity)
    {
        _ = Pictures.Write(Path.Combine(Photos, "a.png"), 1, 96);
        _ = Pictures.Write(Path.Combine(Photos, "b.png"), 2, 96);
        WriteMask("mask.png", 96, new PixelRect(10, 20, 30, 25), holeIsWhite: polarity == "white");
        _ = CliProgram.Expect(0, "score", Photos, "--out", Out, "--mask", _folder.File("mask.png"), "--mask-polarity", polarity);
        foreach (string name in new[] { "a.png", "b.png" })
        {
            Photo photo = PhotoCodec.Decode(Path.Combine(Photos, name)), completed = PhotoCodec.Decode(Path.Combine(Out, name + ".png"));
            Pictures.AssertOnlyChangedWhere(photo, completed, (x, y) => x is >= 10 and < 40 && y is >= 20 and < 45, name);
        }
    }

    [Theory]
    [InlineData(null, "fill")]
    [InlineData("membrane", "membrane")]
    public void Masks_are_filled_by_a_free_hole_graph_by_default(string? named, string expected)
    {
        _ = Pictures.Write(Path.Combine(Photos, "a.png"), 1, 96);
        WriteMask("mask.png", 96, new PixelRect(10, 20, 30, 25), holeIsWhite: true);
        string[] graph = named is null ? [] : ["--graph", named];
        _ = CliProgram.Expect(0, ["score", Photos, "--out", Out, "--mask", _folder.File("mask.png"), .. graph]);
        Assert.Equal(expected, Assert.Single(Pictures.Rows(Out)).Text("graph"));
    }

    [Fact]
    public void A_photo_without_a_mask_in_the_folder_of_masks_is_a_bad_row()
    {
        _ = Pictures.Write(Path.Combine(Photos, "sub/a.jpg"), 1, 96, PhotoFormat.Jpeg);
        _ = Pictures.Write(Path.Combine(Photos, "b.png"), 2, 96);
        _ = Pictures.Write(Path.Combine(Photos, "c.png"), 3, 96);
        WriteMask("masks/sub/a.png", 96, new PixelRect(0, 0, 20, 20), holeIsWhite: true);
        WriteMask("masks/b.png", 96, new PixelRect(60, 60, 30, 30), holeIsWhite: true);
        _ = CliProgram.Expect(3, "score", Photos, "--out", Out, "--mask", _folder.File("masks"));
        AssertFilled("sub/a.jpg", (x, y) => x < 20 && y < 20);
        AssertFilled("b.png", (x, y) => x is >= 60 and < 90 && y is >= 60 and < 90);
        JsonElement bad = Assert.Single(Pictures.Rows(Out), r => r.Text("status") != "ok");
        Assert.Equal(("c.png", "bad_mask"), (bad.Text("photo"), bad.Text("status")));
        Assert.Contains(Path.Combine("masks", "c.png"), bad.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_of_another_size_is_a_bad_row_with_both_sizes()
    {
        _ = Pictures.Write(Path.Combine(Photos, "a.png"), 1, 96);
        WriteMask("mask.png", 64, new PixelRect(10, 10, 10, 10), holeIsWhite: true);
        _ = CliProgram.Expect(3, "score", Photos, "--out", Out, "--mask", _folder.File("mask.png"));
        string error = Assert.Single(Pictures.Rows(Out)).Text("error");
        Assert.Contains("64x64", error, StringComparison.Ordinal);
        Assert.Contains("96x96", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_photo_of_a_changed_mask_is_completed_again()
    {
        _ = Pictures.Write(Path.Combine(Photos, "a.png"), 1, 96);
        _ = Pictures.Write(Path.Combine(Photos, "b.png"), 2, 96);
        WriteMask("masks/a.png", 96, new PixelRect(0, 0, 20, 20), holeIsWhite: true);
        WriteMask("masks/b.png", 96, new PixelRect(0, 0, 20, 20), holeIsWhite: true);
        string[] arguments = ["score", Photos, "--out", Out, "--mask", _folder.File("masks"), "--json"];
        _ = CliProgram.Expect(0, arguments);
        WriteMask("masks/b.png", 96, new PixelRect(50, 50, 33, 21), holeIsWhite: true);
        Assert.Equal(1, CliProgram.Expect(0, arguments).Json.Number("completed"));
        AssertFilled("b.png", (x, y) => x is >= 50 and < 83 && y is >= 50 and < 71);
    }

    private void AssertFilled(string name, Func<int, int, bool> hidden) => Pictures.AssertOnlyChangedWhere(
        PhotoCodec.Decode(Path.Combine(Photos, name)), PhotoCodec.Decode(Path.Combine(Out, name + ".png")), hidden, name);

    private void WriteMask(string relative, int side, PixelRect hole, bool holeIsWhite)
    {
        var picture = new Photo(side, side);
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                picture.Pixels.Slice(4 * ((y * side) + x), 3).Fill(hole.Contains(x, y) == holeIsWhite ? (byte)255 : (byte)0);
            }
        }

        string path = _folder.File(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, PhotoCodec.Encode(picture));
    }
}
