using System.Security.Cryptography;
using Inpaint.TestSupport;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.Onnx.Tests.Inpainting;

/// <summary>Blends of graphs whose outputs follow by hand from their weights, run in ONNX Runtime.</summary>
public sealed class GraphBlendingTests
{
    private const int Side = 64;

    [Theory]
    [InlineData(0, 1, 0.5)]
    [InlineData(0.25, 0.75, 0.625)]
    [InlineData(1, 0, 1)]
    public void The_colour_of_a_blend_is_between_those_of_the_graphs(double alpha, float red, float blue)
    {
        GraphPackage blend = GraphBlending.Blend(
            EvaluationGraphs.OneColour(1, 0, 0.5f), EvaluationGraphs.OneColour(0, 0, 1), alpha, "between");
        float[] fill = Run(blend, Picture());
        Assert.Equal([red, 0, blue], new[] { fill[0], fill[fill.Length / 3], fill[^1] });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_blend_of_linear_graphs_gives_the_blend_of_their_outputs(bool half)
    {
        GraphPackage first = Convolution(seed: 1, half: half), second = Convolution(seed: 2, half: half);
        float[] picture = Picture(), one = Run(first, picture), other = Run(second, picture);
        float[] blend = Run(GraphBlending.Blend(first, second, 0.3, "between"), picture);
        double difference = Enumerable.Range(0, blend.Length).Max(i => Math.Abs((0.7 * one[i]) + (0.3 * other[i]) - blend[i]));
        Assert.True(difference < (half ? 1e-2 : 1e-6), $"{difference}");
    }

    [Fact]
    public void The_ends_are_the_graphs_to_the_bit()
    {
        GraphPackage first = Convolution(seed: 1), second = Convolution(seed: 2);
        Assert.Equal(first.Model, GraphBlending.Blend(first, second, 0, "first").Model);
        Assert.Equal(second.Model, GraphBlending.Blend(first, second, 1, "second").Model);
    }

    [Fact]
    public void The_manifest_names_both_graphs_and_has_no_scores()
    {
        GraphPackage first = Described(Convolution(seed: 1), "one", "train one"), second = Described(Convolution(seed: 2), "two", null);
        GraphManifest manifest = GraphBlending.Blend(first, second, 0.25, "between").Manifest;
        Assert.Equal("between", manifest.Name);
        Assert.Null(manifest.Scores);
        Assert.Equal(["one.zip", "two.zip"], manifest.Provenance!.Data);
        Assert.Equal("MIT", manifest.Provenance.Licence);
        Assert.StartsWith("inpaint graph blend one two --alpha 0.25; one (", manifest.Provenance.Command, StringComparison.Ordinal);
        Assert.Contains("train one", manifest.Provenance.Command, StringComparison.Ordinal);
        Assert.Contains($"two ({second.Sha256[..12]}): of unknown origin", manifest.Provenance.Command, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_one_graph_also_averages_a_mirror_image_the_blend_does_not(bool mirroredFirst)
    {
        GraphPackage mirrored = Convolution(seed: 1, mirrored: true), plain = Convolution(seed: 2);
        float[] picture = Picture(), expected = Run(GraphBlending.Blend(Convolution(seed: 1), plain, 0.5, "expected"), picture);
        GraphPackage blend = mirroredFirst
            ? GraphBlending.Blend(mirrored, plain, 0.5, "blend")
            : GraphBlending.Blend(plain, mirrored, 0.5, "blend");
        Assert.Equal(expected, Run(blend, picture));
    }

    [Fact]
    public void Differences_beyond_the_weights_are_named()
    {
        GraphPackage graph = Convolution(seed: 1);
        void Fails(GraphPackage other, string expected) => Assert.Contains(
            expected, Assert.Throws<ManifestException>(() => GraphBlending.Blend(graph, other, 0.5, "blend")).Message,
            StringComparison.Ordinal);

        Fails(EvaluationGraphs.OneColour(0, 0, 0, side: 32), "the manifests differ in 'size'");
        Fails(EvaluationGraphs.OneColour(0, 0, 0), "the first differing node is 'Conv' (Conv, with image, weight, bias) in the first and");
        Fails(Convolution(seed: 1, activation: "Elu"), "'Conv' (Conv, with Elu, weight, bias) in the second");
        Fails(Convolution(seed: 1, kernel: 4), "the weight weight is Float [3, 3, 2, 2] in the first and Float [3, 3, 4, 4] in the second");
        Assert.Contains("'caption'", Assert.Throws<ManifestException>(() => GraphBlending.Blend(
            EvaluationGraphs.ColourOfWords([("red", [1, 0, 0])]), EvaluationGraphs.ColourOfWords([("blue", [0, 0, 1])]), 0.5, "blend"))
            .Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => GraphBlending.Blend(graph, graph, 1.5, "blend"));
    }

    /// <summary>Fills the 32x32 centre of a 64x64 picture with a convolution of stride 2 of the whole picture.</summary>
    private static GraphPackage Convolution(
        int seed, bool half = false, bool mirrored = false, string? activation = null, int kernel = 2)
    {
        var random = new Random(seed);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        TensorData Weight(float[] values, params long[] dims) => half
            ? TensorData.Make(Array.ConvertAll(values, v => (Half)v), dims)
            : TensorData.Make(values, dims);
        DataType type = half ? DataType.Float16 : DataType.Float;

        var builder = new GraphBuilder("convolution");
        string image = builder.Input("image", DataType.Float, "N", 3, Side, Side);
        string weight = builder.Constant("weight", Weight(Values(9 * kernel * kernel), 3, 3, kernel, kernel));
        string bias = builder.Constant("bias", Weight(Values(3), 3));
        int padding = (kernel - 2) / 2;
        string Fill(string x) => builder.Node(
            "Conv", [x, weight, bias], ("strides", new long[] { 2, 2 }), ("pads", new long[] { padding, padding, padding, padding }));
        string input = half ? builder.Node("Cast", [image], ("to", (int)type)) : image;
        input = activation is null ? input : builder.Node(activation, [input]);
        string fill = Fill(input);
        fill = half ? builder.Node("Cast", [fill], ("to", (int)DataType.Float)) : fill;
        fill = mirrored ? builder.Node("Mul", [builder.Node("Add", [fill, Fill(builder.Node("Neg", [input]))]),
            builder.Constant("mean", [0.5f])]) : fill;
        builder.Output("fill", fill, DataType.Float, "N", 3, Side / 2, Side / 2);
        byte[] model = builder.Build().ToBytes();
        GraphManifest manifest = EvaluationGraphs.OneColour(0, 0, 0).Manifest;
        manifest = manifest with { Graph = manifest.Graph with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)) } };
        return GraphPackage.FromBytes(model, manifest.ToJson(), "the test graph");
    }

    private static GraphPackage Described(GraphPackage graph, string name, string? command)
    {
        GraphManifest manifest = graph.Manifest with
        {
            Name = name,
            Provenance = new Provenance { Command = command, Data = [$"{name}.zip"], Licence = "MIT" },
            Scores = new Dictionary<string, IReadOnlyDictionary<string, double>>
            {
                ["test"] = new Dictionary<string, double> { ["hole_psnr"] = 14 },
            },
        };
        return GraphPackage.FromBytes(graph.Model, manifest.ToJson(), name);
    }

    private static float[] Picture()
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, 3 * Side * Side).Select(_ => random.NextSingle())];
    }

    private static float[] Run(GraphPackage graph, float[] picture)
    {
        using var session = new InferenceSession(graph.Model);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run(
            [NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(picture, [1, 3, Side, Side]))]);
        return outputs.Single().AsTensor<float>().ToArray();
    }
}
