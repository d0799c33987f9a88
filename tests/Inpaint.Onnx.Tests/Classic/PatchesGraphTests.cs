using Inpaint.ClassicGraphs;

namespace Inpaint.Onnx.Tests.Classic;

public sealed class PatchesGraphTests
{
    private static readonly byte[] Graph = PatchesGraph.Build().Bytes;

    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 1, 9 }, { 6, 1 }, { 5, 7 }, { 7, 7 }, { 8, 300 }, { 33, 64 }, { 130, 70 }, { 600, 40 }, { 540, 700 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Known_pixels_are_unchanged_and_hidden_ones_get_colours(int height, int width)
    {
        var random = new Random(height + width);
        Picture photo = Picture.Create(height, width, (_, _, _) => random.NextSingle());
        bool[] hole = [.. Enumerable.Range(0, height * width).Select(i => i / width >= height / 3 && i % width < (width + 1) / 2)];

        float[] filled = photo.Fill(hole);

        for (int i = 0; i < filled.Length; i++)
        {
            if (hole[i % (height * width)])
            {
                Assert.InRange(filled[i], 0, 1);
            }
            else
            {
                Assert.Equal(photo.Values[i], filled[i]);
            }
        }
    }

    public static TheoryData<int, int, int, int> Holes => new()
    {
        { 38, 42, 21, 17 }, { 0, 0, 20, 20 }, { 76, 0, 20, 96 }, { 47, 0, 1, 96 }, { 30, 79, 30, 17 },
    };

    [Theory]
    [MemberData(nameof(Holes))]
    public void A_repeating_texture_is_continued_exactly(int top, int left, int height, int width)
    {
        float[] tile = new float[3 * 64];
        var random = new Random(3);
        for (int i = 0; i < tile.Length; i++)
        {
            tile[i] = random.NextSingle();
        }

        Picture photo = Picture.Create(96, 96, (c, y, x) => tile[(c * 64) + (y % 8 * 8) + (x % 8)]);

        float[] filled = photo.Fill(photo.Rectangle(top, left, height, width));

        Assert.Equal(photo.Values, filled, (expected, actual) => Math.Abs(expected - actual) < 1e-3);
    }

    [Fact]
    public void An_edge_is_continued_through_the_hole()
    {
        Picture photo = Picture.Create(120, 120, (_, y, x) => x + y < 120 ? 0.2f : 0.8f);

        float[] filled = photo.Fill(photo.Rectangle(45, 45, 30, 30));

        Assert.Equal(photo.Values, filled, (expected, actual) => Math.Abs(expected - actual) < 0.02);
    }

    [Fact]
    public void Several_holes_are_filled_in_one_run()
    {
        Picture photo = Picture.Create(90, 140, (c, y, x) => ((y / 3) + (x / 5) + c) % 2);
        bool[] first = photo.Rectangle(10, 15, 12, 9), second = photo.Rectangle(60, 110, 15, 15);

        float[] filled = photo.Fill([.. first.Zip(second, (a, b) => a || b)]);

        Assert.Equal(photo.Values, filled, (expected, actual) => Math.Abs(expected - actual) < 1e-3);
    }

    [Fact]
    public void A_photo_without_a_hole_is_returned()
    {
        Picture photo = Picture.Create(40, 50, (c, y, x) => (c + y + x) % 7 / 7f);

        Assert.Equal(photo.Values, photo.Fill(new bool[40 * 50]));
    }

    [Fact]
    public void A_photo_that_is_all_hole_becomes_middle_grey()
    {
        Picture photo = Picture.Create(40, 50, (_, _, _) => 1);

        Assert.All(photo.Fill([.. Enumerable.Repeat(true, 40 * 50)]), v => Assert.Equal(0.5f, v, 1e-5));
    }

    [Fact]
    public void A_photo_of_which_less_is_known_than_hidden_is_completed_smoothly()
    {
        Picture photo = Picture.Create(64, 64, (_, _, x) => x / 64f);

        float[] filled = photo.Fill(photo.Rectangle(0, 0, 64, 40));

        for (int x = 0; x < 39; x++)
        {
            Assert.True(Math.Abs(filled[x + 1] - filled[x]) < 0.1, $"step of {filled[x + 1] - filled[x]} at column {x}");
        }
    }

    [Fact]
    public void Only_a_window_around_the_hole_matters()
    {
        var random = new Random(5);
        Picture photo = Picture.Create(400, 300, (_, _, _) => random.NextSingle());
        Picture other = Picture.Create(400, 300, (c, y, x) => y >= 264 ? 0 : photo.Values[(((c * 400) + y) * 300) + x]);
        bool[] hole = photo.Rectangle(160, 140, 40, 20);

        Assert.Equal(photo.Fill(hole)[..(264 * 300)], other.Fill(hole)[..(264 * 300)]);
    }

    [Fact]
    public void Values_in_the_hole_do_not_matter()
    {
        Picture photo = Picture.Create(70, 80, (c, y, x) => ((y * x) + c) % 11 / 11f);
        bool[] hole = photo.Rectangle(20, 30, 25, 25);
        Picture other = Picture.Create(70, 80, (c, y, x) => hole[(y * 80) + x] ? float.NaN : photo.Values[(((c * 70) + y) * 80) + x]);

        Assert.Equal(photo.Fill(hole), other.Fill(hole));
    }

    [Fact]
    public void Windows_above_the_working_size_keep_their_detail()
    {
        var random = new Random(6);
        Picture photo = Picture.Create(900, 900, (_, _, _) => 0.3f + (0.4f * random.NextSingle()));
        bool[] hole = photo.Rectangle(300, 300, 300, 300);

        float[] filled = photo.Fill(hole);

        Assert.InRange(Contrast(filled) / Contrast(photo.Values), 0.7, 1.3);

        double Contrast(float[] values) => Enumerable.Range(310, 280).Average(
            y => Enumerable.Range(310, 280).Average(x => Math.Abs(values[(y * 900) + x] - values[(y * 900) + x + 1])));
    }

    private sealed record Picture(int Height, int Width, float[] Values)
    {
        public static Picture Create(int height, int width, Func<int, int, int, float> value) => new(height, width,
            [.. Enumerable.Range(0, 3 * height * width).Select(i => value(i / (height * width), i / width % height, i % width))]);

        public bool[] Rectangle(int top, int left, int height, int width) => [.. Enumerable.Range(0, Height * Width).Select(
            i => i / Width >= top && i / Width < top + height && i % Width >= left && i % Width < left + width)];

        public float[] Fill(bool[] hole)
        {
            (float[] filled, long[] dims) = OnnxRun.Run<float>(
                Graph,
                "output",
                ("image", OnnxRun.Tensor(Values, 1, 3, Height, Width)),
                ("mask", OnnxRun.Tensor(hole.Select(h => h ? 1f : 0f).ToArray(), 1, 1, Height, Width)));
            Assert.Equal([1, 3, Height, Width], dims);
            return filled;
        }
    }
}
