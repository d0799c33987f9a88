namespace Inpaint.Tests.Photos;

/// <summary>Reading a picture's size from its header.</summary>
public sealed class PhotoSizeTests
{
    [Fact]
    public void The_size_is_read_without_the_pixels_and_checked_against_the_limit()
    {
        var photo = new Photo(30, 20);
        foreach (PhotoFormat format in Enum.GetValues<PhotoFormat>())
        {
            byte[] file = PhotoCodec.Encode(photo, format);
            Assert.Equal((30, 20), PhotoCodec.ReadSize(file));
            Assert.Equal((30, 20), PhotoCodec.ReadSize(PhotoCodec.Encode(photo, PhotoFormat.Png).AsSpan(0, 60))); // truncated
            var tight = new PhotoDecodingOptions { MaxPixels = 599 };
            var error = Assert.Throws<PhotoException>(() => PhotoCodec.ReadSize(file, tight, "it"));
            Assert.Contains("30x20 = 600 pixels; the limit is 599", error.Message, StringComparison.Ordinal);
        }

        var notAPicture = Assert.Throws<PhotoException>(() => PhotoCodec.ReadSize("text"u8, name: "it"));
        Assert.Contains("not a picture", notAPicture.Message, StringComparison.Ordinal);
    }
}
