namespace Inpaint.Tests;

public sealed class FixedHoleTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(67)]
    [InlineData(71)]
    [InlineData(95)]
    [InlineData(301)]
    public void Only_the_fixed_hole_is_black(int side)
    {
        Photo photo = NaiveSampler.Noise(new Random(side), side, side), picture = new(64, 64);
        for (int i = 0; i < photo.Pixels.Length; i++)
        {
            photo.Pixels[i] = Math.Max(photo.Pixels[i], (byte)40);
        }

        var hidden = new Mask(64, 64);
        var graphHole = new PixelRect(16, 16, 32, 32);
        WindowSampler.Extract(photo, Hole.Default(side, side), new PixelRect(0, 0, side, side), picture, hidden);
        Photo extracted = picture.Clone();
        var extractedHidden = new Mask(64, 64);
        hidden.Pixels.CopyTo(extractedHidden.Pixels);
        FixedHole.Apply(picture, hidden, graphHole);
        Assert.Equal(Mask.Rectangle(64, 64, graphHole).Array, hidden.Array);
        for (int i = 0; i < 64 * 64; i++)
        {
            (int x, int y) = (i % 64, i / 64);
            byte[] actual = picture.Pixels.Slice(4 * i, 4).ToArray();
            if (graphHole.Contains(x, y))
            {
                Assert.Equal([0, 0, 0, 255], actual);
                continue;
            }

            int[] sources = extractedHidden.Pixels[i] == 0 ? [i] : [.. Enumerable.Range(0, 64 * 64)
                .Where(p => extractedHidden.Pixels[p] == 0 && !graphHole.Contains(p % 64, p / 64))
                .GroupBy(p => Math.Max(Math.Abs((p % 64) - x), Math.Abs((p / 64) - y))).MinBy(g => g.Key)!];
            Assert.True(sources.Any(p => extracted.Pixels.Slice(4 * p, 4).SequenceEqual(actual)), $"({x}, {y})");
            Assert.True(actual[0] >= 40);
        }
    }

    [Fact]
    public void A_mask_at_the_photos_edge_leaves_no_black_pixels_outside_the_hole()
    {
        // The window extends 250 pixels beyond the left edge, where only hidden pixels could be repeated.
        Photo photo = NaiveSampler.Noise(new Random(1), 1000, 1000), picture = new(512, 512);
        for (int i = 0; i < photo.Pixels.Length; i++)
        {
            photo.Pixels[i] = Math.Max(photo.Pixels[i], (byte)40);
        }

        var hole = Hole.FromMask(Mask.Rectangle(1000, 1000, new PixelRect(0, 250, 500, 500)));
        var hidden = new Mask(512, 512);
        var graphHole = new PixelRect(128, 128, 256, 256);
        WindowSampler.Extract(photo, hole, Assert.Single(HoleWindows.Plan(hole, 1000, 1000)).Window, picture, hidden);
        Assert.Equal(255, hidden.Row(256)[5]);
        FixedHole.Apply(picture, hidden, graphHole);
        for (int i = 0; i < 512 * 512; i++)
        {
            Assert.Equal(!graphHole.Contains(i % 512, i / 512), picture.Pixels[4 * i] >= 40);
        }
    }

    [Fact]
    public void A_picture_without_known_pixels_stays_black()
    {
        var picture = new Photo(8, 8);
        var hidden = new Mask(8, 8);
        hidden.Fill(true);
        FixedHole.Apply(picture, hidden, new PixelRect(2, 2, 4, 4));
        Assert.Equal(new Photo(8, 8).Array, picture.Array);
        Assert.Equal(Mask.Rectangle(8, 8, new PixelRect(2, 2, 4, 4)).Array, hidden.Array);
    }

    [Fact]
    public void A_hole_beyond_the_picture_or_a_mask_of_another_size_is_rejected()
    {
        Assert.Throws<ArgumentException>(() => FixedHole.Apply(new Photo(8, 8), new Mask(8, 8), new PixelRect(2, 2, 8, 4)));
        Assert.Throws<ArgumentException>(() => FixedHole.Apply(new Photo(8, 8), new Mask(8, 7), new PixelRect(2, 2, 4, 4)));
    }
}
