using static Inpaint.Tests.TinyPng;

namespace Inpaint.Tests;

public sealed class PhotoFormatTests
{
    [Fact]
    public void Png_keeps_every_pixel()
    {
        Photo photo = NaiveSampler.Noise(new Random(1), 37, 23);
        Assert.Equal(photo.Array, PhotoCodec.Decode(PhotoCodec.Encode(photo)).Array);
    }

    [Theory]
    [InlineData(PhotoFormat.Jpeg)]
    [InlineData(PhotoFormat.Webp)]
    public void Lossy_formats_approximate_a_smooth_picture(PhotoFormat format)
    {
        var photo = new Photo(40, 30);
        for (int i = 0; i < 1200; i++)
        {
            (photo.Pixels[4 * i], photo.Pixels[(4 * i) + 1], photo.Pixels[(4 * i) + 2]) = ((byte)(5 * (i % 40)), (byte)(6 * (i / 40)), 90);
        }

        Photo again = PhotoCodec.Decode(PhotoCodec.Encode(photo, format));
        Assert.Equal((40, 30), (again.Width, again.Height));
        Assert.InRange(photo.Array.Zip(again.Array, (a, b) => Math.Abs(a - b)).Average(), 0, 3);
        Assert.True(PhotoCodec.Encode(photo, format, 20).Length < PhotoCodec.Encode(photo, format, 95).Length);
    }

    [Theory]
    [InlineData(1, new byte[] { 0b0110_0000 }, new byte[] { 0, 255, 255, 0 })]
    [InlineData(2, new byte[] { 0b00_01_10_11 }, new byte[] { 0, 85, 170, 255 })]
    [InlineData(4, new byte[] { 0x0F, 0x37 }, new byte[] { 0, 255, 51, 119 })]
    [InlineData(8, new byte[] { 0, 1, 200, 255 }, new byte[] { 0, 1, 200, 255 })]
    public void Greyscale_of_every_bit_depth_becomes_equal_red_green_and_blue(int depth, byte[] row, byte[] levels) =>
        AssertPixels([.. levels.SelectMany(l => new[] { l, l, l })], PhotoCodec.Decode(Write(4, 1, Grey, depth, [row])));

    [Fact]
    public void Sixteen_bits_become_the_nearest_eight_within_one()
    {
        int[] samples = [0, 65535, 257 * 100, 30000, 12345, 54321];
        Photo photo = PhotoCodec.Decode(Write(2, 1, Rgb, 16, [[.. samples.SelectMany(s => new[] { (byte)(s >> 8), (byte)s })]]));
        AssertPixels([.. samples.Select(s => (byte)Math.Round(s / 257.0))], photo, within: 1);
        Assert.Equal(0, photo.Pixels[0]);
        Assert.Equal(255, photo.Pixels[1]);
    }

    [Fact]
    public void Palette_colours_are_looked_up_and_composited_over_the_background()
    {
        byte[] png = Write(3, 1, Palette, 8, [[2, 0, 1]], ("PLTE", [10, 20, 30, 40, 50, 60, 70, 80, 90]), ("tRNS", [255, 0]));
        AssertPixels([70, 80, 90, 10, 20, 30, 255, 255, 255], PhotoCodec.Decode(png));
        AssertPixels([70, 80, 90, 10, 20, 30, 1, 2, 3], PhotoCodec.Decode(png, new PhotoDecodingOptions { Background = "#010203" }));
    }

    [Fact]
    public void Translucent_pixels_are_composited_over_the_background()
    {
        byte[] png = Write(4, 1, Rgba, 8, [[200, 100, 50, 128, 200, 100, 50, 0, 200, 100, 50, 255, 200, 100, 50, 1]]);
        // (200 * 128 + 255 * 127) / 255 = 227.4 and so on.
        AssertPixels([227, 177, 152, 255, 255, 255, 200, 100, 50, 255, 254, 254], PhotoCodec.Decode(png));
        var black = new PhotoDecodingOptions { Background = "#000000" };
        AssertPixels([100, 50, 25, 0, 0, 0, 200, 100, 50, 1, 0, 0], PhotoCodec.Decode(png, black));
        AssertPixels([155, 155, 155], PhotoCodec.Decode(Write(1, 1, GreyAlpha, 8, [[55, 127]])));
    }

