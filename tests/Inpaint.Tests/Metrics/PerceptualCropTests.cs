using Inpaint.Evaluation.Perception;

namespace Inpaint.Tests.Metrics;

public sealed class PerceptualCropTests
{
    [Theory]
    // The centre of 64x64: the whole photo, doubled.
    [InlineData(16, 16, 32, 32, 64, 64, 0, 0, 64, 64, 128, 128)]
    // The centre of 256x256: the whole photo.
    [InlineData(64, 64, 128, 128, 256, 256, 0, 0, 256, 256, 256, 256)]
    // A small hole: 128x128 around it, moved into the photo.
    [InlineData(300, 10, 20, 20, 384, 256, 246, 0, 128, 128, 128, 128)]
    [InlineData(370, 240, 14, 16, 384, 256, 256, 128, 128, 128, 128, 128)]
    // Half of 100 and of 81 on both sides.
    [InlineData(200, 150, 100, 81, 600, 400, 150, 110, 200, 161, 200, 161)]
    // The centre of 640x480: 480x480, scaled down.
    [InlineData(200, 120, 240, 240, 640, 480, 80, 0, 480, 480, 384, 384)]
    // Narrow photos are scaled up, as far as they are not longer than 384.
    [InlineData(100, 4, 200, 8, 1000, 32, 0, 0, 400, 32, 384, 31)]
    [InlineData(60, 4, 50, 8, 1000, 64, 21, 0, 128, 64, 256, 128)]
    public void The_crop_surrounds_the_hole(int x, int y, int width, int height, int photoWidth, int photoHeight, int partX, int partY,
        int partWidth, int partHeight, int scaledWidth, int scaledHeight) =>
        Assert.Equal(new PerceptualCrop(new PixelRect(partX, partY, partWidth, partHeight), scaledWidth, scaledHeight),
            PerceptualCrop.Of(new PixelRect(x, y, width, height), photoWidth, photoHeight));

    [Fact]
    public void Planes_are_blue_green_red_less_the_mean_with_the_last_row_and_column_repeated()
    {
        Photo photo = RandomPhotos.Make(150, 130, 3);
        PerceptualCrop crop = PerceptualCrop.Of(new PixelRect(0, 0, 150, 130), 150, 130);
        Assert.Equal((160, 160), (crop.PaddedWidth, crop.PaddedHeight));
        float[] planes = new float[3 * 160 * 160];

        crop.Write(photo, planes);

        float At(int channel, int x, int y) => planes[(channel * 160 * 160) + (y * 160) + x];
        byte Of(int channel, int x, int y) => photo.Pixels[(4 * ((y * 150) + x)) + channel];
        Assert.Equal(Of(2, 7, 9) - 103.0626f, At(0, 7, 9), 1e-4f);
        Assert.Equal(Of(1, 149, 129) - 115.9029f, At(1, 149, 129), 1e-4f);
        Assert.Equal(Of(0, 149, 129) - 123.1516f, At(2, 159, 159), 1e-4f);
        Assert.Equal(Of(0, 5, 129) - 123.1516f, At(2, 5, 140), 1e-4f);
    }
}
