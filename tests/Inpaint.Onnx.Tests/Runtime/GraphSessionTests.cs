using Inpaint.TestSupport;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime.Tensors;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Tests;

/// <summary>Not parallel with other tests, since it counts the graphs that the process has loaded.</summary>
[CollectionDefinition(nameof(GraphSessionTests), DisableParallelization = true)]
[Collection(nameof(GraphSessionTests))]
public sealed class GraphSessionTests
{
    [Fact]
    public void Sessions_of_one_graph_share_its_weights_and_the_last_frees_them()
    {
        byte[] graph = Doubling(seed: 1);
        int before = LoadedGraphs.Count;
        using (GraphSession first = GraphSession.Open(graph))
        using (GraphSession second = GraphSession.Open([.. graph]))
        {
            Assert.Equal(before + 1, LoadedGraphs.Count);
            Assert.Equal(first.Sha256, second.Sha256);
            first.Dispose();
            Assert.Equal([2f, 4f, 6f], Run(second, [1, 2, 3]));
        }

        Assert.Equal(before, LoadedGraphs.Count);
    }

    [Fact]
    public void A_session_hook_is_called_and_such_sessions_are_not_shared()
    {
        byte[] graph = Doubling(seed: 2);
        int called = 0, before = LoadedGraphs.Count;
        using GraphSession plain = GraphSession.Open(graph);
        using GraphSession hooked = GraphSession.Open(graph, new ExecutionOptions { ConfigureSession = _ => called++ });
        Assert.Equal(1, called);
        Assert.Equal(before + 2, LoadedGraphs.Count);
    }

    [Theory]
    [InlineData("cpu", new[] { "CPUExecutionProvider" }, "cpu")]
    [InlineData("auto", new[] { "CPUExecutionProvider" }, "cpu")]
    [InlineData("auto", new[] { "CUDAExecutionProvider", "CPUExecutionProvider" }, "cuda:0")]
    [InlineData("cuda", new[] { "CUDAExecutionProvider", "CPUExecutionProvider" }, "cuda:0")]
    [InlineData("cuda:3", new[] { "CUDAExecutionProvider", "CPUExecutionProvider" }, "cuda:3")]
    [InlineData("auto", new[] { "DmlExecutionProvider", "CPUExecutionProvider" }, "directml:0")]
    [InlineData("auto", new[] { "TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider" }, "cuda:0")]
    [InlineData("auto", new[] { "CoreMLExecutionProvider", "CPUExecutionProvider" }, "cpu")]
    [InlineData("directml:1", new[] { "DmlExecutionProvider", "CPUExecutionProvider" }, "directml:1")]
    [InlineData("tensorrt", new[] { "TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider" }, "tensorrt:0")]
    [InlineData("coreml", new[] { "CoreMLExecutionProvider", "CPUExecutionProvider" }, "coreml")]
    [InlineData("openvino", new[] { "OpenVINOExecutionProvider", "CPUExecutionProvider" }, "openvino")]
    public void The_device_is_resolved_from_the_available_providers(string setting, string[] providers, string expected)
    {
        (GraphDevice device, string? warning) = GraphDevice.Resolve(setting, fallback: false, providers);
        Assert.Equal(expected, device.ToString());
        Assert.Null(warning);
    }

