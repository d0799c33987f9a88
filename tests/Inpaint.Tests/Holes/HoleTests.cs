namespace Inpaint.Tests;

public sealed class HoleTests
{
    [Theory]
    [InlineData(64, 64, 16, 16, 32)]
    [InlineData(640, 480, 80 + 120, 120, 240)]
    [InlineData(5, 12, 1, 3 + 1, 2)]
    [InlineData(65, 65, 16, 16, 32)]
    [InlineData(67, 66, 0 + 16, 16, 33)]
    [InlineData(2, 2, 0, 0, 1)]
    [InlineData(3, 9, 0, 3, 1)]
    public void The_default_hole_is_the_centre_half_of_the_centred_square(int width, int height, int x, int y, int side)
    {
        var hole = Hole.Default(width, height);
        Assert.Equal(new PixelRect(x, y, side, side), hole.Bounds);
        Assert.Null(hole.Mask);
        Assert.False(hole.IsEmpty);
    }

    [Fact]
    public void A_photo_of_one_row_has_no_default_hole()
    {
        var error = Assert.Throws<PhotoException>(() => Hole.Default(100, 1));
        Assert.Contains("100x1", error.Message, StringComparison.Ordinal);
        Assert.Contains("2x2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_of_another_size_is_rejected_with_both_sizes()
    {
        var hole = Hole.FromMask(Mask.Rectangle(32, 32, new PixelRect(1, 1, 2, 2)));
        var error = Assert.Throws<PhotoException>(() => hole.CheckFits(new Photo(64, 48)));
        Assert.Contains("32x32", error.Message, StringComparison.Ordinal);
        Assert.Contains("64x48", error.Message, StringComparison.Ordinal);
        hole.CheckFits(new Photo(32, 32));
    }

    [Fact]
    public void A_rectangle_beyond_the_photo_is_rejected()
    {
        var hole = Hole.Rectangle(new PixelRect(10, 10, 7, 3));
        hole.CheckFits(new Photo(17, 13));
        Assert.Contains("16x13", Assert.Throws<PhotoException>(() => hole.CheckFits(new Photo(16, 13))).Message, StringComparison.Ordinal);
        Assert.Throws<PhotoException>(() => hole.CheckFits(new Photo(17, 12)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hole.Rectangle(new PixelRect(-1, 0, 5, 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hole.Rectangle(new PixelRect(0, 0, 5, 0)));
    }

    [Fact]
    public void An_empty_mask_makes_an_empty_hole()
    {
        var hole = Hole.FromMask(new Mask(7, 5));
        Assert.True(hole.IsEmpty);
        Assert.False(hole.IsHidden(0, 0));
        Assert.Empty(HoleWindows.Plan(hole, 7, 5));
    }

    [Fact]
    public void Only_pixels_of_the_mask_are_hidden()
    {
        var mask = new Mask(4, 3);
        mask.Pixels[(1 * 4) + 2] = 255;
        var hole = Hole.FromMask(mask);
        Assert.Equal(new PixelRect(2, 1, 1, 1), hole.Bounds);
        Assert.True(hole.IsHidden(2, 1));
        Assert.False(hole.IsHidden(1, 1));
        Assert.False(hole.IsHidden(-1, 1));
        Assert.False(hole.IsHidden(2, 3));
    }
}
