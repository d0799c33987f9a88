using Inpaint.Evaluation.Perception;
using Inpaint.TestSupport;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Inpaint.Training.Tests.Evaluation;

/// <summary>The perceptual comparison against the network's layers in TorchSharp and the distance written out by position.</summary>
public sealed class PerceptualNetworkTests
{
    [Theory]
    // The hole's surroundings are columns 16 to 143 of the photo.
    [InlineData(160, 128, 60, 50, 40, 30, 16, 128, 128)]
    // The whole photo, with its last columns and rows repeated up to 160x160.
    [InlineData(150, 140, 10, 10, 130, 120, 0, 150, 140)]
    public void Distance_and_features_are_those_of_the_same_layers_in_TorchSharp(
        int width, int height, int x, int y, int holeWidth, int holeHeight, int left, int cropWidth, int cropHeight)
    {
        Photo truth = Noise(width, height, 1), half = truth.Clone(), other = truth.Clone();
        Photo noise = Noise(width, height, 2);
        var hole = new PixelRect(x, y, holeWidth, holeHeight);
        for (int row = hole.Y; row < hole.Bottom; row++)
        {
            int start = 4 * ((row * width) + hole.X);
            noise.Pixels.Slice(start, 4 * hole.Width).CopyTo(other.Pixels[start..]);
            noise.Pixels.Slice(start, 2 * hole.Width).CopyTo(half.Pixels[start..]);
        }

        using PerceptualNetwork network = PerceptualNetwork.Load();
        using PerceptualComparer comparer = network.CreateComparer();
        IReadOnlyList<PerceptualComparison> found = comparer.Compare(truth, Hole.Rectangle(hole), [other, truth, half]);

        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        var layers = new Layers(PerceptualNetwork.Read());
        var crop = new PixelRect(left, 0, cropWidth, cropHeight);
        Tensor[] original = layers.Stages(Input(truth.Crop(crop)));
        foreach ((Photo fill, PerceptualComparison comparison) in new[] { other, truth, half }.Zip(found))
        {
            Tensor[] completed = layers.Stages(Input(fill.Crop(crop)));
            double expected = original.Zip(completed, (a, b) => (Unit(a) - Unit(b)).square().sum(1).mean().item<float>()).Average();
            Assert.Equal(expected, comparison.Distance, 1e-5);
            Equal(original[3].mean([2, 3]), comparison.Truth);
            Equal(completed[3].mean([2, 3]), comparison.Fill);
        }

        Assert.Equal(0, found[1].Distance);
        Assert.InRange(found[2].Distance, 1e-4, found[0].Distance);
    }

    [Fact]
    public void Many_fills_have_the_comparisons_of_each()
    {
        Photo truth = Noise(64, 64, 1);
        Photo[] fills = [.. Enumerable.Range(2, 9).Select(i => Noise(64, 64, i))];
        Hole hole = Hole.Default(64, 64);
        using PerceptualNetwork network = PerceptualNetwork.Load();
        using PerceptualComparer comparer = network.CreateComparer();

        IReadOnlyList<PerceptualComparison> together = comparer.Compare(truth, hole, fills);

        Assert.Equal(9, together.Count);
        Assert.All(together.Zip(fills), pair =>
            Assert.Equal(comparer.Compare(truth, hole, [pair.Second])[0].Distance, pair.First.Distance, 1e-6));
    }

    [Fact]
    public void A_missing_or_different_file_is_an_error_that_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        string missing = folder.File("missing.onnx"), other = folder.File("other.onnx");
        File.WriteAllText(other, "another network");

        string absent = Assert.Throws<GraphException>(() => PerceptualNetwork.Locate(missing)).Message;
        string different = Assert.Throws<GraphException>(() => PerceptualNetwork.Load(other)).Message;

