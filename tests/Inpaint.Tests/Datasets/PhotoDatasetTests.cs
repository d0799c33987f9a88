using Inpaint.CommandLine;
using Inpaint.TestSupport;

namespace Inpaint.Tests.Datasets;

public sealed class PhotoDatasetTests
{
    [Theory]
    [InlineData("a.jpg", true)]
    [InlineData("b/c.JPEG", true)]
    [InlineData("d.Png", true)]
    [InlineData("e.webp", true)]
    [InlineData("f.bmp", true)]
    [InlineData("g.GIF", true)]
    [InlineData("h.txt", false)]
    [InlineData("i.jpg.bak", false)]
    [InlineData("png", false)]
    [InlineData(".png", false)]
    public void Pictures_are_recognised_by_extension_ignoring_case(string name, bool expected) =>
        Assert.Equal(expected, PictureFiles.IsName(name));

    [Fact]
    public void A_missing_path_is_an_error_with_the_supported_formats()
    {
        var error = Assert.Throws<DatasetException>(() => KnownDatasets.Formats.Open("no/such/place"));
        Assert.Contains("no/such/place", error.Message, StringComparison.Ordinal);
        Assert.Contains("scenes:COUNT", error.Message, StringComparison.Ordinal);
        Assert.Contains(".zip", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_a_zip_is_rejected()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("list.txt"), "a.jpg");
        var error = Assert.Throws<DatasetException>(() => KnownDatasets.Formats.Open(folder.File("list.txt")));
        Assert.Contains("list.txt", error.Message, StringComparison.Ordinal);
        Assert.Contains("a file of another kind; expected scenes:COUNT", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scenes", "parts")]
    [InlineData("scenes:", "COUNT")]
    [InlineData("scenes:ten", "COUNT is 'ten'")]
    [InlineData("scenes:0", "COUNT is '0'")]
    [InlineData("scenes:-5", "COUNT is '-5'")]
    [InlineData("scenes:5:15", "SIZE is '15'")]
    [InlineData("scenes:5:big", "SIZE is 'big'")]
    [InlineData("scenes:5:64:x", "SEED is 'x'")]
    [InlineData("scenes:5:64:1:9", "5 parts")]
    public void A_typo_in_a_scenes_spec_names_the_part(string spec, string part)
    {
        var error = Assert.Throws<DatasetException>(() => KnownDatasets.Formats.Open(spec));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains("scenes:COUNT[:SIZE[:SEED]]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scenes_contain_their_own_captions()
    {
        var error = Assert.Throws<DatasetException>(() => KnownDatasets.Formats.Open("scenes:3", "mine.jsonl"));
        Assert.Contains("mine.jsonl", error.Message, StringComparison.Ordinal);
    }
}
