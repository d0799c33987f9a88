using System.Diagnostics;
using Google.Protobuf;
using Inpaint.TestSupport;
using Microsoft.ML.OnnxRuntime.Tensors;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Tests;

/// <summary>Malicious graphs that pass inspection: loading or running each is one clear error, quickly.</summary>
public sealed class HostileGraphTests
{
    /// <summary>Graphs that do not load, with parts of the error messages.</summary>
    private static readonly Dictionary<string, (Func<ModelProto> Make, string Words)> Unloadable = new()
    {
        ["an operator that there is not"] = (() => Graph(n => n.OpType = "Explode"), "Explode"),
        ["an operator of somebody's own"] = (() => Graph(n => n.Domain = "com.example"), "com.example"),
        ["a node without an input that it needs"] = (() => Graph(n => n.Input.Clear()), "Relu"),
        ["a node with more inputs than it takes"] = (() => Graph(n => n.Input.Add(["x", "x"])), "Relu"),
        ["text where numbers are needed"] = (() => Changed(m => m.Graph.Input[0].Type.TensorType.ElemType = (int)DataType.String),
            "tensor(string)"),
        ["an element type that there is not"] = (() => Changed(m => m.Graph.Input[0].Type.TensorType.ElemType = 12345), "type"),
        ["an output of another type than its node makes"] = (() =>
            Changed(m => m.Graph.Output[0].Type.TensorType.ElemType = (int)DataType.Int64), "int64"),
        ["an operator set of the far future"] = (() => Changed(m => m.OpsetImport[0].Version = 1_000_000), "opset"),
        ["an operator set below the first"] = (() => Changed(m => m.OpsetImport[0].Version = -1), "Relu"),
        ["a format of the far future"] = (() => Changed(m => m.IrVersion = 1_000_000), "IR version"),
        ["shapes that cannot be multiplied"] = (MatMul, "MatMul"),
    };

    public static TheoryData<string> Cases => [.. Unloadable.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void A_graph_that_cannot_run_is_rejected_on_loading(string name)
    {
        (Func<ModelProto> make, string words) = Unloadable[name];

        var error = Assert.Throws<GraphException>(() => GraphSession.Open(make().ToByteArray(), new ExecutionOptions { Device = "cpu" }));

        Assert.StartsWith("ONNX Runtime cannot load the graph (sha256 ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.False(error.PastDeadline);
    }

    [Fact]
    public void A_tensor_of_a_million_gigabytes_is_an_error_and_does_not_crash_the_process()
    {
        // The shape is known only when the graph runs, so it cannot be rejected earlier.
        var builder = new GraphBuilder("huge");
        string shape = builder.Input("shape", DataType.Int64, 3);
        string zeros = builder.Node("ConstantOfShape", [shape]);
        builder.Output("y", builder.Node("ReduceSum", [zeros], ("keepdims", 0)), DataType.Float);
        byte[] model = builder.Build().ToBytes();
        Assert.Equal(0, GraphInspection.Inspect(model).Parameters);
        using GraphSession session = GraphSession.Open(model, new ExecutionOptions { Device = "cpu" });
        using GraphRunner runner = session.CreateRunner();
        using TensorBuffer input = new(TensorElementType.Int64), output = new(TensorElementType.Float);
        input.Reshape([3]);
        output.Reshape([]);

        foreach (long[] dims in (long[][])[[1 << 20, 1 << 20, 1 << 8], [1L << 62, 4, 1], [-5, 1, 1]])
        {
            dims.CopyTo(input.AsSpan<long>());
            string message = Assert.Throws<GraphException>(() =>
                runner.Run(["shape"], [input], ["y"], [output], TestContext.Current.CancellationToken)).Message;
            Assert.StartsWith("The graph failed: ", message, StringComparison.Ordinal);
        }

        new long[] { 2, 3, 4 }.CopyTo(input.AsSpan<long>());
        runner.Run(["shape"], [input], ["y"], [output], TestContext.Current.CancellationToken);
        Assert.Equal(0, output.AsSpan<float>()[0]);
    }

    [Fact]
    public void An_endless_loop_is_stopped_at_the_deadline()
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add([Value("turn", DataType.Int64), Value("go", DataType.Bool), Value("before", DataType.Float, 4)]);
        body.Output.Add([Value("go_on", DataType.Bool), Value("after", DataType.Float, 4)]);
        body.Node.Add(new NodeProto { OpType = "Identity", Input = { "go" }, Output = { "go_on" } });
        body.Node.Add(new NodeProto { OpType = "Neg", Input = { "before" }, Output = { "after" } });
        ModelProto model = Changed(m =>
        {
            m.Graph.Node.Clear();
            m.Graph.Initializer.Add(new TensorProto { Name = "true", DataType = (int)DataType.Bool, Int32Data = { 1 } });
            // No iteration limit, and a condition that stays true.
            m.Graph.Node.Add(new NodeProto
            {
                OpType = "Loop",
                Input = { "", "true", "x" },
                Output = { "y" },
                Attribute = { new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body } },
            });
        });
        Assert.Equal(1, GraphInspection.Inspect(model).Operators["ai.onnx:Loop"]);
        using GraphSession session = GraphSession.Open(model.ToByteArray(), new ExecutionOptions { Device = "cpu", DeadlineSeconds = 0.3 });
        using GraphRunner runner = session.CreateRunner();
        using TensorBuffer x = new(TensorElementType.Float), y = new(TensorElementType.Float);
        x.Reshape([4]);
        y.Reshape([4]);
        var clock = Stopwatch.StartNew();

        var error = Assert.Throws<GraphException>(() => runner.Run(["x"], [x], ["y"], [y], TestContext.Current.CancellationToken));

        Assert.True(error.PastDeadline);
        Assert.Contains("0.3 s and was stopped. Use a longer deadline", error.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.2, 30);
    }

