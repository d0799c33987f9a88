using Inpaint.TestSupport;

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
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<PhotoException>(() => PhotoCodec.Decode(folder.File("none.png")));
        Assert.Contains("none.png", error.Message, StringComparison.Ordinal);
    }
}
