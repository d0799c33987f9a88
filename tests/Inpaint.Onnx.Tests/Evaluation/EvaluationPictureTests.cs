using Inpaint.Evaluation;

namespace Inpaint.Onnx.Tests;

public sealed class EvaluationPictureTests
{
    private static readonly EvaluationPicture Square = new(64, 64, new PixelRect(16, 16, 32, 32));

    [Theory]
    [InlineData(64, 64, 0, 0, 64, 64)]
    [InlineData(640, 427, 106, 0, 427, 427)]
    [InlineData(427, 640, 0, 106, 427, 427)]
    [InlineData(1, 3, 0, 1, 1, 1)]
    public void A_square_picture_uses_the_centred_square(int width, int height, int x, int y, int windowWidth, int windowHeight)
    {
        Assert.Equal(new PixelRect(x, y, windowWidth, windowHeight), Square.Window(width, height));
        Assert.Equal(HoleWindows.DefaultWindow(width, height), Square.Window(width, height));
    }

    [Theory]
    [InlineData(100, 100, 0, 25, 100, 50)]
    [InlineData(400, 100, 100, 0, 200, 100)]
    [InlineData(1, 5, 0, 2, 1, 1)]
    public void A_wide_picture_uses_the_largest_window_of_its_aspect_ratio(int width, int height, int x, int y, int windowWidth,
        int windowHeight) =>
        Assert.Equal(new PixelRect(x, y, windowWidth, windowHeight), new EvaluationPicture(128, 64, new PixelRect(32, 16, 64, 32))
            .Window(width, height));

    [Fact]
    public void A_photo_of_the_pictures_size_is_used_unchanged()
    {
        var photo = new Photo(64, 64);
        Assert.Same(photo, Square.Take(photo));
    }

    [Theory]
    [InlineData("64", 640, 427, 64, 64)]
    [InlineData("256", 100, 300, 256, 256)]
    [InlineData("384", 640, 427, 384, 256)]
    [InlineData("384", 427, 640, 256, 384)]
    [InlineData("384", 383, 20, 383, 20)]
    [InlineData("384", 6000, 3, 384, 1)]
    [InlineData("native", 640, 427, 640, 427)]
    public void A_named_size_scales_photos_as_documented(string name, int width, int height, int expectedWidth, int expectedHeight)
    {
        Photo taken = EvaluationPicture.Named[name].Take(new Photo(width, height));
        Assert.Equal((expectedWidth, expectedHeight), (taken.Width, taken.Height));
    }

    [Fact]
    public void A_box_of_a_whole_photo_is_scaled_with_it() =>
        Assert.Equal(new PixelRect(50, 30, 10, 6), EvaluationPicture.Named["384"].Take(new PixelRect(100, 60, 20, 11), 768, 400));

    [Fact]
    public void A_box_is_cropped_and_scaled_with_the_photo_and_rounded_outwards()
    {
        // 256x128: the square begins at column 64 and shrinks by 2.
        Assert.Equal(new PixelRect(5, 10, 11, 6), Square.Take(new PixelRect(75, 21, 21, 10), 256, 128));
        Assert.Equal(new PixelRect(0, 0, 3, 64), Square.Take(new PixelRect(0, 0, 69, 128), 256, 128));
        Assert.True(Square.Take(new PixelRect(0, 0, 64, 128), 256, 128).IsEmpty);
        Assert.Equal(new PixelRect(20, 30, 7, 9), Square.Take(new PixelRect(20, 30, 7, 9), 64, 64));
    }
}
