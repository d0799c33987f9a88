using System.Buffers.Binary;
using System.Text;

namespace Inpaint.Tests;

public sealed class ColourProfileTests
{
    // Primaries adapted to D50 (columns red, green, blue; rows X, Y, Z), as in the ICC profiles.
    private static readonly double[,] AdobeRgb =
        { { 0.60974, 0.20528, 0.14919 }, { 0.31111, 0.62567, 0.06322 }, { 0.01947, 0.06087, 0.74457 } };
    private static readonly double[,] DisplayP3 =
        { { 0.51512, 0.29198, 0.15710 }, { 0.24120, 0.69225, 0.06657 }, { -0.00105, 0.04189, 0.78407 } };

    // XYZ at D50 to linear sRGB: the inverse of sRGB's own matrix (Lindbloom).
    private static readonly double[,] ToSrgb =
        { { 3.1338561, -1.6168667, -0.4906146 }, { -0.9787684, 1.9161415, 0.0334540 }, { 0.0719453, -0.2289914, 1.4052427 } };

    private static readonly byte[][] Colours =
        [[200, 100, 50], [30, 160, 60], [128, 128, 128], [255, 255, 255], [90, 40, 180], [0, 0, 0], [250, 10, 10]];

    [Fact]
    public void Adobe_rgb_in_a_png_is_converted_to_srgb() => Check(AdobeRgb, 563 / 256.0, icc =>
        PhotoCodec.Decode(TinyPng.Write(Colours.Length, 1, TinyPng.Rgb, 8, [[.. Colours.SelectMany(c => c)]], TinyPng.Profile(icc))));

    [Fact]
    public void Display_p3_primaries_in_a_png_are_converted_to_srgb() => Check(DisplayP3, 2, icc =>
        PhotoCodec.Decode(TinyPng.Write(Colours.Length, 1, TinyPng.Rgb, 8, [[.. Colours.SelectMany(c => c)]], TinyPng.Profile(icc))));

    [Fact]
    public void Adobe_rgb_in_a_png_with_transparency_is_converted_to_srgb() => Check(AdobeRgb, 563 / 256.0, icc =>
        PhotoCodec.Decode(
            TinyPng.Write(Colours.Length, 1, TinyPng.Rgba, 8, [[.. Colours.SelectMany(c => (byte[])[.. c, 255])]], TinyPng.Profile(icc))));

    [Fact]
    public void Adobe_rgb_in_a_jpeg_is_converted_to_srgb() => Check(AdobeRgb, 563 / 256.0, icc =>
    {
        byte[][] levels = [.. Enumerable.Range(0, 3).Select(channel => Colours.Select(c => c[channel]).ToArray())];
        byte[] jpeg = TinyJpeg.Write(Colours.Length, levels, false, TinyJpeg.Adobe(0), TinyJpeg.Profile(icc)); // stored as RGB
        return PhotoCodec.Decode(jpeg, new PhotoDecodingOptions { ShorterSide = 1 });
    });

    [Fact]
    public void Colours_without_a_profile_are_unchanged()
    {
        Photo photo = PhotoCodec.Decode(TinyPng.Write(Colours.Length, 1, TinyPng.Rgb, 8, [[.. Colours.SelectMany(c => c)]]));
        Assert.Equal(Colours.SelectMany(c => c), photo.Array.Where((_, i) => i % 4 != 3));
    }

    private static void Check(double[,] primaries, double gamma, Func<byte[], Photo> decode)
    {
        Photo photo = decode(MatrixProfile(primaries, gamma));
        double largestChange = 0;
        for (int i = 0; i < Colours.Length; i++)
        {
            double[] linear = [.. Colours[i].Select(v => Math.Pow(v / 255.0, gamma))];
            double[] srgb = Times(ToSrgb, Times(primaries, linear));
            for (int channel = 0; channel < 3; channel++)
            {
                double expected = 255 * Encode(Math.Clamp(srgb[channel], 0, 1));
                byte actual = photo.Pixels[(4 * i) + channel];
                Assert.True(Math.Abs(expected - actual) <= 2, $"Colour {i}, channel {channel}: {actual}, expected {expected:F1}.");
                largestChange = Math.Max(largestChange, Math.Abs(actual - Colours[i][channel]));
            }
        }

        Assert.True(largestChange > 15, "The profile should change colours visibly.");
    }

    private static double Encode(double linear) => linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;

    private static double[] Times(double[,] matrix, double[] vector) =>
        [.. Enumerable.Range(0, 3).Select(row => Enumerable.Range(0, 3).Sum(column => matrix[row, column] * vector[column]))];

    /// <summary>An ICC version 2 profile with three primaries and one gamma.</summary>
    private static byte[] MatrixProfile(double[,] primaries, double gamma)
    {
        var tags = new List<(string Name, byte[] Data)> { ("wtpt", Xyz(0.9642, 1, 0.8249)) };
        for (int i = 0; i < 3; i++)
        {
            tags.Add(("rgb"[i] + "XYZ", Xyz(primaries[0, i], primaries[1, i], primaries[2, i])));
            int fixedPoint = (int)Math.Round(gamma * 256);
            tags.Add(("rgb"[i] + "TRC", [.. "curv"u8, 0, 0, 0, 0, 0, 0, 0, 1, (byte)(fixedPoint >> 8), (byte)fixedPoint, 0, 0]));
        }

        var table = new List<byte>(Number(tags.Count));
        var data = new List<byte>();
        int start = 128 + 4 + (12 * tags.Count);
        foreach ((string name, byte[] body) in tags)
        {
            table.AddRange([.. Encoding.ASCII.GetBytes(name), .. Number(start + data.Count), .. Number(body.Length)]);
            data.AddRange(body);
        }

        byte[] header = new byte[128];
        Number(start + data.Count).CopyTo(header, 0);
        (header[8], header[9]) = (2, 0x10);
        "mntrRGB XYZ "u8.CopyTo(header.AsSpan(12));
        "acsp"u8.CopyTo(header.AsSpan(36));
        Xyz(0.9642, 1, 0.8249)[8..].CopyTo(header, 68);
        return [.. header, .. table, .. data];
    }

    private static byte[] Xyz(double x, double y, double z) =>
        [.. "XYZ "u8, 0, 0, 0, 0, .. new[] { x, y, z }.SelectMany(v => Number((int)Math.Round(v * 65536)))];

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
