using Inpaint.TestSupport;

namespace Inpaint.Tests.Datasets;

public sealed class FolderDatasetTests : IDisposable
{
    private static readonly byte[] Png = PhotoCodec.Encode(new Photo(3, 2));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pictures_at_any_depth_are_ordered_by_relative_path()
    {
        string[] names = ["b.png", "a/2.jpg", "a.png", "a-b.png", "a/10.jpg", "B.GIF", "c/d/e/f.webp", "a/sub/1.bmp", "notes.txt"];
        foreach (string name in names)
        {
            Add(name);
        }

        string[] expected = ["B.GIF", "a-b.png", "a.png", "a/10.jpg", "a/2.jpg", "a/sub/1.bmp", "b.png", "c/d/e/f.webp"];
        Assert.Equal(expected, Ids());
    }

    [Fact]
    public void Hidden_files_and_folders_are_ignored()
    {
        Add("seen.png");
        Add(".hidden.png");
        Add(".cache/thumb.png");
        Assert.Equal(["seen.png"], Ids());
    }

    [Fact]
    public void Decoding_a_text_file_named_jpg_is_an_error_that_names_it()
    {
        Add("words.jpg", "not a picture"u8.ToArray());
        PhotoRecord row = Assert.Single(Rows());
        Assert.Equal("not a picture"u8.ToArray(), row.ReadBytes());
        Assert.Contains("words.jpg", Assert.Throws<PhotoException>(() => row.Decode()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_a_dangling_link_is_an_error()
    {
        File.CreateSymbolicLink(_folder.File("gone.png"), "nowhere.png");
        PhotoRecord row = Assert.Single(Rows());
        Assert.Equal("gone.png", row.Id);
        Assert.Contains("nowhere.png", Assert.Throws<PhotoException>(row.ReadBytes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cyclic_and_upward_links_terminate()
    {
        Add("a/1.png");
        Add("b/2.png");
        Directory.CreateSymbolicLink(_folder.File("a/up"), "..");
        Directory.CreateSymbolicLink(_folder.File("a/to-b"), "../b");
        Directory.CreateSymbolicLink(_folder.File("b/to-a"), "../a");
        Directory.CreateSymbolicLink(_folder.File("b/self"), ".");
        File.CreateSymbolicLink(_folder.File("ring1.png"), "ring2.png");
        File.CreateSymbolicLink(_folder.File("ring2.png"), "ring1.png");

        string[] ids = Ids();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All((string[])["a/1.png", "b/2.png", "a/to-b/2.png", "ring1.png"], id => Assert.Contains(id, ids));
        Assert.True(ids.Length < 10, $"{ids.Length} rows");
        Assert.Throws<PhotoException>(() => Rows().Single(row => row.Id == "ring1.png").ReadBytes());
    }

    [Fact]
    public void A_linked_folder_is_followed()
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere.File("far.png"), Png);
        Directory.CreateSymbolicLink(_folder.File("link"), elsewhere.Path);
        PhotoRecord row = Assert.Single(Rows());
        Assert.Equal("link/far.png", row.Id);
        Assert.Equal(Png, row.ReadBytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(1000)]
    public void A_directory_with_more_names_than_a_block_keeps_its_order(int held)
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(i => i % 8 == 0 ? $"{i:D2}/x.png" : $"{i:D2}.png")];
        foreach (string name in names.Reverse())
        {
            Add(name);
        }

        Assert.Equal(names, new FolderWalk(_folder.Path, held).Ids());
    }

    [Fact]
    public void A_stamp_changes_with_size_and_with_time()
    {
        Add("a.png");
        File.SetLastWriteTimeUtc(_folder.File("a.png"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        string first = Rows().Single().Stamp;
        Assert.Equal($"{Png.Length}:637134336000000000", first);

        File.SetLastWriteTimeUtc(_folder.File("a.png"), new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        Assert.NotEqual(first, Rows().Single().Stamp);
    }

    [Fact]
    public void The_stamp_of_a_link_is_that_of_its_target()
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere.File("real.png"), Png);
        File.CreateSymbolicLink(_folder.File("link.png"), elsewhere.File("real.png"));
        Assert.StartsWith($"{Png.Length}:", Rows().Single().Stamp, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_pictures_is_rejected()
    {
        Add("readme.txt");
        var error = Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(_folder.Path));
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(".webp", error.Message, StringComparison.Ordinal);
    }

    private void Add(string name, byte[]? bytes = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllBytes(_folder.File(name), bytes ?? Png);
    }

    private string[] Ids() => [.. Rows().Select(row => row.Id)];

    private IEnumerable<PhotoRecord> Rows()
    {
        using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.Path);
        foreach (PhotoRecord row in dataset.Read())
        {
            yield return row;
        }
    }
}
