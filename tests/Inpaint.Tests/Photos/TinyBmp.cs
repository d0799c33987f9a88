using System.Buffers.Binary;

namespace Inpaint.Tests;

/// <summary>Writes 24-bit BMP files, rows bottom up.</summary>
internal static class TinyBmp
{
    public static byte[] Write(Photo photo)
    {
        int stride = (3 * photo.Width + 3) / 4 * 4;
        byte[] file = new byte[54 + (stride * photo.Height)];
        "BM"u8.CopyTo(file);
        foreach ((int at, int value) in new[
            ] { (2, file.Length), (10, 54), (14, 40), (18, photo.Width), (22, photo.Height), (26, 1 | (24 << 16)) })
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        }

        for (int y = 0; y < photo.Height; y++)
        {
            for (int x = 0; x < photo.Width; x++)
            {
                ReadOnlySpan<byte> rgb = photo.Pixels.Slice(4 * ((y * photo.Width) + x), 3);
                int at = 54 + ((photo.Height - 1 - y) * stride) + (3 * x);
                (file[at], file[at + 1], file[at + 2]) = (rgb[2], rgb[1], rgb[0]);
            }
        }

        return file;
    }
}
