using Inpaint.TestSupport;

namespace Inpaint.Tests.Datasets;

public sealed class FileListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ids_are_file_names_in_the_given_order()
    {
        using IPhotoDataset files = new FileListDataset([Write("q/z.png"), Write("p/a.data")]);
        Assert.Equal(2, files.Count);
        PhotoRecord[] records = [.. files.Read()];
        Assert.Equal(["z.png", "a.data"], records.Select(r => r.Id));
        Assert.Equal([_folder.File("q/z.png"), _folder.File("p/a.data")], records.Select(r => r.Path));
        Assert.Equal("q/z.png"u8.ToArray(), records[0].ReadBytes());
    }

    [Fact]
    public void Ids_are_relative_paths_if_file_names_are_not_unique()
    {
        using IPhotoDataset files = new FileListDataset([Write("p/x/a.png"), Write("p/y/a.png"), Write("p/b.png")]);
        Assert.Equal(["x/a.png", "y/a.png", "b.png"], files.Read().Select(r => r.Id));
    }

    [Fact]
    public void Duplicate_files_are_ignored()
    {
        string a = Write("a.png");
        using IPhotoDataset files = new FileListDataset([a, _folder.File("./a.png"), a]);
        Assert.Equal("a.png", Assert.Single(files.Read()).Id);
    }

    [Fact]
    public void A_captions_file_can_be_specified()
    {
        string captions = _folder.File("captions.jsonl");
        File.WriteAllText(captions, "{\"file\": \"a.png\", \"caption\": \"A pier.\"}\n");
        using IPhotoDataset files = new FileListDataset([Write("a.png"), Write("b.png")], captions);
        Assert.Equal(["A pier.", ""], files.Read().Select(r => string.Join(' ', r.Captions)));
    }

    [Fact]
    public void A_missing_file_is_an_error_when_it_is_read()
    {
        using IPhotoDataset files = new FileListDataset([_folder.File("gone.png")]);
        PhotoRecord record = Assert.Single(files.Read());
        Assert.Contains("gone.png", Assert.Throws<PhotoException>(record.ReadBytes).Message, StringComparison.Ordinal);
    }

    private string Write(string relative)
    {
        string path = _folder.File(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, relative);
        return path;
    }
}
