using Inpaint.TestSupport;

namespace Inpaint.Tests.Datasets;

public sealed class CaptionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Captions_and_boxes_are_read_and_other_fields_ignored()
    {
        Pictures("a.png", "b.png", "c.png");
        Captions(
            """{"file": "a.png", "captions": ["A dog.", "Ein Hund: ä."], "licence": {"x": 1}, "box": [1, 2, 3.5, 4]}""",
            "",
            """{"caption": "A cat.", "file": "./b.png", "box": null}""");
        PhotoRecord[] rows = Rows();
        Assert.Equal(["A dog.", "Ein Hund: ä."], rows[0].Captions);
        Assert.Equal(new PixelRect(1, 2, 4, 4), rows[0].Box);
        Assert.Equal(["A cat."], rows[1].Captions);
        Assert.Null(rows[1].Box);
        Assert.Empty(rows[2].Captions);
    }

    [Fact]
    public void Lines_for_the_same_file_are_merged()
    {
        Pictures("a.png");
        Captions("""{"file": "a.png", "caption": "One."}""", """{"file": "a.png", "caption": "Two."}""");
        Assert.Equal(["One.", "Two."], Rows()[0].Captions);
    }

    [Fact]
    public void A_unique_file_name_matches()
    {
        Pictures("x/only.png", "x/twice.png", "y/twice.png", "y/named.png", "z/named.png");
        Captions(
            """{"file": "elsewhere/only.png", "caption": "Only."}""",
            """{"file": "twice.png", "caption": "Which?"}""",
            """{"file": "y/named.png", "caption": "Named."}""");
        Dictionary<string, string> found = Rows().ToDictionary(row => row.Id, row => string.Join('|', row.Captions));
        Assert.Equal("Only.", found["x/only.png"]);
        Assert.Equal("", found["x/twice.png"]);
        Assert.Equal("", found["y/twice.png"]);
        Assert.Equal("Named.", found["y/named.png"]);
        Assert.Equal("", found["z/named.png"]);
    }

    [Fact]
    public void An_ambiguous_file_name_does_not_match()
    {
        Pictures("c/same.png");
        Captions("""{"file": "a/same.png", "caption": "A."}""", """{"file": "b/same.png", "caption": "B."}""");
        Assert.Empty(Rows()[0].Captions);
    }

    [Theory]
    [InlineData("{\"file\": \"a.png\", ", "not valid JSON")]
    [InlineData("[1]", "found a list")]
    [InlineData("{\"captions\": [\"x\"]}", "'file' is missing")]
    [InlineData("{\"file\": 7}", "'file' is 7")]
    [InlineData("{\"file\": \"a.png\", \"captions\": \"x\"}", "'captions' is a string")]
    [InlineData("{\"file\": \"a.png\", \"captions\": [3]}", "'captions' contains 3")]
    [InlineData("{\"file\": \"a.png\", \"caption\": []}", "'caption' contains a list")]
    [InlineData("{\"file\": \"a.png\", \"caption\": \"\\ud800\"}", "not valid JSON")]
    [InlineData("{\"file\": \"a.png\", \"\\udc00\": 1}", "not valid JSON")]
    [InlineData("{\"file\": \"\\ud800\"}", "surrogate")]
    [InlineData("{\"file\": \"a.png\", \"box\": [1, 2, 3]}", "'box' is [1, 2, 3]")]
    [InlineData("{\"file\": \"a.png\", \"box\": [1, 2, -3, 4]}", "'box' is")]
    public void An_invalid_line_is_an_error_with_file_and_line_number(string line, string what)
    {
        Pictures("a.png");
        Captions("""{"file": "a.png", "caption": "Fine."}""", line);
        var error = Assert.Throws<DatasetException>(Rows);
        Assert.Contains("captions.jsonl, line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_caption_file_can_be_specified()
    {
        Pictures("a.png");
        Captions("""{"file": "a.png", "caption": "Own."}""");
        File.WriteAllText(_folder.File("other.jsonl"), """{"file": "a.png", "caption": "Given."}""");
        using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.Path, _folder.File("other.jsonl"));
        Assert.Equal(["Given."], dataset.Read().Single().Captions);

        var error = Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(_folder.Path, _folder.File("none.jsonl")));
        Assert.Contains("none.jsonl", error.Message, StringComparison.Ordinal);
    }

    private void Pictures(params string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllBytes(_folder.File(name), [1]);
        }
    }

    private void Captions(params string[] lines) => File.WriteAllLines(_folder.File("captions.jsonl"), lines);

    private PhotoRecord[] Rows()
    {
        using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.Path);
        return [.. dataset.Read()];
    }
}
