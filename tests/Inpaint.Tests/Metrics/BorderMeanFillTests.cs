using Inpaint.Evaluation.Baselines;

namespace Inpaint.Tests.Metrics;

public sealed class BorderMeanFillTests
{
    [Fact]
    public void The_hole_is_filled_with_the_mean_of_the_pixels_at_its_sides()
    {
        // 4x4, hole 2x2: the ring has 8 pixels with 1..8 red (mean 4.5, rounded up), 10 green; corners are 200 and do not count.
        Photo photo = RandomPhotos.Grey(4, 4, 200);
        (int X, int Y)[] ring = [(1, 0), (2, 0), (1, 3), (2, 3), (0, 1), (0, 2), (3, 1), (3, 2)];
        for (int i = 0; i < ring.Length; i++)
        {
            Span<byte> pixel = photo.Pixels[(4 * (ring[i].Y * 4 + ring[i].X))..];
            (pixel[0], pixel[1], pixel[2]) = ((byte)(i + 1), 10, 0);
        }

        Photo before = photo.Clone();
        var hole = new PixelRect(1, 1, 2, 2);
        BorderMeanFill.Apply(photo, Hole.Rectangle(hole));
        for (int i = 0; i < 16; i++)
        {
            byte[] expected = hole.Contains(i % 4, i / 4) ? [5, 10, 0, 255] : before.Pixels.Slice(4 * i, 4).ToArray();
            Assert.Equal(expected, photo.Pixels.Slice(4 * i, 4).ToArray());
        }
    }

    [Fact]
    public void Sides_on_the_edge_of_the_photo_do_not_count()
    {
        Photo photo = RandomPhotos.Grey(3, 2, 7);
        RandomPhotos.Set(photo, 0, 0, 90);
        BorderMeanFill.Apply(photo, Hole.Rectangle(new PixelRect(0, 0, 1, 2)));
        Assert.Equal([7, 7, 7, 255], photo.Pixels[..4].ToArray());
    }

    [Fact]
    public void A_hole_over_the_whole_photo_is_an_error() =>
        Assert.Throws<ArgumentException>(() => BorderMeanFill.Apply(new Photo(3, 3), Hole.Rectangle(new PixelRect(0, 0, 3, 3))));
}
