using Google.Protobuf;
using Inpaint.ClassicGraphs;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Tests.Format;

public sealed class GraphInspectionTests
{
    [Fact]
    public void A_graph_is_inspected_correctly()
    {
        GraphInspectionResult graph = GraphInspection.Inspect(MembraneGraph.Build().Bytes);

        Assert.Equal((8, 17), (graph.IrVersion, graph.Opset));
        Assert.Equal("Inpaint", graph.Producer);
        Assert.Equal([("ai.onnx:Gather", 1), ("ai.onnx:MatMul", 1), ("ai.onnx:Reshape", 2)], graph.Operators.Select(o => (o.Key, o.Value)));
        Assert.Equal(["image: Float [N,3,64,64]"], graph.Inputs.Select(i => i.ToString()));
        Assert.Equal(["fill: Float [N,3,32,32]"], graph.Outputs.Select(o => o.ToString()));
        Assert.Equal(128 * 1024 + 128 + 3 + 4, graph.Parameters);
        Assert.Equal(4 * 128 * 1024 + 8 * (128 + 3 + 4), graph.ParameterBytes);
        Assert.Empty(graph.ExternalData);
    }

    [Fact]
    public void Subgraphs_functions_defaults_metadata_and_unknown_shapes_are_read()
    {
        ModelProto model = Hostile.Model();
        var body = new GraphProto { Node = { Hostile.Node("Neg", ["x"], ["n"]) }, Output = { new ValueInfoProto { Name = "n" } } };
        NodeProto branch = Hostile.Node("If", ["condition"], ["z"]);
        branch.Attribute.Add(new AttributeProto { Name = "then_branch", G = body });
        branch.Attribute.Add(new AttributeProto { Name = "else_branch", G = body.Clone() });
        model.Graph.Node.Add(branch);
        model.Graph.Node.Add(Hostile.Node("Twice", ["z"], ["t"], "mine"));
        model.Graph.Input.Add(new ValueInfoProto { Name = "condition" });
        model.Graph.Input.Add(new ValueInfoProto { Name = "default" });
        TensorProto value = TensorData.Make([1f], 1).Proto;
        value.Name = "default";
        model.Graph.Initializer.Add(value);
        model.Functions.Add(
            new FunctionProto { Domain = "mine", Name = "Twice", Input = { "a" }, Output = { "b" },
                Node = { Hostile.Node("Add", ["a", "a"], ["b"]) } });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "mine", Version = 1 });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "A" });

        GraphInspectionResult graph = GraphInspection.Inspect(model.ToByteArray());

        Assert.Equal(
            [("ai.onnx:Add", 1), ("ai.onnx:If", 1), ("ai.onnx:Neg", 2), ("ai.onnx:Relu", 1), ("mine:Twice", 1)],
            graph.Operators.Select(o => (o.Key, o.Value)));
        Assert.Equal(["x: Float [N]", "condition: Undefined of unknown rank"], graph.Inputs.Select(i => i.ToString()));
        Assert.Equal((17L, 1L), (graph.Opsets["ai.onnx"], graph.Opsets["mine"]));
        Assert.Equal("A", graph.Metadata["author"]);
    }

    public static TheoryData<string> Cases => [.. Hostile.Cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Invalid_graphs_are_errors_with_node_and_value(string name)
    {
        (Action<ModelProto> spoil, string[] words) = Hostile.Cases[name];
        ModelProto model = Hostile.Model();
        spoil(model);

        var error = Assert.Throws<OnnxFormatException>(() => GraphInspection.Inspect(model, null, "a.onnx"));

        Assert.StartsWith("a.onnx: ", error.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_graph_that_malicious_graphs_are_derived_from_passes() =>
        Assert.Equal(1, GraphInspection.Inspect(Hostile.Model()).Operators.Values.Sum());

    [Fact]
    public void Graphs_nested_a_thousand_deep_are_an_error()
    {
        // Written by hand, as writing such a model recursively would overflow: field tags and lengths around an empty graph.
        byte[] graph = [];
        for (int i = 0; i < 1000; i++)
        {
            byte[] attribute = Field(6, graph), node = Field(5, attribute);
            graph = Field(1, node);
        }

        byte[] model = [0x08, 8, .. Field(7, graph), .. Field(8, [0x10, 17])];

        Assert.Throws<OnnxFormatException>(() => GraphInspection.Inspect(model));

        static byte[] Field(int number, byte[] content)
        {
            using var bytes = new MemoryStream();
            using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            {
                output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(content));
            }

            return bytes.ToArray();
        }
    }

    [Fact]
    public void A_hundred_thousand_nodes_in_the_wrong_order_are_rejected_quickly()
    {
        ModelProto model = Hostile.Model();
        model.Graph.Node.Clear();
        for (int i = 100_000; i > 0; i--)
        {
            model.Graph.Node.Add(Hostile.Node("Relu", [i == 1 ? "x" : $"v{i - 1}"], [i == 100_000 ? "y" : $"v{i}"]));
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var error = Assert.Throws<OnnxFormatException>(() => GraphInspection.Inspect(model));

        Assert.Contains("a later node computes", error.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }
}
