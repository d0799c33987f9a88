using System.Buffers.Binary;

namespace Inpaint.Photos;

/// <summary>
/// Reads the size of a PNG file from its header, and strips large metadata chunks: the decoder assembles such a chunk piece by piece, in
/// time quadratic in its length.
/// </summary>
internal static class PngChunks
{
    private const int SignatureLength = 8, ChunkHeaderLength = 8, CrcLength = 4, MaxChunkLength = 1 << 20;

    /// <summary>Width and height from the header; null if the file is not a PNG or ends before them.</summary>
    public static (int Width, int Height)? ReadSize(ReadOnlySpan<byte> file) =>
        IsPng(file) && file.Length >= SignatureLength + ChunkHeaderLength + 8 && file.Slice(SignatureLength + 4, 4).SequenceEqual("IHDR"u8)
        && BinaryPrimitives.ReadInt32BigEndian(file[16..]) is > 0 and var width
        && BinaryPrimitives.ReadInt32BigEndian(file[20..]) is > 0 and var height
            ? (width, height)
            : null;

    /// <summary>The file without its chunks of over 1 MiB, except IDAT; null if it has none or is not a PNG.</summary>
    public static byte[]? StripLarge(ReadOnlySpan<byte> file)
    {
        if (!IsPng(file) || file.Length <= MaxChunkLength)
        {
            return null;
        }

        List<Range>? dropped = null;
        for (int at = SignatureLength; at + ChunkHeaderLength <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            ReadOnlySpan<byte> type = file.Slice(at + 4, 4);
            long end = Math.Min((long)at + ChunkHeaderLength + length + CrcLength, file.Length);
            if (length > MaxChunkLength && !type.SequenceEqual("IDAT"u8))
            {
                (dropped ??= []).Add(at..(int)end);
            }

            at = (int)end;
        }

        return dropped is null ? null : Without(file, dropped);
    }

    private static bool IsPng(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

    private static byte[] Without(ReadOnlySpan<byte> file, List<Range> dropped)
    {
        using var kept = new MemoryStream(file.Length);
        int from = 0;
        foreach (Range part in dropped)
        {
            kept.Write(file[from..part.Start.Value]);
            from = part.End.Value;
        }

        kept.Write(file[from..]);
        return kept.ToArray();
    }
}
