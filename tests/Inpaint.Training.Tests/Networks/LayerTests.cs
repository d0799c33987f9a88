using Inpaint.Evaluation.Baselines;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Training.Data;
using Inpaint.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Tests.Networks;

/// <summary>Layers compared with values computed in another way.</summary>
public sealed class LayerTests
{
    [Fact]
    public void The_membrane_layer_equals_the_membrane_baseline()
    {
        PhotoPool scenes = Trainings.Scenes(2);
        using var layer = new Membrane(new PictureConfig());
        float[] values = new float[64 * 64 * 3];
        Augmentation.Plain(scenes.Pixels(1), values);
        using Tensor image = tensor(values, [1, 64, 64, 3]).permute(0, 3, 1, 2).contiguous();
        float[] fill = layer.forward(image).data<float>().ToArray();

        Photo photo = scenes.ToPhoto(1);
        MembraneFill.Apply(photo, Hole.Rectangle(new PixelRect(16, 16, 32, 32)));
        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 32; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    double expected = photo.Pixels[((16 + y) * 64 + 16 + x) * 4 + c];
                    Assert.InRange(fill[(c * 32 + y) * 32 + x] * 255 - expected, -0.51, 0.51);
                }
            }
        }
    }

    [Fact]
    public void Spectral_norm_divides_by_the_largest_singular_value()
    {
        // As a matrix the weight is [[3, 0], [0, 1]] turned by an orthogonal one: its largest singular value is 3.
        double c = Math.Cos(0.7), s = Math.Sin(0.7);
        using var layer = new SpectralConvolution(2, 2, 1, 1, 0);
        using (no_grad())
        {
            layer.get_parameter("weight")!.copy_(tensor([3 * c, -3 * s, s, c], [2, 2, 1, 1], ScalarType.Float32));
        }

        for (int i = 0; i < 60; i++)
        {
            using Tensor step = layer.Normalized();
        }

        float[] normal = layer.Normalized().data<float>().ToArray();
        Assert.Equal(c, normal[0], 5);
        Assert.Equal(-s, normal[1], 5);
        Assert.Equal(s / 3, normal[2], 5);
        Assert.Equal(c / 3, normal[3], 5);
    }

    [Fact]
    public void Spectral_norm_does_not_move_in_evaluation_mode()
    {
        using var layer = new SpectralConvolution(3, 5, 3, 1, 1);
        layer.eval();
        using Tensor first = layer.Normalized(), second = layer.Normalized();
        Assert.Equal(first.data<float>().ToArray(), second.data<float>().ToArray());
    }

    [Fact]
    public void The_feature_discriminator_judges_directions_of_features_in_the_hole_only()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        var discriminator = new FeatureDiscriminator([2, 3], outside: 1.0 / 6);
        discriminator.eval();
        Tensor[] features = [rand(1, 2, 12, 12) + 0.1, rand(1, 3, 6, 6) + 0.1];
        IReadOnlyList<Tensor> logits = discriminator.Judge(features);
        Assert.Equal([[1, 1, 8, 8], [1, 1, 4, 4]], logits.Select(l => l.shape));

        // Longer features are the same to it; the corner is beyond the 3x3 surroundings of every position in the hole.
        Tensor[] longer = [features[0] * 5, features[1].clone()];
        longer[0].narrow(2, 0, 1).narrow(3, 0, 1).fill_(7);
        IReadOnlyList<Tensor> again = discriminator.Judge(longer);
        Assert.True(logits.Zip(again).All(l => l.First.allclose(l.Second, atol: 1e-4)));
        longer[1].narrow(1, 0, 1).mul_(5);
        Assert.False(logits[1].allclose(discriminator.Judge(longer)[1], atol: 1e-4));
    }

    [Fact]
    public void A_multiscale_block_is_the_sum_of_its_dilations_and_its_mean()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(3);
        var block = new MultiscaleDilatedBlock(2, [1, 2]);
        block.eval();
        Tensor x = randn(1, 2, 7, 7);
        float[] found = block.forward(x).data<float>().ToArray();

        float[] w = block.get_parameter("weight")!.data<float>().ToArray(), input = x.data<float>().ToArray();
        for (int o = 0; o < 2; o++)
        {
            for (int y = 0; y < 7; y++)
            {
                for (int column = 0; column < 7; column++)
                {
                    double sum = 0;
                    for (int i = 0; i < 2; i++)
                    {
                        double mean = Enumerable.Range(0, 9).Average(k => (double)w[(o * 2 + i) * 9 + k]);
                        sum += mean * At(input, i, y, column);
                        for (int k = 0; k < 9; k++)
                        {
                            foreach (int d in new[] { 1, 2 })
                            {
                                sum += w[(o * 2 + i) * 9 + k] * At(input, i, y + (k / 3 - 1) * d, column + (k % 3 - 1) * d);
                            }
                        }
                    }

                    // Coefficients start at 1 / (1 + 2 dilations); a fresh norm divides by sqrt(1 + 1e-5).
                    double expected = Math.Max(0, At(input, o, y, column) + sum / 3 / Math.Sqrt(1 + 1e-5));
                    Assert.Equal(expected, found[(o * 7 + y) * 7 + column], 4);
                }
            }
        }
    }

    [Theory]
    [InlineData("concat", 5 + 4)]
    [InlineData("film", 5)]
    [InlineData("conditional_batch_norm", 5)]
    public void A_caption_changes_the_fill_and_no_caption_is_a_vector_of_zeros(string way, int channels)
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        CaptionFeedWay chosen = Enum.Parse<CaptionFeedWay>(way.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        var feed = new CaptionFeed(new CaptionFeedConfig { Layer = "bottleneck", Way = chosen, Embedding = 4 }, 6, 5);
        feed.eval();
        Tensor map = randn(2, 5, 3, 3);
        Tensor with = feed.forward(map, tensor([1f, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1], [2, 6])), without = feed.forward(map, zeros(2, 6));
        Assert.Equal([2, channels, 3, 3], with.shape);
        Assert.Equal(5 + feed.AddedChannels, channels);
        Assert.False(with.allclose(without));
    }

    [Fact]
    public void One_embedding_scales_and_shifts_each_of_several_maps_by_its_own_rows()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        var feed = new CaptionFeed(new CaptionFeedConfig { Layer = "decoders", Embedding = 1 }, 2, 1, 2);
        feed.get_parameter("embed.words.weight")!.copy_(tensor([1f, 10], [1, 2]));
        feed.get_parameter("embed.words.bias")!.zero_();
        feed.get_parameter("affine.weight")!.copy_(tensor([1f, 2, 3, 4, 5, 6], [6, 1]));
        feed.get_parameter("affine.bias")!.zero_();

        // The second word's embedding is 10: the first map's scale and shift are 10 and 20, the second's (30, 40) and (50, 60).
        Tensor caption = tensor([0f, 1], [1, 2]);
        Assert.Equal([(2f * 11) + 20], feed.forward(full([1, 1, 1, 1], 2f), caption, 0).data<float>().ToArray());
        Assert.Equal([(2f * 31) + 50, (2f * 41) + 60], feed.forward(full([1, 2, 1, 1], 2f), caption, 1).data<float>().ToArray());
    }

    private static double At(float[] map, int channel, int y, int x) => y is < 0 or > 6 || x is < 0 or > 6 ? 0
        : map[(channel * 7 + y) * 7 + x];
}
