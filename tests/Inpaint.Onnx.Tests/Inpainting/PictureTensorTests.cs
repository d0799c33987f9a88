namespace Inpaint.Onnx.Tests;

/// <summary>
/// Conversion of pictures to tensors and back, compared with a scalar implementation, at widths with and without remainders.
/// </summary>
public sealed class PictureTensorTests
{
    public static TheoryData<int, TensorLayout, ChannelOrder> Cases { get; } = [.. from width in (int[])[1, 3, 7, 8, 9, 16, 21]
                                                                                   from layout in Enum.GetValues<TensorLayout>()
                                                                                   from order in Enum.GetValues<ChannelOrder>()
                                                                                   select (width, layout, order)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_input_value_matches_its_pixel(int width, TensorLayout layout, ChannelOrder order)
    {
        (Photo photo, Mask hidden) = Draw(width, 5);
        var encoder = new InputEncoder(Manifest(width, 5, layout, order));
        float[] row = new float[encoder.RowLength(0, width, 5)];
        encoder.Write<float>(0, photo, hidden, row);
        Assert.Equal(4 * width * 5, row.Length);
        for (int i = 0; i < width * 5; i++)
        {
            bool hole = hidden.Pixels[i] != 0;
            for (int c = 0; c < 3; c++)
            {
                int colour = order == ChannelOrder.Rgb ? c : 2 - c;
                Assert.Equal(hole ? 7f : -1 + (2 * (photo.Pixels[(4 * i) + colour] / 255f)), row[Index(i, c, 4)], 6);
            }

            Assert.Equal(hole ? 0.25f : 0.5f, row[Index(i, 3, 4)]);
        }

        int Index(int pixel, int channel, int channels) => layout == TensorLayout.Nchw ? (channel * width * 5) + pixel : (pixel * channels)
            + channel;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_output_is_rounded_into_the_hidden_pixels_only(int width, TensorLayout layout, ChannelOrder order)
    {
        (Photo photo, Mask hidden) = Draw(width, 5);
        Photo before = photo.Clone();
        float[] row = Numbers(width * 5 * 3);
        new OutputDecoder(Manifest(width, 5, layout, order)).Read(row, photo, hidden);
        for (int i = 0; i < width * 5; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                int colour = order == ChannelOrder.Rgb ? c : 2 - c;
                double number = row[layout == TensorLayout.Nchw ? (c * width * 5) + i : (3 * i) + c];
                byte expected = (byte)Math.Floor(Math.Clamp((number + 1) / 2 * 255, 0, 255) + 0.5);
                Assert.Equal(hidden.Pixels[i] != 0 ? expected : before.Pixels[(4 * i) + colour], photo.Pixels[(4 * i) + colour]);
            }

            Assert.Equal(255, photo.Pixels[(4 * i) + 3]);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_non_finite_value_is_an_error_only_at_a_hidden_pixel(float number)
    {
        var decoder = new OutputDecoder(Manifest(16, 5, TensorLayout.Nchw, ChannelOrder.Rgb));
        float[] row = new float[16 * 5 * 3];
        row[(16 * 5) + (2 * 16) + 11] = number;
        var hidden = new Mask(16, 5);
        hidden.Fill(true);
        var error = Assert.Throws<GraphException>(() => decoder.Read(row, new Photo(16, 5), hidden));
        Assert.Contains("column 11, row 2", error.Message, StringComparison.Ordinal);
        hidden.Row(2)[11] = 0;
        var photo = new Photo(16, 5);
        decoder.Read(row, photo, hidden);
        Assert.Equal(128, photo.Pixels[4 * ((2 * 16) + 12)]);
        Assert.Equal(0, photo.Pixels[4 * ((2 * 16) + 11)]);
    }

    private static (Photo Photo, Mask Hidden) Draw(int width, int height)
    {
        var random = new Random(width);
        var photo = new Photo(width, height);
        var hidden = new Mask(width, height);
        for (int i = 0; i < width * height; i++)
        {
            random.NextBytes(photo.Pixels.Slice(4 * i, 3));
            hidden.Pixels[i] = random.Next(3) == 0 ? (byte)0 : (byte)255;
        }

        return (photo, hidden);
    }

    /// <summary>Numbers slightly beyond -1..1, none of them nearly halfway between two bytes.</summary>
    private static float[] Numbers(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count)
            .Select(_ => (float)(((random.Next(-20, 276) + (random.NextDouble() * 0.8) - 0.4) / 127.5) - 1))];
    }

    private static GraphManifest Manifest(int width, int height, TensorLayout layout, ChannelOrder order) => new()
    {
        Version = GraphManifest.CurrentVersion,
        Name = "plain",
        Graph = new GraphFileContract { Sha256 = new string('0', 64) },
        Size = new SizeContract { Width = width, Height = height },
        Hole = new HoleContract { Kind = HoleKind.Free },
        Inputs =
        [
            new()
            {
                Name = "input",
                Layout = layout,
                Parts =
                [
                    new() { Role = PartRole.Image, Channels = order, Range = [-1, 1], Hidden = 7 },
                    new() { Role = PartRole.Mask, Known = 0.5f, Hole = 0.25f },
                ],
            },
        ],
        Output = new OutputContract { Name = "output", Content = OutputContent.Photo, Layout = layout, Channels = order, Range = [-1, 1] },
    };
}
