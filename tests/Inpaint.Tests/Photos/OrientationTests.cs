namespace Inpaint.Tests;

public sealed class OrientationTests
{
    [Theory]
    [InlineData(1, "ABC/DEF")]
    [InlineData(2, "CBA/FED")]
    [InlineData(3, "FED/CBA")]
    [InlineData(4, "DEF/ABC")]
    [InlineData(5, "AD/BE/CF")]
    [InlineData(6, "DA/EB/FC")]
    [InlineData(7, "FC/EB/DA")]
    [InlineData(8, "CF/BE/AD")]
    public void Exif_orientation_is_applied(byte orientation, string expected)
    {
        byte[] levels = [.. "ABCDEF".Select(c => (byte)c)];
        foreach (bool bigEndian in new[] { false, true })
        {
            byte[] jpeg = TinyJpeg.Write(3, [levels], false, TinyJpeg.Exif(orientation, bigEndian));
            Photo whole = PhotoCodec.Decode(jpeg);
            Assert.Equal(expected, Letters(whole, 8));
            Photo reduced = PhotoCodec.Decode(jpeg, new PhotoDecodingOptions { ShorterSide = 2 });
            Assert.Equal(expected, Letters(reduced, 1));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_pixel_of_a_large_photo_is_moved_by_rotating_and_mirroring(byte orientation)
    {
        byte[] levels = new byte[70 * 45];
        new Random(orientation).NextBytes(levels);
        byte[,] upright = new byte[45, 70];
        for (int i = 0; i < levels.Length; i++)
        {
            upright[i / 70, i % 70] = levels[i];
        }

        int quarterTurns = orientation switch { 3 or 4 => 2, 5 or 6 => 1, 7 or 8 => 3, _ => 0 };
        for (int turn = 0; turn < quarterTurns; turn++)
        {
            upright = Map(upright.GetLength(1), upright.GetLength(0), (x, y, from) => from[from.GetLength(0) - 1 - x, y], upright);
        }

        if (orientation is 2 or 4 or 5 or 7)
        {
            upright = Map(upright.GetLength(0), upright.GetLength(1), (x, y, from) => from[y, from.GetLength(1) - 1 - x], upright);
        }

        byte[] jpeg = TinyJpeg.Write(70, [levels], false, TinyJpeg.Exif(orientation));
        Photo photo = PhotoCodec.Decode(jpeg, new PhotoDecodingOptions { ShorterSide = 45 });
        Assert.Equal((upright.GetLength(1), upright.GetLength(0)), (photo.Width, photo.Height));
        Assert.Equal(upright.Cast<byte>(), photo.Array.Where((_, i) => i % 4 == 0));
    }

    private static byte[,] Map(int rows, int columns, Func<int, int, byte[,], byte> at, byte[,] from)
    {
        byte[,] mapped = new byte[rows, columns];
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                mapped[y, x] = at(x, y, from);
            }
        }

        return mapped;
    }

    private static string Letters(Photo photo, int block)
    {
        return string.Join('/', Enumerable.Range(0, photo.Height / block).Select(Row));

        string Row(int y) => string.Concat(Enumerable.Range(0, photo.Width / block).Select(x => Centre(x * block, y * block)));
        char Centre(int x, int y) => (char)photo.Pixels[4 * (((y + (block / 2)) * photo.Width) + x + (block / 2))];
    }
}
