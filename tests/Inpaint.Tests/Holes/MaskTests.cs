namespace Inpaint.Tests;

public sealed class MaskTests
{
    [Fact]
    public void A_new_mask_hides_nothing()
    {
        var mask = new Mask(5, 4);
        Assert.Equal(new byte[20], mask.Array);
        Assert.Equal(default, mask.Bounds);
    }

    [Fact]
    public void A_rectangle_is_clipped_to_the_mask()
    {
        var mask = Mask.Rectangle(4, 3, new PixelRect(2, -1, 5, 3));
        Assert.Equal([0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 0, 0], mask.Array);
        Assert.Equal(new PixelRect(2, 0, 2, 2), mask.Bounds);
        Assert.Equal(default, Mask.Rectangle(4, 3, new PixelRect(7, 1, 2, 1)).Bounds);
    }

    [Fact]
    public void Bounds_match_a_search_of_every_pixel()
    {
        var random = new Random(7);
        for (int round = 0; round < 300; round++)
        {
            var mask = new Mask(random.Next(1, 12), random.Next(1, 12));
            int left = int.MaxValue, top = int.MaxValue, right = -1, bottom = -1;
            for (int n = random.Next(0, 4); n > 0; n--)
            {
                int x = random.Next(mask.Width), y = random.Next(mask.Height);
                mask.Pixels[(y * mask.Width) + x] = 255;
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
            }

            Assert.Equal(right < 0 ? default : new PixelRect(left, top, right - left + 1, bottom - top + 1), mask.Bounds);
        }
    }

    [Theory]
    [InlineData(128, 128, 128, true)]
    [InlineData(127, 127, 127, false)]
    [InlineData(255, 0, 0, false)] // 0.299 * 255 = 76.2
    [InlineData(0, 255, 0, true)]  // 0.587 * 255 = 149.7
    [InlineData(0, 0, 255, false)] // 0.114 * 255 = 29.1
    [InlineData(255, 0, 255, false)] // 105.3
    public void White_is_a_luma_of_128_or_more(byte red, byte green, byte blue, bool white)
    {
        var picture = new Photo(1, 1, [red, green, blue, 255]);
        Assert.Equal(white ? 255 : 0, Mask.FromPhoto(picture).Pixels[0]);
        Assert.Equal(white ? 0 : 255, Mask.FromPhoto(picture, MaskPolarity.BlackIsHole).Pixels[0]);
    }

    [Fact]
    public void Fill_hides_every_pixel_or_none()
    {
        var mask = new Mask(3, 2);
        mask.Fill(true);
        Assert.Equal(new PixelRect(0, 0, 3, 2), mask.Bounds);
        mask.Fill(false);
        Assert.Equal(default, mask.Bounds);
    }
}
