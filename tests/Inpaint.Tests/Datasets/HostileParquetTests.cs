using System.Buffers.Binary;
using Inpaint.TestSupport;
using Parquet;
using Parquet.Schema;

namespace Inpaint.Tests.Datasets;

/// <summary>Malicious Parquet files: each fails quickly with one clear error, without allocating the memory that it claims.</summary>
public sealed class HostileParquetTests : IDisposable
{
    private const byte Stop = 0, Struct = 0x1C, Int = 0x15;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_with_a_changed_byte_are_read_or_fail_with_our_exceptions()
    {
        byte[] whole = await Small();
        for (int i = 0; i < whole.Length; i++)
        {
            foreach (byte value in (byte[])[0, 0x1C, 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. whole];
                changed[i] = value;
                ReadAll(changed);
            }
        }
    }

    [Fact]
    public async Task Truncated_files_fail_with_our_exceptions()
    {
        byte[] whole = await Small();
        for (int length = 0; length < whole.Length; length++)
        {
            // A prefix with the original footer, and the footer without that prefix.
            ReadAll([.. whole[..length], .. whole[^8..]]);
            ReadAll(whole[length..]);
        }
    }

    public static TheoryData<string> Cases => [.. Footers.Keys];

    private static Dictionary<string, (byte[] Footer, string Message)> Footers { get; } = new()
    {
        ["structs nested a hundred thousand deep"] = ([.. Enumerable.Repeat(Struct, 100_000)], "the unexpected type 12"),
        ["a struct of a later format"] = ([0xFC, Stop, Stop], "the unexpected type 12"),
        ["a struct of a later format in a list"] = ([0xF9, 0x1C, Stop, Stop], "the unexpected type 12"),
        ["lists nested a hundred thousand deep"] = ([0xF9, .. Enumerable.Repeat((byte)0x19, 100_000)], "nested deeper than 32"),
        ["an unterminated number"] = ([Int, .. Enumerable.Repeat((byte)0xFF, 50), Stop], "unterminated number"),
        ["a number truncated by the end of the footer"] = ([Int, 0xFF, 0xFF], "truncated"),
        ["a list of two billion elements"] = ([0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 7, Stop], "truncated"),
        ["an unknown list of booleans"] = ([0xF9, 0xF1, 5, 1, 1, 1, 1, 1, Stop], "the unexpected type 1"),
        ["a string of two billion bytes"] = ([0x68, 0xFF, 0xFF, 0xFF, 0xFF, 7, Stop], "truncated"),
        ["a string instead of a number"] = ([0x18, 1, (byte)'a', Stop], "the unexpected type 8"),
        ["columns nested a thousand deep"] =
            ([0x29, 0xFC, 0xE8, 7, .. Enumerable.Repeat(Schema(1), 1000).SelectMany(s => s), Stop], "columns are nested deeper than 64"),
        ["two billion rows"] =
            ([0x49, 0x1C, 0x36, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F, Stop, Stop], "2,147,483,647 values, more than a file of"),
        ["a negative number of rows"] = ([0x49, 0x1C, 0x36, 1, Stop, Stop], "-1 values"),
        ["no columns"] = ([0x29, 0x0C, Stop], "Check that it is complete."),
        ["a column of an unknown type"] =
            ([0x29, 0x2C, .. Schema(1), Int, 0xFF, 0x25, 0x25, 0, 0x18, 1, (byte)'a', Stop, Stop], "Check that it is complete."),
    };

    [Theory, MemberData(nameof(Cases))]
    public void An_invalid_footer_is_rejected_with_the_reason(string name)
    {
        (byte[] footer, string expected) = Footers[name];
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();

        string message = Assert.Throws<DatasetException>(() => Open([.. "PAR1"u8, .. footer, .. length, .. "PAR1"u8])).Message;

        Assert.Contains("hostile.parquet' cannot be read as Parquet", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private static byte[] Schema(byte children) => [0x48, 1, (byte)'a', Int, (byte)(2 * children), Stop];

    private static async Task<byte[]> Small()
    {
        var id = new DataField<string>("id");
        var image = new DataField<byte[]>("image");
        var captions = new ListField("captions", new DataField<string>("element"));
        using var file = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, image, captions), file))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(id, new[] { "a", "b" });
            await group.WriteAsync(image, new byte[][] { [1], [2, 3] });
            await group.WriteAsync((DataField)captions.Item, new string?[] { "A dog.", "A cat.", "A boat." }!, new[] { 0, 1, 0 });
        }

        return file.ToArray();
    }

    private IPhotoDataset Open(byte[] bytes)
    {
        File.WriteAllBytes(_folder.File("hostile.parquet"), bytes);
        return DatasetFormats.Files.Open(_folder.File("hostile.parquet"));
    }

    private void ReadAll(byte[] bytes)
    {
        try
        {
            using IPhotoDataset dataset = Open(bytes);
            foreach (PhotoRecord row in dataset.Read())
            {
                Assert.DoesNotContain(null, row.Captions);
            }
        }
        catch (DatasetException e)
        {
            Assert.Contains("hostile.parquet", e.Message, StringComparison.Ordinal);
        }
    }
}
