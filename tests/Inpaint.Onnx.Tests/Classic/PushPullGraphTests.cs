using Inpaint.ClassicGraphs;

namespace Inpaint.Onnx.Tests.Classic;

public sealed class PushPullGraphTests
{
    private static readonly ClassicGraph Graph = PushPullGraph.Build();

    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 1, 9 }, { 6, 1 }, { 5, 7 }, { 64, 64 }, { 129, 63 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_fill_matches_the_reference_implementation(int height, int width)
    {
        float[] pictures = RandomPictures(2, height, width);
        float[] masks = RandomMasks(2, height, width);

        float[] filled = Fill(pictures, masks, 2, height, width);

        int plane = height * width;
        for (int n = 0; n < 2; n++)
        {
            double[,] hole = Plane(masks, n * plane, height, width);
            for (int c = 0; c < 3; c++)
            {
                int start = (n * 3 + c) * plane;
                double[,] expected = NaivePushPull.Fill(Plane(pictures, start, height, width), hole);
                for (int i = 0; i < plane; i++)
                {
                    Assert.Equal(expected[i / width, i % width], filled[start + i], 1e-5);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Known_pixels_are_unchanged(int height, int width)
    {
        float[] pictures = RandomPictures(2, height, width);
        float[] masks = RandomMasks(2, height, width);

        float[] filled = Fill(pictures, masks, 2, height, width);

        for (int i = 0; i < filled.Length; i++)
        {
            if (masks[MaskIndex(i, height * width)] == 0)
            {
                Assert.Equal(pictures[i], filled[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_flat_picture_stays_flat(int height, int width)
    {
        float[] picture = new float[3 * height * width];
        Array.Fill(picture, 0.7f);
        float[] mask = new float[height * width];
        Array.Fill(mask, 1f);
        mask[height * width / 3] = 0;

        Assert.All(Fill(picture, mask, 1, height, width), v => Assert.Equal(0.7f, v, 1e-5));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_picture_that_is_all_hole_becomes_middle_grey(int height, int width)
    {
        float[] picture = RandomPictures(1, height, width);
        float[] mask = new float[height * width];
        Array.Fill(mask, 1f);

        Assert.All(Fill(picture, mask, 1, height, width), v => Assert.Equal(0.5f, v, 1e-6));
    }

    [Fact]
    public void Pixels_in_the_hole_do_not_matter()
    {
        float[] picture = RandomPictures(1, 33, 40), other = [.. picture];
        float[] mask = RandomMasks(1, 33, 40);
        for (int i = 0; i < other.Length; i++)
        {
            other[i] = mask[MaskIndex(i, 33 * 40)] == 1 ? 100 : other[i];
        }

        Assert.Equal(Fill(picture, mask, 1, 33, 40), Fill(other, mask, 1, 33, 40));
    }

    [Fact]
    public void One_known_pixel_colours_the_widest_side()
    {
        const int Wide = 4096;
        float[] picture = new float[3 * Wide];
        float[] mask = new float[Wide];
        Array.Fill(mask, 1f);
        mask[0] = 0;
        picture[0] = 0.25f;

        float[] filled = Fill(picture, mask, 1, 1, Wide);

        Assert.Equal(0.25f, filled[Wide - 1], 1e-5);
        Assert.Equal(0f, filled[^1], 1e-5);
    }

    private static float[] Fill(float[] pictures, float[] masks, int count, int height, int width)
    {
        (float[] filled, long[] dims) = OnnxRun.Run<float>(
            Graph.Bytes,
            "output",
            ("image", OnnxRun.Tensor(pictures, count, 3, height, width)),
            ("mask", OnnxRun.Tensor(masks, count, 1, height, width)));
        Assert.Equal([count, 3, height, width], dims);
        return filled;
    }

    private static int MaskIndex(int pictureIndex, int plane) => pictureIndex / (3 * plane) * plane + pictureIndex % plane;

    private static double[,] Plane(float[] values, int start, int height, int width)
    {
        var plane = new double[height, width];
        for (int i = 0; i < height * width; i++)
        {
            plane[i / width, i % width] = values[start + i];
        }

        return plane;
    }

    private static float[] RandomPictures(int count, int height, int width)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count * 3 * height * width).Select(_ => random.NextSingle())];
    }

    // A rectangle and single pixels next to it, different for each picture.
    private static float[] RandomMasks(int count, int height, int width)
    {
        var random = new Random(12);
        float[] masks = new float[count * height * width];
        for (int n = 0; n < count; n++)
        {
            (int top, int left) = (random.Next(height), random.Next(width));
            for (int i = 0; i < height * width; i++)
            {
                bool inside = i / width >= top && i / width <= top + height / 2 && i % width >= left && i % width <= left + width / 2;
                masks[n * height * width + i] = inside || random.Next(10) == 0 ? 1 : 0;
            }
        }

        return masks;
    }
}
