using Inpaint.ClassicGraphs;

namespace Inpaint.Onnx.Tests.Classic;

public sealed class MembraneGraphTests
{
    private static readonly ClassicGraph Graph = MembraneGraph.Build();

    [Fact]
    public void The_fill_solves_the_Laplace_equation_of_random_pictures()
    {
        float[] pictures = RandomPictures(2);

        float[] fill = Fill(pictures, 2);

        double[] expected = NaiveMembrane.FillOf(pictures);
        Assert.Equal(expected.Length, fill.Length);
        for (int i = 0; i < fill.Length; i++)
        {
            Assert.Equal(expected[i], fill[i], 1e-5);
        }
    }

    [Fact]
    public void A_gradient_is_continued_through_the_hole()
    {
        float[] picture = new float[3 * 64 * 64];
        for (int i = 0; i < picture.Length; i++)
        {
            picture[i] = (i % 64 + 2 * (i / 64 % 64)) / 200f;
        }

        float[] fill = Fill(picture, 1);

        for (int i = 0; i < fill.Length; i++)
        {
            Assert.Equal((i % 32 + 16 + 2 * (i / 32 % 32 + 16)) / 200f, fill[i], 1e-5);
        }
    }

    [Fact]
    public void Only_the_ring_around_the_hole_matters()
    {
        float[] picture = RandomPictures(1);
        float[] changed = [.. picture];
        for (int i = 0; i < changed.Length; i++)
        {
            (int y, int x) = (i / 64 % 64, i % 64);
            bool inHole = y is >= 16 and < 48 && x is >= 16 and < 48;
            bool away = y is < 15 or > 48 || x is < 15 or > 48;
            changed[i] = inHole || away ? 1 - changed[i] : changed[i];
        }

        Assert.Equal(Fill(picture, 1), Fill(changed, 1));
    }

    private static float[] Fill(float[] pictures, int count)
    {
        (float[] fill, long[] dims) = OnnxRun.Run<float>(Graph.Bytes, "fill", ("image", OnnxRun.Tensor(pictures, count, 3, 64, 64)));
        Assert.Equal([count, 3, 32, 32], dims);
        return fill;
    }

    private static float[] RandomPictures(int count)
    {
        var random = new Random(7);
        float[] pictures = new float[count * 3 * 64 * 64];
        for (int i = 0; i < pictures.Length; i++)
        {
            pictures[i] = random.NextSingle();
        }

        return pictures;
    }
}
