namespace Inpaint.Tests;

public sealed class PasteTests
{
    [Fact]
    public void An_unscaled_picture_is_copied_into_the_hole_only()
    {
        Photo photo = NaiveSampler.Noise(new Random(1), 64, 64), fill = NaiveSampler.Noise(new Random(2), 64, 64), before = photo.Clone();
        var hole = Hole.Default(64, 64);
        WindowSampler.Paste(fill, new PixelRect(0, 0, 64, 64), hole, photo);
        for (int i = 0; i < 64 * 64; i++)
        {
            Photo expected = hole.IsHidden(i % 64, i / 64) ? fill : before;
            Assert.Equal(expected.Pixels.Slice(4 * i, 4).ToArray(), photo.Pixels.Slice(4 * i, 4).ToArray());
        }
    }

    [Fact]
    public void Hidden_pixels_are_resampled_and_all_others_are_unchanged()
    {
        var random = new Random(4);
        for (int round = 0; round < 120; round++)
        {
            Photo photo = NaiveSampler.Noise(random, random.Next(1, 50), random.Next(1, 50)), before = photo.Clone();
            Photo picture = NaiveSampler.Noise(random, random.Next(1, 40), random.Next(1, 40));
            var mask = new Mask(photo.Width, photo.Height);
            foreach (ref byte pixel in mask.Pixels)
            {
                pixel = random.Next(2) == 0 ? (byte)255 : (byte)0;
            }

            var hole = Hole.FromMask(mask);
            var window =
                new PixelRect(random.Next(-20, photo.Width), random.Next(-20, photo.Height), random.Next(1, 60), random.Next(1, 60));
            WindowSampler.Paste(picture, window, hole, photo);
            for (int y = 0; y < photo.Height; y++)
            {
                for (int x = 0; x < photo.Width; x++)
                {
                    byte[] actual = photo.Pixels.Slice(4 * ((y * photo.Width) + x), 4).ToArray();
                    if (!window.Contains(x, y) || !hole.IsHidden(x, y))
                    {
                        Assert.Equal(before.Pixels.Slice(4 * ((y * photo.Width) + x), 4).ToArray(), actual);
                        continue;
                    }

                    AssertResampled(picture, window.Width, window.Height, x - window.X, y - window.Y, actual, $"round {round}, ({x}, {y})");
                }
            }
        }
    }

    [Theory]
    [InlineData(5, 4, 13, 2)]
    [InlineData(40, 30, 7, 64)]
    [InlineData(9, 9, 9, 20)]
    [InlineData(1, 1, 3, 3)]
    [InlineData(33, 47, 33, 47)]
    public void Downscaling_averages_areas_and_upscaling_uses_lanczos(int width, int height, int toWidth, int toHeight)
    {
        Photo photo = NaiveSampler.Noise(new Random(6), width, height);
        Photo resized = WindowSampler.Resize(photo, toWidth, toHeight);
        Assert.Equal((toWidth, toHeight), (resized.Width, resized.Height));
        for (int y = 0; y < toHeight; y++)
        {
            for (int x = 0; x < toWidth; x++)
            {
                AssertResampled(photo, toWidth, toHeight, x, y, resized.Pixels.Slice(4 * ((y * toWidth) + x), 4).ToArray(), $"({x}, {y})");
            }
        }
    }

    [Fact]
    public void A_flat_picture_stays_flat_at_every_size()
    {
        var flat = new Photo(11, 7);
        for (int i = 0; i < flat.Pixels.Length; i += 4)
        {
            flat.Pixels[i] = 255;
            flat.Pixels[i + 1] = 77;
        }

        foreach ((int width, int height) in new[] { (3, 3), (11, 50), (100, 4), (640, 480) })
        {
            byte[] expected = [.. Enumerable.Repeat(new byte[] { 255, 77, 0, 255 }, width * height).SelectMany(p => p)];
            Assert.Equal(expected, WindowSampler.Resize(flat, width, height).Array);
        }
    }

    [Fact]
    public void A_window_outside_the_hole_changes_nothing()
    {
        Photo photo = NaiveSampler.Noise(new Random(1), 20, 20), before = photo.Clone();
        WindowSampler.Paste(new Photo(4, 4), new PixelRect(0, 0, 5, 5), Hole.Rectangle(new PixelRect(10, 10, 4, 4)), photo);
        Assert.Equal(before.Array, photo.Array);
    }

    [Fact]
    public void A_hole_of_another_photo_is_rejected() =>
        Assert.Throws<PhotoException>(() =>
            WindowSampler.Paste(new Photo(4, 4), new PixelRect(0, 0, 4, 4), Hole.FromMask(new Mask(5, 4)), new Photo(4, 4)));

    private static void AssertResampled(Photo picture, int width, int height, int x, int y, byte[] actual, string where)
    {
        var whole = new PixelRect(0, 0, picture.Width, picture.Height);
        var exact = NaiveSampler.Pixel(picture, (_, _) => false, whole, width, height, x, y, NaiveSampler.Kernel.Lanczos3);
        NaiveSampler.AssertRounded(exact.Red, actual[0], where);
        NaiveSampler.AssertRounded(exact.Green, actual[1], where);
        NaiveSampler.AssertRounded(exact.Blue, actual[2], where);
        Assert.Equal(255, actual[3]);
    }
}
