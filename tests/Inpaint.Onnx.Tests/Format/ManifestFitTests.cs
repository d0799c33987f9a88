using Inpaint.ClassicGraphs;
using Inpaint.Onnx.Proto;
using Inpaint.TestSupport;

namespace Inpaint.Onnx.Tests.Format;

public sealed class ManifestFitTests
{
    private static readonly GraphManifest Ours = MembraneGraph.Build().Manifest;
    private static readonly GraphManifest Lama = ContractGraphs.Build(MembraneContract.Lama).Manifest;

    // Name of the case, manifest, graph, words of the error.
    private static readonly (string Case, GraphManifest Manifest, MembraneContract Graph, string[] Words)[] Wrong =
    [
        ("another input name", Input(i => i with { Name = "img" }), MembraneContract.Ours,
            ["inputs[0].name: found 'img'", "image: Float [N,3,64,64]", "inputs: found ['img'], expected every input of the graph"]),
        ("another element type", Input(i => i with { Type = ElementType.Float16 }), MembraneContract.Ours,
            ["inputs[0].type: found 'float16', expected float32"]),
        ("another layout", Input(i => i with { Layout = TensorLayout.Nhwc }), MembraneContract.Ours,
            ["inputs[0].parts: found 3, expected 64 channels", "size.height: found 64, expected 3 rows"]),
        ("a part too many", Input(i => i with { Parts = [.. i.Parts, new InputPart { Role = PartRole.Ones }] }), MembraneContract.Ours,
            ["inputs[0].parts: found 4, expected 3 channels"]),
        ("another size", Ours with { Size = new SizeContract { Height = 64, Width = 128 } }, MembraneContract.Ours,
            ["size.width: found 128, expected 64 columns"]),
        ("a dynamic size of a fixed graph", Lama with { Size = new SizeContract() }, MembraneContract.Lama,
            ["size.height: found nothing, expected 64 rows", "size.width: found nothing, expected 64 columns"]),
        ("another output name", Ours with { Output = Ours.Output with { Name = "fil" } }, MembraneContract.Ours,
            ["output.name: found 'fil'", "did you mean 'fill'?"]),
        ("another output type", Ours with { Output = Ours.Output with { Type = ElementType.Uint8 } }, MembraneContract.Ours,
            ["output.type: found 'uint8', expected float32"]),
        ("a photo where the graph gives a fill", Ours with { Output = Ours.Output with { Content = OutputContent.Photo } },
            MembraneContract.Ours, ["size.height: found 64, expected 32 rows"]),
        ("another hole", Ours with { Hole = Ours.Hole with { Width = 16 } }, MembraneContract.Ours,
            ["hole.width: found 16, expected 32 columns"]),
        ("another operator set", Ours with { Graph = Ours.Graph with { Opset = 11 } }, MembraneContract.Ours,
            ["graph.opset: found 11, expected 17"]),
        ("a graph that wants a mask too", Lama with { Inputs = [Lama.Inputs[0]] }, MembraneContract.Lama,
            ["inputs: found ['image']", "mask: Float [N,1,64,64]"]),
    ];

    public static TheoryData<MembraneContract> Contracts => [.. Enum.GetValues<MembraneContract>()];

    public static TheoryData<string> Cases => [.. Wrong.Select(w => w.Case)];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void The_graph_of_every_contract_is_valid_and_matches_its_manifest(MembraneContract contract)
    {
        ClassicGraph graph = ContractGraphs.Build(contract);

        ManifestValidator.Validate(graph.Manifest, "manifest");
        GraphFit fit = ManifestFit.Check(graph.Manifest, GraphInspection.Inspect(graph.Bytes));

        int? expected = contract switch { MembraneContract.Batch1 => 1, MembraneContract.Batch8 => 8, _ => null };
        Assert.Equal(expected, fit.FixedBatch);
    }