    [Fact]
    public void An_interlaced_png_is_decoded()
    {
        byte[] samples = new byte[3 * 13 * 11];
        new Random(2).NextBytes(samples);
        AssertPixels(samples, PhotoCodec.Decode(WriteInterlaced(13, 11, Rgb, 3, samples)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Inverted_cmyk_as_written_by_adobe_is_converted_to_rgb(bool progressive)
    {
        byte[][] cmyk = [[255, 200, 0, 128], [255, 100, 255, 90], [255, 50, 255, 10], [255, 128, 255, 0]];
        byte[] jpeg = TinyJpeg.Write(4, cmyk, progressive, TinyJpeg.Adobe(0));
        Photo photo = PhotoCodec.Decode(jpeg, new PhotoDecodingOptions { ShorterSide = 1 });
        byte[] expected = [.. Enumerable.Range(0, 12).Select(i => (byte)Math.Round(cmyk[i % 3][i / 3] * cmyk[3][i / 3] / 255.0))];
        AssertPixels(expected, photo, within: 1);
    }

    [Fact]
    public void Ycck_is_converted_to_rgb()
    {
        // Neutral chroma, so red = green = blue = luma, and the stored (inverted) ink is its complement.
        Photo photo = PhotoCodec.Decode(TinyJpeg.Write(1, [[55], [128], [128], [204]], false, TinyJpeg.Adobe(2)));
        AssertPixels([160, 160, 160], photo.Crop(new PixelRect(3, 3, 1, 1)), within: 1); // (255 - 55) * 204 / 255
    }

    [Fact]
    public void The_first_frame_of_a_gif_is_decoded()
    {
        byte[] gif = TinyGif.Write(3, 1, [9, 8, 7, 250, 0, 1, 3, 200, 100], [[0, 1, 2], [2, 2, 2]], transparent: 2);
        AssertPixels([9, 8, 7, 250, 0, 1, 255, 255, 255], PhotoCodec.Decode(gif));
    }

    [Fact]
    public void Pixels_missing_from_a_gif_frame_get_the_background_colour()
    {
        // A 2x4609 frame without a palette, whose data ends after a few pixels.
        byte[] gif = [.. "GIF89a"u8, 2, 0, 1, 10, 0, 1, 1, 0x2C, 0, 0, 0, 0, 2, 0, 1, 0x12, 0, 2, 2, 0x12, 0, 2, 0x3B];
        var options = new PhotoDecodingOptions { Background = "#010203" };
        Photo photo = PhotoCodec.Decode(gif, options);
        Assert.Equal((2, 4609), (photo.Width, photo.Height));
        var used = new Photo(2, 4609);
        used.Pixels.Fill(77);
        Assert.Equal(photo.Array, PhotoCodec.Decode(gif, options, "a picture", used).Array);
        Assert.All(photo.Array.Where((_, i) => i % 4 == 3), alpha => Assert.Equal(255, alpha));
        Assert.Equal([1, 2, 3, 255], photo.Array[..4]);
    }

    [Fact]
    public void The_rows_of_a_bmp_are_read_bottom_up()
    {
        Photo photo = NaiveSampler.Noise(new Random(3), 5, 4);
        Assert.Equal(photo.Array, PhotoCodec.Decode(TinyBmp.Write(photo)).Array);
    }

    [Theory]
    [InlineData(64, 160, 120)]
    [InlineData(60, 80, 60)]
    [InlineData(61, 160, 120)]
    [InlineData(1, 80, 60)]
    [InlineData(240, 320, 240)]
    [InlineData(241, 400, 300)]
    [InlineData(420, 560, 420)]
    [InlineData(421, 640, 480)]
    [InlineData(5000, 640, 480)]
    public void A_jpeg_is_decoded_at_the_smallest_scale_that_is_large_enough(int shorterSide, int width, int height)
    {
        byte[] levels = [.. Enumerable.Repeat((byte)77, 80 * 60)];
        byte[] jpeg = TinyJpeg.Write(80, [levels], false, TinyJpeg.Exif(6));
        Photo photo = PhotoCodec.Decode(jpeg, new PhotoDecodingOptions { ShorterSide = shorterSide });
        Assert.Equal((height, width), (photo.Width, photo.Height)); // rotated by its EXIF orientation
        Assert.All(photo.Array.Where((_, i) => i % 4 != 3), v => Assert.Equal(77, v));
        Assert.Equal(640, PhotoCodec.Decode(jpeg).Height);
    }

    [Fact]
    public void Scaled_sides_are_rounded_up_and_other_formats_are_not_scaled()
    {
        var photo = new Photo(333, 501);
        Photo reduced = PhotoCodec.Decode(PhotoCodec.Encode(photo, PhotoFormat.Jpeg), new PhotoDecodingOptions { ShorterSide = 42 });
        Assert.Equal((42, 63), (reduced.Width, reduced.Height)); // 41.6 and 62.6
        Photo png = PhotoCodec.Decode(PhotoCodec.Encode(photo), new PhotoDecodingOptions { ShorterSide = 42 });
        Assert.Equal((333, 501), (png.Width, png.Height));
    }

    private static void AssertPixels(byte[] expectedRgb, Photo photo, int within = 0)
    {
        byte[] rgb = [.. photo.Array.Where((_, i) => i % 4 != 3)];
        Assert.Equal(expectedRgb.Length, rgb.Length);
        Assert.All(expectedRgb.Zip(rgb), pair => Assert.InRange(pair.Second, pair.First - within, pair.First + within));
        Assert.All(photo.Array.Where((_, i) => i % 4 == 3), alpha => Assert.Equal(255, alpha));
    }
}