    [Theory]
    [InlineData("cuda:1", "CUDAExecutionProvider", "OnnxRuntime=gpu")]
    [InlineData("tensorrt:0", "TensorrtExecutionProvider", "OnnxRuntime=gpu")]
    [InlineData("directml:2", "DmlExecutionProvider", "Microsoft.ML.OnnxRuntime.DirectML")]
    [InlineData("openvino", "OpenVINOExecutionProvider", "Intel.ML.OnnxRuntime.OpenVino")]
    [InlineData("coreml", "CoreMLExecutionProvider", "macOS")]
    public void An_unavailable_device_is_an_error_or_with_fallback_a_warning(string setting, string provider, string remedy)
    {
        string[] others = ["AzureExecutionProvider", "CPUExecutionProvider"];
        var error = Assert.Throws<GraphException>(() => GraphDevice.Resolve(setting, fallback: false, others));
        Assert.All(
            [$"'{setting}' is not available", "AzureExecutionProvider, CPUExecutionProvider", $"expected {provider}", remedy, "fallback"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        (GraphDevice device, string? warning) = GraphDevice.Resolve(setting, fallback: true, others);
        Assert.Equal(GraphDevice.Cpu, device);
        Assert.Contains($"'{setting}' is not available", warning, StringComparison.Ordinal);
        Assert.Contains("Using the CPU", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("coreml:0")]
    [InlineData("auto:0")]
    [InlineData("CPU")]
    public void An_unknown_device_is_an_error_that_names_it(string setting) =>
        Assert.Contains($"'{setting}'", Assert.Throws<GraphException>(() => GraphDevice.Resolve(setting)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_run_over_its_deadline_is_stopped_and_the_runner_can_be_used_again()
    {
        using GraphSession session = GraphSession.Open(Counting(), new ExecutionOptions { DeadlineSeconds = 0.3 });
        using GraphRunner runner = session.CreateRunner();
        using TensorBuffer trips = new(TensorElementType.Int64), output = new(TensorElementType.Int64);
        trips.Reshape([1]);
        output.Reshape([1]);
        trips.AsSpan<long>()[0] = long.MaxValue;
        var error = Assert.Throws<GraphException>(() =>
            runner.Run(["trips"], [trips], ["count"], [output], TestContext.Current.CancellationToken));
        Assert.Contains("0.3 s", error.Message, StringComparison.Ordinal);
        trips.AsSpan<long>()[0] = 5;
        runner.Run(["trips"], [trips], ["count"], [output], TestContext.Current.CancellationToken);
        Assert.Equal(5, output.AsSpan<long>()[0]);
    }

    [Fact]
    public async Task A_run_can_be_cancelled()
    {
        using GraphSession session = GraphSession.Open(Counting());
        using GraphRunner runner = session.CreateRunner();
        using TensorBuffer trips = new(TensorElementType.Int64), output = new(TensorElementType.Int64);
        trips.Reshape([1]);
        output.Reshape([1]);
        trips.AsSpan<long>()[0] = long.MaxValue;
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Task.Run(() => runner.Run(["trips"], [trips], ["count"], [output], stop.Token), CancellationToken.None));
    }

    [Fact]
    public void Invalid_bytes_are_an_error_that_describes_the_failure() =>
        Assert.Contains("cannot load", Assert.Throws<GraphException>(() => GraphSession.Open([1, 2, 3, 4])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_buffer_keeps_its_numbers_when_it_shrinks_and_grows()
    {
        using var buffer = new TensorBuffer(TensorElementType.Float);
        buffer.Reshape([2, 3]);
        for (int i = 0; i < 6; i++)
        {
            buffer.AsSpan<float>()[i] = i;
        }

        buffer.Reshape([1, 3]);
        Assert.Equal([0f, 1, 2], buffer.AsSpan<float>().ToArray());
        buffer.Reshape([4, 3]);
        Assert.Equal([0f, 1, 2], buffer.AsSpan<float>()[..3].ToArray());
        Assert.Throws<InvalidOperationException>(() => buffer.AsSpan<long>().Length);
    }

    private static float[] Run(GraphSession session, float[] input)
    {
        using GraphRunner runner = session.CreateRunner();
        using TensorBuffer x = new(TensorElementType.Float), y = new(TensorElementType.Float);
        x.Reshape([input.Length]);
        y.Reshape([input.Length]);
        input.CopyTo(x.AsSpan<float>());
        runner.Run(["x"], [x], ["y"], [y]);
        return y.AsSpan<float>().ToArray();
    }

    private static byte[] Doubling(int seed)
    {
        var builder = new GraphBuilder($"double{seed}");
        string x = builder.Input("x", DataType.Float, "N");
        builder.Output("y", builder.Node("Add", [x, x]), DataType.Float, "N");
        return builder.Build().ToBytes();
    }

    /// <summary>A Loop that counts its iterations; their number is the input.</summary>
    private static byte[] Counting()
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(Value("turn", DataType.Int64));
        body.Input.Add(Value("go", DataType.Bool));
        body.Input.Add(Value("before", DataType.Int64));
        body.Output.Add(Value("go_on", DataType.Bool));
        body.Output.Add(Value("after", DataType.Int64));
        body.Initializer.Add(new TensorProto { Name = "one", DataType = (int)DataType.Int64, Int64Data = { 1 } });
        body.Node.Add(new NodeProto { OpType = "Identity", Input = { "go" }, Output = { "go_on" } });
        body.Node.Add(new NodeProto { OpType = "Add", Input = { "before", "one" }, Output = { "after" } });

        var graph = new GraphProto { Name = "counting" };
        graph.Input.Add(Value("trips", DataType.Int64, 1));
        graph.Output.Add(Value("count", DataType.Int64, 1));
        graph.Initializer.Add(new TensorProto { Name = "true", DataType = (int)DataType.Bool, Int32Data = { 1 } });
        graph.Initializer.Add(new TensorProto { Name = "zero", DataType = (int)DataType.Int64, Int64Data = { 0 } });
        graph.Initializer.Add(new TensorProto { Name = "axis", DataType = (int)DataType.Int64, Dims = { 1 }, Int64Data = { 0 } });
        graph.Node.Add(new NodeProto { OpType = "Squeeze", Input = { "trips", "axis" }, Output = { "times" } });
        graph.Node.Add(new NodeProto
        {
            OpType = "Loop",
            Input = { "times", "true", "zero" },
            Output = { "total" },
            Attribute = { new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body } },
        });
        graph.Node.Add(new NodeProto { OpType = "Unsqueeze", Input = { "total", "axis" }, Output = { "count" } });
        return new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 17 } }, Graph = graph }.ToByteArray();
    }

    private static ValueInfoProto Value(string name, DataType type, params long[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }
}
