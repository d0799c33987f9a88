namespace Inpaint.Tests;

public sealed class ExtractTests
{
    [Fact]
    public void An_unscaled_window_is_copied_with_a_black_hole()
    {
        Photo photo = NaiveSampler.Noise(new Random(1), 64, 64);
        var (picture, hidden) = Extract(photo, Hole.Default(64, 64), new PixelRect(0, 0, 64, 64), 64, 64);
        for (int i = 0; i < 64 * 64; i++)
        {
            bool inHole = i % 64 is >= 16 and < 48 && i / 64 is >= 16 and < 48;
            Assert.Equal(inHole ? 255 : 0, hidden.Pixels[i]);
            Assert.Equal(inHole ? [0, 0, 0, 255] : photo.Pixels.Slice(4 * i, 4).ToArray(), picture.Pixels.Slice(4 * i, 4).ToArray());
        }
    }

    [Fact]
    public void Edge_pixels_are_repeated_beyond_the_photo()
    {
        // A 3x2 photo, reds 1 2 3 / 4 5 6, the 6 hidden; a 7x5 window at (-2, -1).
        Photo photo = Reds(3, 1, 2, 3, 4, 5, 6);
        var (picture, hidden) = Extract(photo, Hole.Rectangle(new PixelRect(2, 1, 1, 1)), new PixelRect(-2, -1, 7, 5), 7, 5);
        Assert.Equal(
            [1, 1, 1, 2, 3, 3, 3, 1, 1, 1, 2, 3, 3, 3, 4, 4, 4, 5, 0, 0, 0, 4, 4, 4, 5, 0, 0, 0, 4, 4, 4, 5, 0, 0, 0], Reds(picture));
        Assert.Equal(
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255],
            hidden.Array);
    }

    [Fact]
    public void Halving_averages_the_known_pixels_of_each_2x2_block()
    {
        // One of four hidden: known. Two: half known, so known. Three: hidden.
        Photo photo = Reds(6, 10, 20, 10, 20, 10, 20, 30, 200, 200, 41, 200, 200);
        var mask = new Mask(6, 2);
        foreach ((int x, int y) in new[] { (1, 1), (2, 1), (2, 0), (4, 1), (5, 1), (5, 0) })
        {
            mask.Row(y)[x] = 255;
        }

        var (picture, hidden) = Extract(photo, Hole.FromMask(mask), new PixelRect(0, 0, 6, 2), 3, 1);
        Assert.Equal([20, 31, 0], Reds(picture)); // (10+20+30)/3, (20+41)/2 = 30.5
        Assert.Equal([0, 0, 255], hidden.Array);
    }

    [Fact]
    public void Doubling_interpolates_between_pixel_centres()
    {
        // Target centres at -0.25, 0.25, 0.75 and 1.25 source pixels.
        var (picture, _) = Extract(Reds(2, 0, 100), Hole.FromMask(new Mask(2, 1)), new PixelRect(0, 0, 2, 1), 4, 1);
        Assert.Equal([0, 25, 75, 100], Reds(picture));
    }

    [Fact]
    public void Every_pixel_is_the_weighted_mean_of_the_known_pixels_at_any_scale()
    {
        var random = new Random(5);
        for (int round = 0; round < 150; round++)
        {
            Photo photo = NaiveSampler.Noise(random, random.Next(1, 50), random.Next(1, 50));
            var mask = new Mask(photo.Width, photo.Height);
            foreach (ref byte pixel in mask.Pixels)
            {
                pixel = random.Next(3) == 0 ? (byte)255 : (byte)0;
            }

            Hole hole = round % 3 == 0
                ? Hole.Rectangle(new PixelRect(photo.Width / 3, photo.Height / 3, (photo.Width + 2) / 3, (photo.Height + 2) / 3))
                : Hole.FromMask(mask);
            var window = new PixelRect(
                random.Next(-20, photo.Width), random.Next(-20, photo.Height), random.Next(1, 60) + 20, random.Next(1, 60) + 20);
            int width = round % 5 == 0 ? window.Width : random.Next(1, 70), height = round % 7 == 0 ? window.Height : random.Next(1, 70);
            var (picture, hidden) = Extract(photo, hole, window, width, height);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    var exact = NaiveSampler.Pixel(photo, hole.IsHidden, window, width, height, x, y, NaiveSampler.Kernel.Triangle);
                    byte[] actual = picture.Pixels.Slice(4 * ((y * width) + x), 4).ToArray();
                    string where = $"round {round}, ({x}, {y})";
                    byte isHidden = hidden.Pixels[(y * width) + x];
                    if (Math.Abs(exact.Known - 0.5) > 1e-4)
                    {
                        Assert.True(isHidden == (exact.Known < 0.5 ? 255 : 0), where);
                    }

                    if (isHidden == 255)
                    {
                        Assert.Equal([0, 0, 0, 255], actual);
                    }
                    else
                    {
                        NaiveSampler.AssertRounded(exact.Red, actual[0], where);
                        NaiveSampler.AssertRounded(exact.Green, actual[1], where);
                        NaiveSampler.AssertRounded(exact.Blue, actual[2], where);
                        Assert.Equal(255, actual[3]);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(300, 200, 64)]
    [InlineData(100, 130, 128)]
    [InlineData(64, 64, 64)]
    [InlineData(65, 65, 64)]
    public void Pixels_in_the_hole_have_no_effect(int width, int height, int side)
    {
        Photo photo = NaiveSampler.Noise(new Random(9), width, height);
        var hole = Hole.Default(width, height);
        PixelRect window = HoleWindows.DefaultWindow(width, height);
        var (before, hiddenBefore) = Extract(photo, hole, window, side, side);
        for (int y = hole.Bounds.Y; y < hole.Bounds.Bottom; y++)
        {
            for (int x = hole.Bounds.X; x < hole.Bounds.Right; x++)
            {
                photo.Pixels.Slice(4 * ((y * width) + x), 3).Fill(255);
            }
        }

        var (after, hiddenAfter) = Extract(photo, hole, window, side, side);
        Assert.Equal(before.Array, after.Array);
        Assert.Equal(hiddenBefore.Array, hiddenAfter.Array);
    }

    [Fact]
    public void A_reused_picture_is_overwritten_completely()
    {
        Photo photo = NaiveSampler.Noise(new Random(2), 40, 40);
        var (expected, expectedHidden) = Extract(photo, Hole.Default(40, 40), new PixelRect(0, 0, 40, 40), 16, 16);
        Photo used = NaiveSampler.Noise(new Random(3), 16, 16);
        var usedMask = new Mask(16, 16);
        usedMask.Fill(true);
        WindowSampler.Extract(photo, Hole.Default(40, 40), new PixelRect(0, 0, 40, 40), used, usedMask);
        Assert.Equal(expected.Array, used.Array);
        Assert.Equal(expectedHidden.Array, usedMask.Array);
    }

    [Fact]
    public void Invalid_arguments_are_rejected()
    {
        var photo = new Photo(10, 10);
        var hole = Hole.Default(10, 10);
        Assert.Throws<ArgumentException>(() => Extract(photo, hole, new PixelRect(10, 0, 4, 4), 4, 4));
        Assert.Throws<ArgumentException>(() =>
            WindowSampler.Extract(photo, hole, new PixelRect(0, 0, 10, 10), new Photo(4, 4), new Mask(5, 4)));
        Assert.Throws<PhotoException>(() => Extract(photo, Hole.FromMask(new Mask(9, 10)), new PixelRect(0, 0, 10, 10), 4, 4));
    }

    [Fact]
    public void Nothing_is_allocated_after_warm_up()
    {
        Photo photo = NaiveSampler.Noise(new Random(2), 300, 200), picture = new(64, 64);
        var hidden = new Mask(64, 64);
        var hole = Hole.Default(300, 200);
        PixelRect window = HoleWindows.DefaultWindow(300, 200);
        long allocated = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            WindowSampler.Extract(photo, hole, window, picture, hidden);
            WindowSampler.Paste(picture, window, hole, photo);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, allocated);
    }

    private static (Photo Picture, Mask Hidden) Extract(Photo photo, Hole hole, PixelRect window, int width, int height)
    {
        var picture = new Photo(width, height);
        var hidden = new Mask(width, height);
        WindowSampler.Extract(photo, hole, window, picture, hidden);
        return (picture, hidden);
    }

    private static Photo Reds(int width, params byte[] reds) =>
        new(width, reds.Length / width, [.. reds.SelectMany(r => new byte[] { r, 7, 9, 255 })]);

    private static byte[] Reds(Photo photo) => [.. photo.Array.Where((_, i) => i % 4 == 0)];
}
