using Inpaint.Evaluation.Baselines;

namespace Inpaint.Tests.Metrics;

public sealed class MembraneFillTests
{
    [Fact]
    public void A_hole_of_one_pixel_is_the_mean_of_its_four_neighbours()
    {
        Photo photo = RandomPhotos.Grey(3, 3, 0);
        RandomPhotos.Set(photo, 1, 0, 10);
        RandomPhotos.Set(photo, 0, 1, 20);
        RandomPhotos.Set(photo, 2, 1, 30);
        RandomPhotos.Set(photo, 1, 2, 44);
        MembraneFill.Apply(photo, Hole.Rectangle(new PixelRect(1, 1, 1, 1)));
        Assert.Equal([26, 26, 26, 255], photo.Pixels.Slice(16, 4).ToArray());
    }

    [Fact]
    public void A_gradient_is_continued_through_the_hole()
    {
        Photo photo = new(9, 8);
        RandomPhotos.ForEach(new PixelRect(0, 0, 9, 8), (x, y) => RandomPhotos.Set(photo, x, y, (byte)(20 * x + 5 * y)));
        Photo filled = photo.Clone();
        RandomPhotos.Set(filled, new PixelRect(2, 1, 5, 6), 0);
        MembraneFill.Apply(filled, Hole.Rectangle(new PixelRect(2, 1, 5, 6)));
        Assert.Equal(photo.Array, filled.Array);
    }

    [Theory]
    [InlineData(12, 11, 3, 2, 6, 7)]
    [InlineData(64, 64, 16, 16, 32, 32)]
    [InlineData(12, 11, 0, 2, 6, 7)]
    [InlineData(12, 11, 6, 2, 6, 7)]
    [InlineData(12, 11, 3, 0, 4, 5)]
    [InlineData(12, 11, 3, 6, 4, 5)]
    [InlineData(12, 11, 0, 0, 4, 5)]
    [InlineData(12, 11, 0, 3, 12, 5)]
    [InlineData(12, 11, 5, 0, 7, 11)]
    public void It_matches_relaxation(int width, int height, int x, int y, int holeWidth, int holeHeight)
    {
        var hole = new PixelRect(x, y, holeWidth, holeHeight);
        Photo photo = RandomPhotos.Make(width, height, 4), filled = photo.Clone();
        MembraneFill.Apply(filled, Hole.Rectangle(hole));
        for (int c = 0; c < 3; c++)
        {
            double[] expected = Relax(photo, Hole.Rectangle(hole), c);
            RandomPhotos.ForEach(new PixelRect(0, 0, width, height), (px, py) =>
            {
                double wanted = expected[py * width + px];
                Assert.True(Math.Abs(filled.Pixels[4 * (py * width + px) + c] - wanted) <= 0.5 + 1e-6,
                    $"({px}, {py}): {filled.Pixels[4 * (py * width + px) + c]} for {wanted}");
            });
        }
    }

    [Theory]
    [InlineData(32, 32)]
    [InlineData(5, 3)]
    [InlineData(1, 4)]
    public void The_weights_give_the_fill_from_the_ring_in_its_documented_order(int width, int height)
    {
        var hole = new PixelRect(2, 3, width, height);
        Photo photo = RandomPhotos.Make(width + 4, height + 5, 6), filled = photo.Clone();
        MembraneFill.Apply(filled, Hole.Rectangle(hole));
        var ring = new List<(int X, int Y)>();
        ring.AddRange(Enumerable.Range(hole.X, width).Select(x => (x, hole.Y - 1)));
        ring.AddRange(Enumerable.Range(hole.X, width).Select(x => (x, hole.Bottom)));
        ring.AddRange(Enumerable.Range(hole.Y, height).Select(y => (hole.X - 1, y)));
        ring.AddRange(Enumerable.Range(hole.Y, height).Select(y => (hole.Right, y)));

        double[] weights = MembraneFill.Weights(width, height);
        Assert.Equal(width * height * ring.Count, weights.Length);
        for (int p = 0; p < width * height; p++)
        {
            double[] row = weights[(p * ring.Count)..((p + 1) * ring.Count)];
            Assert.All(row, weight => Assert.True(weight > 0));
            Assert.Equal(1, row.Sum(), 1e-12);
            double value = row.Select((weight, r) => weight * photo.Pixels[4 * (ring[r].Y * photo.Width + ring[r].X)]).Sum();
            byte found = filled.Pixels[4 * ((hole.Y + p / width) * photo.Width + hole.X + p % width)];
            Assert.True(Math.Abs(found - value) <= 0.5 + 1e-9, $"pixel {p}: {found} for {value}");
        }
    }

    [Fact]
    public void Pixels_in_the_hole_do_not_matter()
    {
        var hole = new PixelRect(4, 4, 9, 7);
        Photo photo = RandomPhotos.Make(20, 16, 1), other = RandomPhotos.Refill(photo, hole, 2);
        MembraneFill.Apply(photo, Hole.Rectangle(hole));
        MembraneFill.Apply(other, Hole.Rectangle(hole));
        Assert.Equal(photo.Array, other.Array);
    }

    [Fact]
    public void A_hole_that_covers_the_photo_or_is_outside_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => MembraneFill.Apply(new Photo(3, 3), Hole.Rectangle(new PixelRect(0, 0, 3, 3))));
        Assert.Throws<PhotoException>(() => MembraneFill.Apply(new Photo(3, 3), Hole.Rectangle(new PixelRect(2, 0, 2, 2))));
    }

    /// <summary>
    /// Repeatedly replaces each hidden pixel by the mean of its neighbours; beyond the photo, a pixel is its own neighbour.
    /// </summary>
    internal static double[] Relax(Photo photo, Hole hole, int channel)
    {
        int width = photo.Width, height = photo.Height;
        double[] values = [.. Enumerable.Range(0, width * height).Select(i => (double)photo.Pixels[4 * i + channel])];
        double change = 1;
        while (change > 1e-10)
        {
            change = 0;
            RandomPhotos.ForEach(hole.Bounds, (x, y) =>
            {
                if (!hole.IsHidden(x, y))
                {
                    return;
                }

                int i = y * width + x;
                double mean = (values[x > 0 ? i - 1 : i] + values[x < width - 1 ? i + 1 : i] + values[y > 0 ? i - width : i]
                    + values[y < height - 1 ? i + width : i]) / 4;
                change = Math.Max(change, Math.Abs(mean - values[i]));
                values[i] = mean;
            });
        }

        return values;
    }
}
