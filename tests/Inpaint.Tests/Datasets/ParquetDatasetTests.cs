using Inpaint.Scenes;
using Inpaint.TestSupport;
using Parquet;
using Parquet.Schema;

namespace Inpaint.Tests.Datasets;

/// <summary>Parquet files in common layouts.</summary>
public sealed class ParquetDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Pictures_as_bytes_with_an_id_and_a_list_of_captions()
    {
        byte[][] pictures = [.. Enumerable.Range(0, 5).Select(i => PhotoCodec.Encode(SceneGenerator.Draw(i, 32).Photo))];
        var image = new DataField<byte[]>("image");
        var id = new DataField<string>("id");
        var captions = new ListField("captions", new DataField<string>("element"));
        string file = _folder.File("photos.parquet");
        await using (FileStream stream = File.Create(file))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, image, captions), stream))
        {
            // Rows 0..2 with two, no and one captions; rows 3 and 4 in a second group.
            await Write(
                writer, [("a", pictures[0]), ("b", pictures[1]), ("c", pictures[2])], ["A dog.", "A cat.", null, "A boat."], [0, 1, 0, 0]);
            await Write(writer, [("d", pictures[3]), ("e", pictures[4])], ["A tree.", "The sea.", "Sky."], [0, 0, 1]);
        }

        async Task Write(ParquetWriter writer, (string Id, byte[] Picture)[] rows, string?[] texts, int[] levels)
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(id, rows.Select(r => r.Id).ToArray());
            await group.WriteAsync(image, rows.Select(r => r.Picture).ToArray());
            await group.WriteAsync((DataField)captions.Item, texts!, levels);
        }

        using IPhotoDataset dataset = DatasetFormats.Files.Open(file);
        PhotoRecord[] records = [.. dataset.Read()];
        Assert.Equal(5, dataset.Count);
        Assert.Equal("photos.parquet", dataset.Name);
        Assert.Equal(["a", "b", "c", "d", "e"], records.Select(r => r.Id));
        Assert.Equal([["A dog.", "A cat."], [], ["A boat."], ["A tree."], ["The sea.", "Sky."]], records.Select(r => r.Captions.ToArray()));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(pictures[i], records[i].ReadBytes());
            Assert.Null(records[i].Path);
        }

        Assert.Equal(5, records.Select(r => r.Stamp).Distinct().Count());
    }

    [Fact]
    public async Task Pictures_in_a_struct_of_bytes_and_path_with_one_caption()
    {
        byte[] picture = PhotoCodec.Encode(SceneGenerator.Draw(1, 32).Photo);
        var bytes = new DataField<byte[]>("bytes");
        var path = new DataField<string>("path");
        var text = new DataField<string>("text");
        string file = _folder.File("train.parquet");
        await using (FileStream stream = File.Create(file))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(new StructField("image", bytes, path), text), stream))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(bytes, new[] { picture, picture });
            await group.WriteAsync(path, new[] { "x/1.jpg", "x/2.jpg" });
            await group.WriteAsync(text, new[] { "A red boat.", "" });
        }

        using IPhotoDataset dataset = DatasetFormats.Files.Open(file);
        PhotoRecord[] records = [.. dataset.Read()];
        Assert.Equal(["row-00000000", "row-00000001"], records.Select(r => r.Id));
        Assert.Equal(picture, records[0].ReadBytes());
        Assert.Equal(["A red boat."], records[0].Captions);
    }

    [Fact]
    public async Task Pictures_as_relative_paths_and_several_files_in_a_folder()
    {
        foreach (string part in new[] { "b", "a" })
        {
            Directory.CreateDirectory(_folder.File("set/pictures"));
            File.WriteAllBytes(_folder.File($"set/pictures/{part}.png"), PhotoCodec.Encode(SceneGenerator.Draw(part[0], 32).Photo));
            await WritePaths(_folder.File($"paths/{part}.parquet"), $"../set/pictures/{part}.png");
        }

        using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.File("paths"));
        PhotoRecord[] records = [.. dataset.Read()];
        Assert.Equal(["a/../set/pictures/a.png", "b/../set/pictures/b.png"], records.Select(r => r.Id));
        Assert.All(records, r => Assert.Equal(32, r.Decode().Width));
    }

    [Fact]
    public async Task A_row_without_a_picture_is_an_error_and_the_others_are_read()
    {
        var image = new DataField<byte[]>("image", nullable: true);
        string file = _folder.File("holes.parquet");
        await using (FileStream stream = File.Create(file))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(image), stream))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(image, new[] { PhotoCodec.Encode(SceneGenerator.Draw(1, 32).Photo), null! });
        }

        using IPhotoDataset dataset = DatasetFormats.Files.Open(file);
        PhotoRecord[] records = [.. dataset.Read()];
        Assert.Equal(32, records[0].Decode().Width);
        string message = Assert.Throws<PhotoException>(() => records[1].Decode()).Message;
        Assert.Contains("row 1", message, StringComparison.Ordinal);
        Assert.Contains("holes.parquet", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncated_files_and_files_without_pictures_are_errors()
    {
        await WritePaths(_folder.File("good/good.parquet"), "a.png");
        byte[] whole = File.ReadAllBytes(_folder.File("good/good.parquet"));
        File.WriteAllBytes(_folder.File("cut.parquet"), whole[..(whole.Length / 2)]);
        Assert.Contains(
            "cut.parquet", Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(_folder.File("cut.parquet")))
                .Message, StringComparison.Ordinal);

        var number = new DataField<int>("number");
        await using (FileStream stream = File.Create(_folder.File("numbers.parquet")))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(number), stream))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync<int>(number, new[] { 1, 2 });
        }

        string message = Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(_folder.File("numbers.parquet"))).Message;
        Assert.Contains("number (Int32)", message, StringComparison.Ordinal);
        Assert.Contains("image", message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task WritePaths(string file, params string[] paths)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var path = new DataField<string>("path");
        await using FileStream stream = File.Create(file);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(path), stream);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync(path, paths);
    }
}
