using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Inpaint.TestSupport;

namespace Inpaint.Tests.Datasets;

public sealed class ZipDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stored_and_deflated_entries_are_in_the_order_of_the_archive()
    {
        byte[] b = RandomBytes(5000, 1), a = [.. new byte[9000], .. RandomBytes(500, 2)];
        string zip = Pack(
            "set.zip", ("z/b.png", b, CompressionLevel.NoCompression), ("notes.txt", [1], CompressionLevel.NoCompression),
            ("a.JPG", a, CompressionLevel.SmallestSize), (".x.png", [1], CompressionLevel.NoCompression),
            ("__MACOSX/._a.jpg", [1], CompressionLevel.NoCompression));
        using IPhotoDataset dataset = DatasetFormats.Files.Open(zip);
        PhotoRecord[] rows = [.. dataset.Read()];
        Assert.Equal(["z/b.png", "a.JPG"], rows.Select(row => row.Id));
        Assert.Equal(2, dataset.Count);
        Assert.Equal(b, rows[0].ReadBytes());
        Assert.Equal(a, rows[1].ReadBytes());
        Assert.Null(rows[0].Path);
    }

    [Fact]
    public void Seventy_thousand_entries_are_read_through_a_zip64_directory()
    {
        const int Count = 70_000;
        using (ZipArchive archive = ZipFile.Open(_folder.File("many.zip"), ZipArchiveMode.Create))
        {
            for (int i = 0; i < Count; i++)
            {
                using Stream entry = archive.CreateEntry($"{i}.png", CompressionLevel.NoCompression).Open();
                entry.Write(Encoding.ASCII.GetBytes($"{i}"));
            }
        }

        using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.File("many.zip"));
        Assert.Equal(Count, dataset.Count);
        int next = 0;
        foreach (PhotoRecord row in dataset.Read())
        {
            if (next % 1000 == 0)
            {
                Assert.Equal($"{next}.png", row.Id);
                Assert.Equal($"{next}", Encoding.ASCII.GetString(row.ReadBytes()));
            }

            next++;
        }

        Assert.Equal(Count, next);
    }

    [Fact]
    public void Concurrent_reads_match_ZipArchive()
    {
        string zip = Pack(
            "many.zip",
            [.. Enumerable.Range(0, 300)
                .Select(i =>
                    ($"{i}.png", RandomBytes(500 + (37 * i), i), i % 2 == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest))]);
        using IPhotoDataset dataset = DatasetFormats.Files.Open(zip);
        PhotoRecord[] rows = [.. dataset.Read()];
        Parallel.For(0, 3000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int row = i * 7 % 300;
            Assert.Equal(RandomBytes(500 + (37 * row), row), rows[row].ReadBytes());
        });
    }

    [Fact]
    public void Captions_named_like_the_zip_take_precedence()
    {
        byte[] captions = """{"file": "a.png", "caption": "inside"}"""u8.ToArray();
        string zip = Pack(
            "pets.zip", ("a.png", [1], CompressionLevel.NoCompression), ("captions.jsonl", captions, CompressionLevel.Fastest));
        Assert.Equal("inside", Caption(zip));
        File.WriteAllText(_folder.File("captions.jsonl"), """{"file": "a.png", "caption": "beside"}""");
        Assert.Equal("beside", Caption(zip));
        File.WriteAllText(_folder.File("pets.jsonl"), """{"file": "a.png", "caption": "named"}""");
        File.WriteAllText(_folder.File("dogs.jsonl"), """{"file": "a.png", "caption": "another's"}""");
        Assert.Equal("named", Caption(zip));
    }

    [Fact]
    public void An_invalid_caption_line_in_a_zip_is_an_error_that_names_the_zip()
    {
        string zip =
            Pack("set.zip", ("a.png", [1], CompressionLevel.NoCompression), ("captions.jsonl", "{}"u8.ToArray(), CompressionLevel.Fastest));
        var error = Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(zip));
        Assert.Contains("captions.jsonl in " + zip + ", line 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../evil.png", "_/evil.png")]
    [InlineData("/etc/evil.png", "etc/evil.png")]
    [InlineData("C:\\evil.png", "C_/evil.png")]
    [InlineData("a/../../evil.png", "a/_/_/evil.png")]
    public void A_name_that_escapes_the_folder_is_a_row_that_cannot_be_read(string name, string id)
    {
        string zip = Pack("set.zip", (name, [1], CompressionLevel.NoCompression), ("good.png", [2], CompressionLevel.NoCompression));
        using IPhotoDataset dataset = DatasetFormats.Files.Open(zip);
        PhotoRecord[] rows = [.. dataset.Read()];
        Assert.Equal([id, "good.png"], rows.Select(row => row.Id));
        Assert.Contains($"'{name}' is rejected", Assert.Throws<PhotoException>(rows[0].ReadBytes).Message, StringComparison.Ordinal);
        Assert.Equal([2], rows[1].ReadBytes());
    }

    [Fact]
    public void An_entry_that_claims_a_huge_size_is_rejected_without_allocating()
    {
        byte[] zip = File.ReadAllBytes(Pack("set.zip", ("bomb.png", new byte[1000], CompressionLevel.SmallestSize)));
        int central = zip.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x50, 0x4B, 1, 2]);
        foreach ((uint size, string words) in new[] { (0x7FFFFFF0u, "the limit is 536,870,912"), (400u << 20, "damaged") })
        {
            BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(central + 24), size);
            File.WriteAllBytes(_folder.File("bomb.zip"), zip);
            using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.File("bomb.zip"));
            PhotoRecord row = dataset.Read().Single();
            long before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.Throws<PhotoException>(row.ReadBytes);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
            Assert.Contains("bomb.png", error.Message, StringComparison.Ordinal);
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(700)]
    public void A_truncated_zip_is_an_error_that_names_it(int kept)
    {
        byte[] zip = File.ReadAllBytes(Pack("set.zip", ("a.png", RandomBytes(1000, 3), CompressionLevel.NoCompression)));
        File.WriteAllBytes(_folder.File("cut.zip"), zip[..kept]);
        var error = Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(_folder.File("cut.zip")));
        Assert.Contains("cut.zip", error.Message, StringComparison.Ordinal);
        Assert.Contains("not a complete zip", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zips_with_a_changed_byte_are_read_or_fail_with_our_exceptions()
    {
        byte[] zip = File.ReadAllBytes(
            Pack("set.zip", ("a.png", RandomBytes(40, 3), CompressionLevel.NoCompression),
                ("b.png", new byte[400], CompressionLevel.SmallestSize)));
        for (int i = 0; i < zip.Length; i++)
        {
            foreach (byte value in (byte[])[0, 0x7F, 0xFF])
            {
                byte[] changed = [.. zip];
                changed[i] = value;
                File.WriteAllBytes(_folder.File("changed.zip"), changed);
                try
                {
                    using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.File("changed.zip"));
                    foreach (PhotoRecord row in dataset.Read())
                    {
                        try
                        {
                            row.ReadBytes();
                        }
                        catch (PhotoException e)
                        {
                            Assert.Matches("changed\\.zip|is rejected", e.Message);
                        }
                    }
                }
                catch (DatasetException e)
                {
                    Assert.Contains("changed.zip", e.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void A_duplicate_name_is_rejected()
    {
        string zip = Pack("set.zip", ("a.png", [1], CompressionLevel.NoCompression), ("a.png", [2], CompressionLevel.NoCompression));
        Assert.Contains("'a.png'", Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(zip)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_without_pictures_is_rejected()
    {
        string zip = Pack("set.zip", ("a.txt", [1], CompressionLevel.NoCompression));
        Assert.Contains(
            "no pictures", Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(zip)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shared_test_photos_match_the_archive_and_have_five_captions_each()
    {
        string path = Places.SharedData("photos64/test.zip");
        using IPhotoDataset dataset = DatasetFormats.Files.Open(path);
        using ZipArchive archive = ZipFile.OpenRead(path);
        Assert.Equal(800, dataset.Count);
        int rows = 0;
        foreach (PhotoRecord row in dataset.Read())
        {
            Assert.Equal(5, row.Captions.Count);
            if (rows++ % 50 == 0)
            {
                using var copy = new MemoryStream();
                using Stream entry = archive.GetEntry(row.Id)!.Open();
                entry.CopyTo(copy);
                Assert.Equal(copy.ToArray(), row.ReadBytes());
                Assert.Equal(64, row.Decode().Width);
            }
        }

        Assert.Equal(800, rows);
        PhotoRecord first = dataset.Read().First();
        Assert.Equal("test/coco-000000000285.png", first.Id);
        Assert.Equal("A big burly grizzly bear is show with grass in the background.", first.Captions[0]);
    }

    [Fact]
    public void The_shared_large_photos_have_their_own_captions()
    {
        using IPhotoDataset dataset = DatasetFormats.Files.Open(Places.SharedData("photos256/large256.zip"));
        Assert.Equal(324, dataset.Count);
        Assert.All(dataset.Read(), row => Assert.NotEmpty(row.Captions));
    }

    private static byte[] RandomBytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Caption(string zip)
    {
        using IPhotoDataset dataset = DatasetFormats.Files.Open(zip);
        return dataset.Read().Single().Captions.Single();
    }

    private string Pack(string name, params (string Name, byte[] Bytes, CompressionLevel Level)[] entries)
    {
        using ZipArchive archive = ZipFile.Open(_folder.File(name), ZipArchiveMode.Create);
        foreach ((string entryName, byte[] bytes, CompressionLevel level) in entries)
        {
            using Stream entry = archive.CreateEntry(entryName, level).Open();
            entry.Write(bytes);
        }

        return _folder.File(name);
    }
}
