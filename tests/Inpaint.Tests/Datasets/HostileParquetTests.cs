using System.Buffers.Binary;
using Inpaint.Datasets;
using Inpaint.TestSupport;
using Parquet;
using Parquet.Schema;

namespace Inpaint.Tests.Datasets;

/// <summary>Parquet files that mean harm: each is one clear error, soon, without the memory that it claims.</summary>
public sealed class HostileParquetTests : IDisposable
{
    private const byte Stop = 0, Struct = 0x1C, Int = 0x15;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_changed_byte_gives_anything_but_our_errors()
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
    public async Task No_cut_gives_anything_but_our_errors()
    {
        byte[] whole = await Small();
        for (int length = 0; length < whole.Length; length++)
        {
            // The beginning, with the footer that the whole has; and the footer, without as much of the beginning.
            ReadAll([.. whole[..length], .. whole[^8..]]);
            ReadAll(whole[length..]);
        }
    }

    public static TheoryData<string> Cases => [.. Footers.Keys];

    private static Dictionary<string, (byte[] Footer, string Words)> Footers { get; } = new()
    {
        ["structs in structs, a hundred thousand deep"] = ([.. Enumerable.Repeat(Struct, 100_000)], "type 12 where another"),
        ["a struct of a later format"] = ([0xFC, Stop, Stop], "type 12 where another"),
        ["a struct of a later format in a list"] = ([0xF9, 0x1C, Stop, Stop], "type 12 where another"),
        ["lists in lists, a hundred thousand deep"] = ([0xF9, .. Enumerable.Repeat((byte)0x19, 100_000)], "nested deeper than 32"),
        ["a number without an end"] = ([Int, .. Enumerable.Repeat((byte)0xFF, 50), Stop], "number without an end"),
        ["a number that the footer ends in"] = ([Int, 0xFF, 0xFF], "cut off"),
        ["a list of two thousand million"] = ([0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 7, Stop], "cut off"),
        ["an unknown list of true and false"] = ([0xF9, 0xF1, 5, 1, 1, 1, 1, 1, Stop], "type 1 where another"),
        ["text of two thousand million bytes"] = ([0x68, 0xFF, 0xFF, 0xFF, 0xFF, 7, Stop], "cut off"),
        ["a name where a number belongs"] = ([0x18, 1, (byte)'a', Stop], "type 8 where another"),
        ["columns in columns, a thousand deep"] = ([0x29, 0xFC, 0xE8, 7, .. Enumerable.Repeat(Schema(1), 1000).SelectMany(s => s), Stop], "columns are nested deeper than 64"),
        ["two thousand million rows"] = ([0x49, 0x1C, 0x36, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F, Stop, Stop], "2,147,483,647 values, more than a file of"),
        ["fewer than no rows"] = ([0x49, 0x1C, 0x36, 1, Stop, Stop], "-1 values"),
        ["no columns"] = ([0x29, 0x0C, Stop], "Is it whole?"),
        ["a column of an unknown type"] = ([0x29, 0x2C, .. Schema(1), Int, 0xFF, 0x25, 0x25, 0, 0x18, 1, (byte)'a', Stop, Stop], "Is it whole?"),
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_footer_is_refused_for_what_is_wrong_with_it(string name)
    {
        (byte[] footer, string words) = Footers[name];
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();

        string message = Assert.Throws<DatasetException>(() => Open([.. "PAR1"u8, .. footer, .. length, .. "PAR1"u8])).Message;

        Assert.Contains("hostile.parquet' cannot be read as Parquet", message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
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
