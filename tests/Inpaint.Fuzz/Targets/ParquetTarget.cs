using Parquet;
using Parquet.Schema;

namespace Inpaint.Fuzz;

/// <summary>A Parquet file of pictures, or of their paths.</summary>
internal static class ParquetTarget
{
    private static readonly Lazy<Scratch> Folder = new(() => new Scratch());

    public static FuzzTarget Target { get; } = new("parquet", Read, () => Seeds().GetAwaiter().GetResult(), BytesPerByte: 20_000);

    private static void Read(byte[] parquet)
    {
        string file = Folder.Value.Write("photos.parquet", parquet);
        // Paths in a Parquet file may refer to other folders: ids are taken from the file, and pictures are not read here.
        Rows.Read(() => DatasetFormats.Files.Open(file), withPictures: false, idsAreSafe: false);
    }

    private static async Task<IEnumerable<(string, byte[])>> Seeds()
    {
        var image = new DataField<byte[]>("image");
        var id = new DataField<string>("id");
        var captions = new ListField("captions", new DataField<string>("element"));
        byte[] pictures = await Write(new ParquetSchema(id, image, captions), CompressionMethod.None, async group =>
        {
            await group.WriteAsync(id, new[] { "a", "b", "c" });
            await group.WriteAsync(image, new byte[][] { [1, 2], [3], [4] });
            await group.WriteAsync((DataField)captions.Item, new string?[] { "A dog.", "A cat.", null, "A boat." }!, new[] { 0, 1, 0, 0 });
        });

        var path = new DataField<string>("path");
        var text = new DataField<string>("caption");
        byte[] Paths(CompressionMethod method) => Write(new ParquetSchema(path, text), method, async group =>
        {
            await group.WriteAsync(path, new[] { "x/1.jpg", "x/2.jpg" });
            await group.WriteAsync(text, new[] { "A red boat.", "" });
        }).GetAwaiter().GetResult();
        return [("pictures", pictures), ("paths", Paths(CompressionMethod.None)), ("snappy", Paths(CompressionMethod.Snappy)),
            ("gzip", Paths(CompressionMethod.Gzip))];
    }

    private static async Task<byte[]> Write(ParquetSchema schema, CompressionMethod method, Func<ParquetRowGroupWriter, Task> write)
    {
        using var file = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(
            schema, file, new ParquetOptions { CompressionMethod = method }))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await write(group);
        }

        return file.ToArray();
    }
}