        Assert.Contains(missing, absent);
        Assert.Contains("dotnet package download Microsoft.ML.DnnImageFeaturizer.ResNet18@0.23.1", absent);
        Assert.Contains("--perceptual-network", absent);
        Assert.Contains("SHA-256", different);
    }

    private static Photo Noise(int width, int height, int seed)
    {
        // Coarse blocks and fine noise, so that all stages respond.
        var random = new Random(seed);
        byte[] blocks = new byte[3 * 16 * 16];
        random.NextBytes(blocks);
        var photo = new Photo(width, height);
        for (int i = 0; i < width * height; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                int block = blocks[(3 * ((((i / width) / 12 % 16) * 16) + ((i % width) / 12 % 16))) + c];
                photo.Pixels[(4 * i) + c] = (byte)Math.Clamp(block + random.Next(-40, 40), 0, 255);
            }
        }

        return photo;
    }

    private static Tensor Input(Photo photo)
    {
        Tensor rgba = tensor(photo.Pixels.ToArray(), [photo.Height, photo.Width, 4], ScalarType.Byte).to(float32).permute(2, 0, 1);
        Tensor bgr = stack([rgba[2] - 103.0626f, rgba[1] - 115.9029f, rgba[0] - 123.1516f]).unsqueeze(0);
        long right = (32 - (photo.Width % 32)) % 32, bottom = (32 - (photo.Height % 32)) % 32;
        return F.pad(bgr, [0, right, 0, bottom], PaddingModes.Replicate);
    }

    private static Tensor Unit(Tensor features) => features / (features.square().sum(1, keepdim: true).sqrt() + 1e-10);

    private static void Equal(Tensor expected, IReadOnlyList<float> found)
    {
        float[] values = expected.flatten().data<float>().ToArray();
        Assert.Equal(512, values.Length);
        Assert.All(values.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-3f * Math.Max(1, Math.Abs(pair.First))));
    }

    /// <summary>The layers as the file lists them: numbers of a convolution's weights and of its batch norm's first parameter.</summary>
    private sealed class Layers(OnnxModel file)
    {
        private static readonly ((int, int) First, (int, int) Second, (int, int)? Shortcut, bool EndsStage)[] Blocks =
        [
            ((86, 113), (82, 127), null, false), ((77, 144), (73, 158), null, true),
            ((68, 175), (64, 189), (199, 203), false), ((59, 220), (55, 234), null, true),
            ((50, 251), (46, 265), (275, 279), false), ((41, 296), (37, 310), null, true),
            ((32, 327), (28, 341), (351, 355), false), ((23, 372), (19, 386), null, false), ((14, 403), (10, 417), null, true),
        ];

        private readonly Dictionary<string, TensorData> _weights = file.Initializers.ToDictionary(i => i.Name);

        public Tensor[] Stages(Tensor input)
        {
            // Strided layers pad more on the left and top than on the right and bottom.
            Tensor x = F.relu(Layer(F.pad(input, [3, 2, 3, 2]), (91, 96), 2, 0));
            x = F.max_pool2d(F.pad(x, [1, 0, 1, 0], value: double.NegativeInfinity), 3, 2);
            var stages = new List<Tensor>();
            foreach (((int, int) first, (int, int) second, (int, int)? shortcut, bool endsStage) in Blocks)
            {
                Tensor inner = F.relu(shortcut is null ? Layer(x, first, 1, 1) : Layer(F.pad(x, [1, 0, 1, 0]), first, 2, 0));
                x = F.relu(Layer(inner, second, 1, 1) + (shortcut is { } s ? Layer(x, s, 2, 0) : x));
                if (endsStage)
                {
                    stages.Add(x);
                }
            }

            return [.. stages];
        }

        private Tensor Layer(Tensor x, (int Weight, int Norm) layer, long stride, long padding)
        {
            Tensor y = F.conv2d(x, Values($"Parameter{layer.Weight}"), strides: [stride, stride], padding: [padding, padding]);
            return F.batch_norm(y, Values($"Constant{layer.Norm + 2}"), Values($"Constant{layer.Norm + 3}"),
                Values($"Parameter{layer.Norm}"), Values($"Parameter{layer.Norm + 1}"), training: false, eps: 1e-5);
        }

        private Tensor Values(string name) => tensor(_weights[name].Floats(), [.. _weights[name].Dims]);
    }
}