    [Fact]
    public void A_graph_from_memory_reads_no_external_files()
    {
        using var folder = new TemporaryFolder();
        string secret = folder.File("secret.bin"), beside = $"secret-{Guid.NewGuid():N}.bin";
        try
        {
            File.WriteAllBytes(secret, new byte[16]);
            File.WriteAllBytes(beside, new byte[16]); // in the current folder
            foreach (string place in (string[])[secret, Path.GetRelativePath(Environment.CurrentDirectory, secret), "/etc/passwd",
                "../../secret.bin", "file:///etc/passwd", beside])
            {
                ModelProto model = Keeping(place);
                Assert.Contains("allow external data if you trust it",
                    Assert.Throws<OnnxFormatException>(() => GraphInspection.Inspect(model)).Message, StringComparison.Ordinal);
                Assert.Contains("cannot load",
                    Assert.Throws<GraphException>(() => GraphSession.Open(model.ToByteArray(), new ExecutionOptions { Device = "cpu" }))
                    .Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(beside);
        }
    }

    // x plus four numbers of external data.
    private static ModelProto Keeping(string place) => Changed(m =>
    {
        m.Graph.Node[0].OpType = "Add";
        m.Graph.Node[0].Input.Add("w");
        m.Graph.Initializer.Add(new TensorProto
        {
            Name = "w",
            DataType = (int)DataType.Float,
            Dims = { 4 },
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData = { new StringStringEntryProto { Key = "location", Value = place },
                new StringStringEntryProto { Key = "length", Value = "16" } },
        });
    });

    private static ModelProto Graph(Action<NodeProto> change) => Changed(m => change(m.Graph.Node[0]));

    // x of 4 numbers, Relu, y.
    private static ModelProto Changed(Action<ModelProto> change)
    {
        var graph = new GraphProto { Name = "hostile", Node = { new NodeProto { OpType = "Relu", Input = { "x" }, Output = { "y" } } } };
        graph.Input.Add(Value("x", DataType.Float, 4));
        graph.Output.Add(Value("y", DataType.Float, 4));
        var model = new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 17 } }, Graph = graph };
        change(model);
        return model;
    }

    private static ModelProto MatMul()
    {
        var builder = new GraphBuilder("shapes");
        string x = builder.Input("x", DataType.Float, 2, 3), y = builder.Input("y", DataType.Float, 4, 5);
        builder.Output("z", builder.Node("MatMul", [x, y]), DataType.Float, 2, 5);
        return builder.Build().Proto;
    }

    private static ValueInfoProto Value(string name, DataType type, params long[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }
}
