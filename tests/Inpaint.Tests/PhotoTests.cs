namespace Inpaint.Tests;

public sealed class PhotoTests
{
    [Fact]
    public void A_new_photo_is_opaque_black()
    {
        var photo = new Photo(3, 2);
        Assert.Equal(24, photo.Pixels.Length);
        Assert.Equal([0, 0, 0, 255], photo.Pixels[..4].ToArray());
    }

    [Fact]
    public void A_wrong_number_of_pixels_is_rejected()
    {
        Assert.Throws<ArgumentException>(() => new Photo(3, 2, new byte[23]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Photo(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Photo(2, -1, []));
    }

    [Fact]
    public void A_crop_is_a_copy_of_the_pixels_of_the_area()
    {
        Photo photo = NaiveSampler.Noise(new Random(1), 6, 5);
        Photo crop = photo.Crop(new PixelRect(2, 1, 3, 4));
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal(photo.Pixels.Slice(4 * (((1 + (i / 3)) * 6) + 2 + (i % 3)), 4).ToArray(), crop.Pixels.Slice(4 * i, 4).ToArray());
        }

        byte before = photo.Pixels[4 * ((1 * 6) + 2)];
        crop.Pixels[0] ^= 255;
        Assert.Equal(before, photo.Pixels[4 * ((1 * 6) + 2)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => photo.Crop(new PixelRect(2, 1, 5, 4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => photo.Crop(new PixelRect(2, 1, 0, 4)));
    }

    [Fact]
    public void A_clone_shares_nothing()
    {
        var photo = new Photo(2, 2);
        Photo clone = photo.Clone();
        clone.Pixels[0] = 9;
        Assert.Equal(0, photo.Pixels[0]);
    }

    [Fact]
    public void Rectangles_intersect_where_both_have_pixels()
    {
        Assert.Equal(new PixelRect(2, 3, 2, 1), new PixelRect(0, 0, 4, 4).Intersect(new PixelRect(2, 3, 9, 9)));
        Assert.True(new PixelRect(0, 0, 4, 4).Intersect(new PixelRect(4, 0, 2, 2)).IsEmpty);
        Assert.True(new PixelRect(1, 1, 2, 2).Contains(2, 2));
        Assert.False(new PixelRect(1, 1, 2, 2).Contains(3, 2));
    }
}
