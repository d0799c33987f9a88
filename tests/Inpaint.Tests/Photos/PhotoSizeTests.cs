using Inpaint.Photos;

namespace Inpaint.Tests.Photos;

/// <summary>A picture's size from its beginning.</summary>
public sealed class PhotoSizeTests
{
    [Fact]
    public void It_is_read_without_the_pixels_and_refused_where_it_is_too_large()
    {
        var photo = new Photo(30, 20);
        foreach (PhotoFormat format in Enum.GetValues<PhotoFormat>())
        {
            byte[] file = PhotoCodec.Encode(photo, format);
            Assert.Equal((30, 20), PhotoCodec.ReadSize(file));
            // The rest may be missing.
            Assert.Equal((30, 20), PhotoCodec.ReadSize(PhotoCodec.Encode(photo, PhotoFormat.Png).AsSpan(0, 60)));
            Assert.Contains("30x20 = 600 pixels; the limit is 599", Assert.Throws<PhotoException>(() => PhotoCodec.ReadSize(file, new PhotoDecodingOptions { MaxPixels = 599 }, "it")).Message, StringComparison.Ordinal);
        }

        Assert.Contains("not a picture", Assert.Throws<PhotoException>(() => PhotoCodec.ReadSize("text"u8, name: "it")).Message, StringComparison.Ordinal);
    }
}
