using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Inpaint.Tests;

/// <summary>Writes PNG files of any kind, chunk by chunk, from rows of packed samples (no filter).</summary>
internal static class TinyPng
{
    public const byte Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, Rgba = 6;

    /// <summary>A PNG from rows that are already packed for the colour type and bit depth.</summary>
    /// <param name="extra">Chunks between IHDR and IDAT, such as a palette, transparency or a colour profile.</param>
    public static byte[] Write(
        int width, int height, byte colourType, int bitDepth, IEnumerable<byte[]> rows, params (string Type, byte[] Data)[] extra) =>
        Assemble(width, height, colourType, bitDepth, interlaced: false, rows, extra);

    /// <summary>An Adam7-interlaced PNG of 8-bit samples.</summary>
    public static byte[] WriteInterlaced(int width, int height, byte colourType, int bytesPerPixel, byte[] samples)
    {
        var rows = new List<byte[]>();
        foreach ((int x0, int y0, int dx, int dy) in new[
            ] { (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2) })
        {
            for (int y = y0; y < height && x0 < width; y += dy)
            {
                var row = new List<byte>();
                for (int x = x0; x < width; x += dx)
                {
                    row.AddRange(samples.AsSpan(((y * width) + x) * bytesPerPixel, bytesPerPixel));
                }

                rows.Add([.. row]);
            }
        }

        return Assemble(width, height, colourType, 8, interlaced: true, rows);
    }

    /// <summary>A chunk with a colour profile.</summary>
    public static (string, byte[]) Profile(byte[] icc) => ("iCCP", [.. "p\0\0"u8, .. Deflate([icc])]);

    public static byte[] Deflate(IEnumerable<byte[]> parts)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            foreach (byte[] part in parts)
            {
                zlib.Write(part);
            }
        }

        return packed.ToArray();
    }

    private static byte[] Assemble(
        int width, int height, byte colourType, int bitDepth, bool interlaced, IEnumerable<byte[]> rows,
        params (string Type, byte[] Data)[] extra)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)bitDepth, colourType, interlaced ? (byte)1 : (byte)0);
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']);
        Chunk(file, "IHDR", header);
        foreach ((string type, byte[] data) in extra)
        {
            Chunk(file, type, data);
        }

        Chunk(file, "IDAT", Deflate(rows.Select(row => (byte[])[0, .. row])));
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, string type, byte[] data)
    {
        byte[] number = new byte[4];
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