    [Fact]
    public void The_included_graphs_match_their_manifests()
    {
        foreach (ClassicGraph graph in ClassicGraphCatalog.Shipped(Path.Combine(Places.Repository, "onnx")))
        {
            ManifestValidator.Validate(graph.Manifest, graph.Manifest.Name);
            int? batch = graph.Manifest.Name is "patches" or "fill" ? 1 : null;
            Assert.Equal(batch, ManifestFit.Check(graph.Manifest, GraphInspection.Inspect(graph.Bytes)).FixedBatch);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Mismatches_are_errors_with_key_found_and_expected(string name)
    {
        (_, GraphManifest manifest, MembraneContract graph, string[] words) = Wrong.Single(w => w.Case == name);
        GraphInspectionResult inspected = GraphInspection.Inspect(ContractGraphs.Build(graph).Bytes);

        var error = Assert.Throws<ManifestException>(() => ManifestFit.Check(manifest, inspected, "onnx/a"));

        Assert.StartsWith("onnx/a: ", error.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_graph_with_a_third_input_is_rejected_with_the_reason()
    {
        var builder = new GraphBuilder("edgeconnect");
        string[] inputs = [
            builder.Input("InputImage", DataType.Float, "N", 3, 64, 64), builder.Input("Mask", DataType.Float, "N", 1, 64, 64),
            builder.Input("Edges", DataType.Float, "N", 1, 64, 64)];
        builder.Output("output", builder.Node("Sum", inputs), DataType.Float, "N", 3, 64, 64);
        GraphManifest manifest =
            Lama with { Inputs = [Lama.Inputs[0] with { Name = "InputImage" }, Lama.Inputs[1] with { Name = "Mask" }] };

        var error = Assert.Throws<ManifestException>(() => ManifestFit.Check(manifest, GraphInspection.Inspect(builder.Build())));

        Assert.Contains("Edges: Float [N,1,64,64]", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "graphs with inputs other than image, mask, ones and caption are not supported", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, "caption.vocabulary: found 2, expected 3 words")]
    public void A_caption_vector_has_one_element_per_word(int places, string? words)
    {
        var builder = new GraphBuilder("captioned");
        string image = builder.Input("image", DataType.Float, 4, 3, 64, 64);
        builder.Input("caption", DataType.Float, 4, places);
        builder.Output("output", image, DataType.Float, 4, 3, 64, 64);
        GraphManifest manifest = Ours with
        {
            Inputs = [Ours.Inputs[0], new InputContract { Name = "caption", Parts = [new InputPart { Role = PartRole.Caption }] }],
            Caption = new CaptionContract { Vocabulary = ["sky", "sea"] },
            Output = new OutputContract { Name = "output", Content = OutputContent.Pasted },
        };

        if (words is null)
        {
            Assert.Equal(4, ManifestFit.Check(manifest, GraphInspection.Inspect(builder.Build())).FixedBatch);
        }
        else
        {
            Assert.Contains(
                words, Assert.Throws<ManifestException>(() => ManifestFit.Check(manifest, GraphInspection.Inspect(builder.Build())))
                    .Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Inputs_with_different_fixed_batches_are_rejected()
    {
        var builder = new GraphBuilder("batches");
        string image = builder.Input("image", DataType.Float, 4, 3, 64, 64);
        builder.Input("mask", DataType.Float, 2, 1, 64, 64);
        builder.Output("output", image, DataType.Float, 4, 3, 64, 64);

        var error = Assert.Throws<ManifestException>(() => ManifestFit.Check(Lama, GraphInspection.Inspect(builder.Build())));

        Assert.Contains("a batch of 4, as for 'image'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 3, 64, "inputs[0]", "a batch of at least 1")]
    [InlineData(long.MaxValue, 3, 64, "inputs[0]", "a batch of at least 1")]
    [InlineData(0, 3, 64, "inputs[0]", "a batch of at least 1")]
    [InlineData(1, -3, 64, "inputs[0].parts", "-3 channels")]
    [InlineData(1, 3, long.MinValue, "size.height", "-9223372036854775808 rows")]
    public void Invalid_lengths_are_errors_with_their_axis(long batch, long channels, long height, string key, string words)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(MembraneGraph.Build().Bytes);
        long[] dims = [batch, channels, height];
        for (int i = 0; i < dims.Length; i++)
        {
            model.Graph.Input[0].Type.TensorType.Shape.Dim[i] = new TensorShapeProto.Types.Dimension { DimValue = dims[i] };
        }

        string message = Assert.Throws<ManifestException>(() => ManifestFit.Check(Ours, GraphInspection.Inspect(model))).Message;

        Assert.Contains(key, message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_of_integers_is_rejected()
    {
        var builder = new GraphBuilder("integers");
        builder.Output("fill", builder.Input("image", DataType.Int64, "N", 3, 64, 64), DataType.Int64, "N", 3, 32, 32);

        var error = Assert.Throws<ManifestException>(() => ManifestFit.Check(Ours, GraphInspection.Inspect(builder.Build())));

        Assert.Contains("float32, float16 or uint8", error.Message, StringComparison.Ordinal);
    }

    private static GraphManifest Input(Func<InputContract, InputContract> change) => Ours with { Inputs = [change(Ours.Inputs[0])] };
}
