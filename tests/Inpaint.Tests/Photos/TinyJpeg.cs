using System.Numerics;

namespace Inpaint.Tests;

/// <summary>
/// Writes JPEG files of flat 8x8 blocks with exact levels (quantisation 1, no AC coefficients): greyscale, YCbCr or CMYK, baseline or
/// progressive, with optional extra segments in front.
/// </summary>
internal static class TinyJpeg
{
    /// <param name="blocksWide">Blocks per row; the picture is 8 times as many pixels wide.</param>
    /// <param name="levels">For each component, the level (0 to 255) of each block, row by row.</param>
    /// <param name="progressive">True for one scan of DC coefficients, then one scan of AC coefficients per component.</param>
    /// <param name="segments">Segments after the SOI marker.</param>
    public static byte[] Write(int blocksWide, byte[][] levels, bool progressive = false, params (byte Marker, byte[] Data)[] segments)
    {
        var file = new List<byte> { 0xFF, 0xD8 };
        foreach ((byte marker, byte[] data) in segments)
        {
            Segment(file, marker, data);
        }

        int width = 8 * blocksWide, height = 8 * (levels[0].Length / blocksWide);
        int[] components = [.. Enumerable.Range(0, levels.Length)];
        Segment(file, 0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]);
        Segment(file, progressive ? (byte)0xC2 : (byte)0xC0,
            [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)levels.Length,
                .. components.SelectMany(c => new byte[] { (byte)(c + 1), 0x11, 0 })]);

        // Twelve DC codes of 4 bits, one for each magnitude category; one AC code of 1 bit: end of block.
        Segment(file, 0xC4, [0x00, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(category => (byte)category)]);
        Segment(file, 0xC4, [0x10, 1, .. new byte[15], 0x00]);
        if (progressive)
        {
            Scan(file, levels, components, dc: true, ac: false);
            foreach (int component in components)
            {
                Scan(file, levels, [component], dc: false, ac: true);
            }
        }
        else
        {
            Scan(file, levels, components, dc: true, ac: true);
        }

        return [.. file, 0xFF, 0xD9];
    }

    /// <summary>An EXIF segment with only the orientation.</summary>
    public static (byte Marker, byte[] Data) Exif(byte orientation, bool bigEndian = false) => (0xE1, bigEndian
        ? [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        : [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>Adobe's segment. Transform 0: RGB or inverted CMYK, depending on the number of components; 1: YCbCr; 2: YCCK.</summary>
    public static (byte Marker, byte[] Data) Adobe(byte transform) => (0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform]);

    /// <summary>An ICC profile in a single segment.</summary>
    public static (byte Marker, byte[] Data) Profile(byte[] icc) => (0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. icc]);

    private static void Segment(List<byte> file, byte marker, byte[] data) =>
        file.AddRange([0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data]);

    private static void Scan(List<byte> file, byte[][] levels, int[] components, bool dc, bool ac)
    {
        Segment(file, 0xDA,
            [(byte)components.Length, .. components.SelectMany(c => new byte[] { (byte)(c + 1), 0 }), dc
                ? (byte)0 : (byte)1, ac ? (byte)63 : (byte)0, 0]);
        int bits = 0, count = 0;
        int[] previous = new int[levels.Length];
        for (int block = 0; block < levels[0].Length; block++)
        {
            foreach (int component in components)
            {
                if (dc)
                {
                    int coefficient = 8 * (levels[component][block] - 128), difference = coefficient - previous[component];
                    int category = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(difference));
                    previous[component] = coefficient;
                    Put(category, 4);
                    Put(difference < 0 ? difference + (1 << category) - 1 : difference, category);
                }

                if (ac)
                {
                    Put(0, 1);
                }
            }
        }

        while (count != 0)
        {
            Put(1, 1);
        }

        void Put(int value, int length)
        {
            for (int i = length - 1; i >= 0; i--)
            {
                bits = (bits << 1) | ((value >> i) & 1);
                if (++count == 8)
                {
                    file.Add((byte)bits);
                    if ((byte)bits == 0xFF)
                    {
                        file.Add(0);
                    }

                    count = 0;
                }
            }
        }
    }
}
