using System.Buffers.Binary;

namespace Inpaint.Photos;

/// <summary>
/// The parts of a PNG file, as far as they are looked at before it is decoded: the size in its header, and parts beside the pixels that are so
/// large that the decoder, which gathers such a part piece by piece, would take time that grows with the square of its length.
/// </summary>
internal static class PngChunks
{
    private const int Signature = 8, Head = 8, Check = 4, LargestBeside = 1 << 20;

    /// <summary>Width and height as the header says; null where the file is no PNG or ends before them.</summary>
    public static (int Width, int Height)? ReadSize(ReadOnlySpan<byte> file) =>
        IsPng(file) && file.Length >= Signature + Head + 8 && file.Slice(Signature + 4, 4).SequenceEqual("IHDR"u8)
        && BinaryPrimitives.ReadInt32BigEndian(file[16..]) is > 0 and var width && BinaryPrimitives.ReadInt32BigEndian(file[20..]) is > 0 and var height
            ? (width, height)
            : null;

    /// <summary>The file without parts of more than a mebibyte beside the pixels; null where there are none, and for other files.</summary>
    public static byte[]? WithoutLargeParts(ReadOnlySpan<byte> file)
    {
        if (!IsPng(file) || file.Length <= LargestBeside)
        {
            return null;
        }

        List<Range>? dropped = null;
        for (int at = Signature; at + Head <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            ReadOnlySpan<byte> type = file.Slice(at + 4, 4);
            long end = Math.Min((long)at + Head + length + Check, file.Length);
            if (length > LargestBeside && !type.SequenceEqual("IDAT"u8))
            {
                (dropped ??= []).Add(at..(int)end);
            }

            at = (int)end;
        }

        return dropped is null ? null : Without(file, dropped);
    }

    private static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

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
