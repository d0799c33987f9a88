using System.IO.Compression;

namespace Inpaint.Fuzz;

/// <summary>A zip of pictures, with captions inside.</summary>
internal static class ZipTarget
{
    private static readonly Lazy<Scratch> Folder = new(() => new Scratch());

    // Deflate expands at most 1032-fold; the captions and up to Rows.MaxPictures pictures are read.
    public static FuzzTarget Target { get; } = new("zip", Read, Seeds, BytesPerByte: 12_000);

    private static void Read(byte[] zip)
    {
        string file = Folder.Value.Write("photos.zip", zip);
        Rows.Read(() => DatasetFormats.Files.Open(file), withPictures: true, idsAreSafe: true);
    }

    private static IEnumerable<(string, byte[])> Seeds()
    {
        yield return (
            "two", Pack(("a.png", [1, 2, 3], CompressionLevel.NoCompression), ("b/c.jpg", new byte[300], CompressionLevel.SmallestSize)));
        yield return (
            "captions",
            Pack(("a.png", [1], CompressionLevel.NoCompression),
                ("captions.jsonl", "{\"file\": \"a.png\", \"caption\": \"A dog.\"}"u8.ToArray(), CompressionLevel.Fastest)));
        byte[] zip = Pack(("../a.png", [1], CompressionLevel.NoCompression));
        // The same with a zip64 end of central directory, as in archives of more than 65,535 entries.
        byte[] central = zip[^22..], end = new byte[56], locator = new byte[20];
        "PK\u0006\u0006"u8.CopyTo(end);
        (end[4], end[24], end[32]) = (44, 1, 1);
        central.AsSpan(12, 4).CopyTo(end.AsSpan(40));
        central.AsSpan(16, 4).CopyTo(end.AsSpan(48));
        "PK\u0006\u0007"u8.CopyTo(locator);
        (locator[8], locator[16]) = ((byte)(zip.Length - 22), 1);
        yield return ("zip64", [.. zip[..^22], .. end, .. locator, .. central]);
    }

    private static byte[] Pack(params (string Name, byte[] Bytes, CompressionLevel Level)[] entries)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes, CompressionLevel level) in entries)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return packed.ToArray();
    }
}
