namespace Inpaint.Tests;

public sealed class FeatherTests
{
    [Fact]
    public void The_fill_is_blended_linearly_with_the_known_pixels()
    {
        // One row: known 100, seven hidden, known 200. The fill is 0. Feather 3: fill shares 1/4, 2/4, 3/4, then 1.
        var photo = new Photo(9, 1);
        Set(photo, 0, 100);
        Set(photo, 8, 200);
        WindowSampler.Paste(new Photo(9, 1), new PixelRect(0, 0, 9, 1), Hole.Rectangle(new PixelRect(1, 0, 7, 1)), photo, feather: 3);
        Assert.Equal([100, 75, 50, 25, 0, 50, 100, 150, 200], photo.Array.Where((_, i) => i % 4 == 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1000)]
    public void Each_pixel_of_the_band_is_blended_with_a_nearest_known_pixel(int feather)
    {
        var random = new Random(feather);
        for (int round = 0; round < 40; round++)
        {
            int width = random.Next(1, 26), height = random.Next(1, 26);
            Photo photo = NaiveSampler.Noise(random, width, height), fill = NaiveSampler.Noise(random, width, height),
                before = photo.Clone();
            var mask = Mask.Rectangle(
                width, height, new PixelRect(random.Next(-3, 9), random.Next(-3, 9), random.Next(4, 26), random.Next(4, 26)));
            for (int n = random.Next(6); n > 0; n--)
            {
                mask.Pixels[random.Next(mask.Pixels.Length)] ^= 255;
            }

            var hole = Hole.FromMask(mask);
            WindowSampler.Paste(fill, new PixelRect(0, 0, width, height), hole, photo, feather);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int at = 4 * ((y * width) + x);
                    byte[] actual = photo.Pixels.Slice(at, 4).ToArray();
                    var nearest = hole.IsHidden(x, y) ? Nearest(hole, width, height, x, y) : default;
                    double distance = Math.Sqrt(nearest.Squared);
                    if (!hole.IsHidden(x, y))
                    {
                        Assert.Equal(before.Pixels.Slice(at, 4).ToArray(), actual);
                    }
                    else if (nearest.Pixels.Count == 0 || distance > feather)
                    {
                        Assert.Equal(fill.Pixels.Slice(at, 4).ToArray(), actual);
                    }
                    else
                    {
                        double share = distance / (feather + 1.0);
                        Assert.Contains(nearest.Pixels, p => Enumerable.Range(0, 3).All(c =>
                            Math.Abs((share * fill.Pixels[at + c]) + ((1 - share) * before.Pixels[(4 * p) + c]) - actual[c]) <= 0.501));
                    }
                }
            }
        }
    }

    private static (long Squared, List<int> Pixels) Nearest(Hole hole, int width, int height, int x, int y)
    {
        var known = Enumerable.Range(0, width * height).Where(p => !hole.IsHidden(p % width, p / width))
            .Select(p => (Pixel: p, Squared: (long)(((p % width) - x) * ((p % width) - x)) + (((p / width) - y) * ((p / width) - y))))
                .ToList();
        long least = known.Count == 0 ? 0 : known.Min(k => k.Squared);
        return (least, [.. known.Where(k => k.Squared == least).Select(k => k.Pixel)]);
    }

    private static void Set(Photo photo, int x, byte value) => photo.Pixels.Slice(4 * x, 3).Fill(value);
}
