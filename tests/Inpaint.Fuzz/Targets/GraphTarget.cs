using Google.Protobuf;
using Inpaint.Onnx.Proto;

namespace Inpaint.Fuzz;

/// <summary>The ONNX inspector, and the check of its result against a manifest.</summary>
internal static class GraphTarget
{
    // A two-byte field may become an object of two hundred bytes.
    public static FuzzTarget Target { get; } = new("graph", Read, Seeds, BytesPerByte: 2000);

    // Lazy: instrumented code only runs under the fuzzer.
    private static readonly Lazy<GraphManifest> Manifest = new(() => new GraphManifest
    {
        Version = 1,
        Name = "centre",
        Graph = new GraphFileContract { Sha256 = new string('a', 64), Opset = 17 },
        Size = new SizeContract { MultipleOf = 8 },
        Hole = new HoleContract { Kind = HoleKind.Free },
        Inputs =
            [new InputContract { Name = "x", Parts = [new InputPart { Role = PartRole.Image }, new InputPart { Role = PartRole.Mask }] }],
        Output = new OutputContract { Name = "y", Content = OutputContent.Pasted },
    });

    private static void Read(byte[] model)
    {
        foreach (InspectionOptions options in (InspectionOptions[])[
            InspectionOptions.Default, new InspectionOptions { AllowExternalData = true, Folder = "." }])
        {
            try
            {
                GraphInspectionResult graph = GraphInspection.Inspect(model, options, "model.onnx");
                _ = string.Join(' ', graph.Inputs.Concat(graph.Outputs));
                if (graph.Parameters < 0 || graph.ParameterBytes < 0)
                {
                    throw new OutOfBoundsException($"The graph has {graph.Parameters} parameters in {graph.ParameterBytes} bytes.");
                }

                ManifestFit.Check(Manifest.Value, graph);
            }
            catch (Exception e) when (e is OnnxFormatException or ManifestException)
            {
                Answer.Check(e);
            }
        }
    }

    private static IEnumerable<(string, byte[])> Seeds()
    {
        yield return ("small", Small().ToByteArray());

        ModelProto branch = Small();
        var body = new GraphProto { Node = { Node("Neg", ["x"], ["n"]) }, Output = { new ValueInfoProto { Name = "n" } } };
        NodeProto condition = Node("If", ["x"], ["z"]);
        condition.Attribute.Add(
            [new AttributeProto { Name = "then_branch", G = body }, new AttributeProto { Name = "else_branch", G = body.Clone() }]);
        branch.Graph.Node.Add(condition);
        yield return ("branch", branch.ToByteArray());

        ModelProto calls = Small();
        calls.Functions.Add(
            new FunctionProto { Domain = "mine", Name = "Twice", Input = { "a" }, Output = { "b" },
                Node = { Node("Add", ["a", "a"], ["b"]) } });
        calls.Functions.Add(
            new FunctionProto { Domain = "mine", Name = "Four", Input = { "a" }, Output = { "b" },
                Node = { Node("Twice", ["a"], ["b"], "mine") } });
        calls.Graph.Node.Add(Node("Four", ["y"], ["t"], "mine"));
        calls.OpsetImport.Add(new OperatorSetIdProto { Domain = "mine", Version = 1 });
        calls.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "A" });
        yield return ("functions", calls.ToByteArray());

        ModelProto data = Small();
        data.Graph.Initializer.Add(
            new TensorProto { Name = "w", DataType = 1, Dims = { 1 }, DataLocation = TensorProto.Types.DataLocation.External,
                ExternalData = { Entry("location", "weights.bin"), Entry("offset", "4"), Entry("length", "4") } });
        data.Graph.SparseInitializer.Add(
            new SparseTensorProto { Values = new TensorProto { Name = "s", DataType = 7, Dims = { 1 }, Int64Data = { 5 } },
                Indices = new TensorProto { DataType = 7, Dims = { 1 }, Int64Data = { 0 } }, Dims = { 3 } });
        data.Graph.Initializer.Add(
            new TensorProto { Name = "t", DataType = 8, Dims = { 2 },
                StringData = { ByteString.CopyFromUtf8("a"), ByteString.CopyFromUtf8("b") } });
        yield return ("data", data.ToByteArray());
    }

    private static ModelProto Small()
    {
        var builder = new GraphBuilder("small");
        string x = builder.Input("x", DataType.Float, "N", 4, "H", "W");
        string weights = builder.Constant("weights", TensorData.Make([1f, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], 3, 4, 1, 1));
        builder.Output("y", builder.Node("Conv", [x, weights], ("kernel_shape", new long[] { 1, 1 })), DataType.Float, "N", 3, "H", "W");
        return builder.Build().Proto;
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    private static NodeProto Node(string operation, string[] inputs, string[] outputs, string domain = "") =>
        new() { OpType = operation, Input = { inputs }, Output = { outputs }, Domain = domain };
}
