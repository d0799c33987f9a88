namespace Inpaint.Tests;

/// <summary>Writes GIF files of up to 128 colours, uncompressed: the code table is cleared before it can grow.</summary>
internal static class TinyGif
{
    /// <param name="palette">Red, green and blue of up to 128 colours.</param>
    /// <param name="frames">For each frame, the palette index of every pixel, row by row.</param>
    /// <param name="transparent">The palette index of the transparent colour, if any.</param>
    public static byte[] Write(int width, int height, byte[] palette, byte[][] frames, byte? transparent = null)
    {
        var file = new List<byte>(
            [.. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0xF6, 0, 0, .. palette,
                .. new byte[(3 * 128) - palette.Length]]);
        foreach (byte[] frame in frames)
        {
            file.AddRange([0x21, 0xF9, 4, transparent is null ? (byte)4 : (byte)5, 10, 0, transparent ?? 0, 0]);
            file.AddRange([0x2C, 0, 0, 0, 0, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0, 7]);
            byte[] codes = Codes(frame);
            foreach (byte[] block in codes.Chunk(255))
            {
                file.AddRange([(byte)block.Length, .. block]);
            }

            file.Add(0);
        }

        return [.. file, 0x3B];
    }

    private static byte[] Codes(byte[] pixels)
    {
        const byte clear = 128, end = 129;
        var codes = new List<byte>();
        for (int i = 0; i < pixels.Length; i++)
        {
            if (i % 100 == 0)
            {
                codes.Add(clear);
            }

            codes.Add(pixels[i]);
        }

        return [.. codes, end]; // 8-bit codes: 7 bits for the colours, plus one
    }
}
