using Google.Protobuf;
using Inpaint.Onnx.Tests.Classic;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Tests.Format;

public sealed class GraphBuilderTests
{
    [Fact]
    public void A_built_graph_runs()
    {
        var builder = new GraphBuilder("convolve");
        string x = builder.Input("x", DataType.Float, "N", 1, 3, 3);
        string ones = builder.Constant("ones", TensorData.Make(Enumerable.Repeat(1f, 9).ToArray(), 1, 1, 3, 3));
        string sum = builder.Node("Conv", [x, ones], ("kernel_shape", new long[] { 3, 3 }));
        builder.Output("y", builder.Node("LeakyRelu", [sum], ("alpha", 0.5f)), DataType.Float, "N", 1, 1, 1);

        (float[] y, long[] dims) = OnnxRun.Run<float>(
            builder.Build()
                .ToBytes(), "y", ("x", OnnxRun.Tensor([1f, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, -3, -4, -5, -6, -7, -8, -9], 2, 1, 3, 3)));

        Assert.Equal([45f, -22.5f], y);
        Assert.Equal([2, 1, 1, 1], dims);
    }

    [Fact]
    public void Every_element_type_is_readable_by_ONNX_Runtime()
    {
        var builder = new GraphBuilder("types");
        string none = builder.Input("none", DataType.Float, 1);
        Output("f", builder.Constant("floats", [1.5f, -2]));
        Output("l", builder.Constant("longs", [1L << 40, -2]));
        Output("h", builder.Constant("halves", TensorData.Make([(Half)0.25, (Half)(-8)], 2)));
        Output("b", builder.Constant("bytes", TensorData.Make([(byte)3, (byte)255], 2)));
        byte[] model = builder.Build().ToBytes();

        Assert.Equal([1.5, -2], Read("f"));
        Assert.Equal([1099511627776.0, -2], Read("l"));
        Assert.Equal([0.25, -8], Read("h"));
        Assert.Equal([3.0, 255], Read("b"));

        void Output(string name, string value) =>
            builder.Output(name, builder.Node("Cast", [value], ("to", (int)DataType.Double)), DataType.Double, 2);
        double[] Read(string name) => OnnxRun.Run<double>(model, name, (none, OnnxRun.Tensor([0f], 1))).Values;
    }

    [Fact]
    public void Names_consist_of_scopes_operators_and_numbers()
    {
        var builder = new GraphBuilder("names");
        string x = builder.Input("x", DataType.Float, "N");
        Assert.Equal("Relu", builder.Node("Relu", [x]));
        Assert.Equal("Relu_2", builder.Node("Relu", [x]));
        using (builder.Scope("encoder"))
        using (builder.Scope("down1"))
        {
            Assert.Equal("encoder/down1/Relu", builder.Node("Relu", [x]));
            Assert.Equal("encoder/down1/w", builder.Constant("w", [1f]));
        }

        Assert.Equal(["Split", "Split_2"], builder.Nodes("Split", [x], 2));
        Assert.Equal("Relu_3", builder.Node("Relu", [x]));
    }

    [Fact]
    public void An_output_renames_its_value_in_all_users()
    {
        var builder = new GraphBuilder("rename");
        string x = builder.Input("x", DataType.Float, "N");
        string relu = builder.Node("Relu", [x]);
        string sum = builder.Node("Add", [relu, relu]);
        builder.Output("half", relu, DataType.Float, "N");
        builder.Output("half_again", "half", DataType.Float, "N");
        builder.Output("whole", sum, DataType.Float, "N");

        GraphProto graph = builder.Build().Proto.Graph;

        Assert.Equal(["half", "half"], graph.Node[1].Input);
        Assert.Equal(["half"], graph.Node[0].Output);
        Assert.Equal(["Relu", "Add", "Identity"], graph.Node.Select(n => n.OpType));
        Assert.Equal(["half", "half_again", "whole"], graph.Output.Select(o => o.Name));
    }

    [Theory]
    [InlineData(11, 6)]
    [InlineData(17, 8)]
    [InlineData(20, 9)]
    public void The_file_version_matches_the_operator_set(int opset, long irVersion)
    {
        var builder = new GraphBuilder("a", opset);
        builder.Output("y", builder.Input("x", DataType.Float, 1), DataType.Float, 1);

        Assert.Equal((irVersion, opset), (builder.Build().Proto.IrVersion, (int)builder.Build().Proto.OpsetImport.Single().Version));
    }

    [Fact]
    public void Invalid_calls_throw_immediately()
    {
        var builder = new GraphBuilder("mistakes");
        string x = builder.Input("x", DataType.Float, "N");

        Assert.Contains(
            "'x' is taken", Assert.Throws<ArgumentException>(() => builder.Input("x", DataType.Float, "N"))
                .Message, StringComparison.Ordinal);
        Assert.Contains(
            "'Add' reads 'z'", Assert.Throws<ArgumentException>(() => builder.Node("Add", [x, "z"])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "'y' reads 'z'", Assert.Throws<ArgumentException>(() => builder.Output("y", "z", DataType.Float))
                .Message, StringComparison.Ordinal);
        Assert.Contains(
            "2 values, expected 3", Assert.Throws<ArgumentException>(() => TensorData.Make([1f, 2f], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("no output", Assert.Throws<InvalidOperationException>(builder.Build).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GraphBuilder("a", 99));
    }

    [Fact]
    public void A_loop_reads_values_of_the_graph_around_it()
    {
        var builder = new GraphBuilder("power");
        string x = builder.Input("x", DataType.Float, 2);
        string count = builder.Input("count", DataType.Int64);
        string doubled = builder.Node("Add", [x, x]);
        GraphBuilder body = builder.Body("multiply");
        body.Input("iteration", DataType.Int64);
        string going = body.Input("continue", DataType.Bool), product = body.Input("product", DataType.Float, 2);
        body.Output("continued", going, DataType.Bool);
        body.Output("next", body.Node("Mul", [product, doubled]), DataType.Float, 2);
        builder.Output("y", builder.Node("Loop", [count, "", x], ("body", body.Build())), DataType.Float, 2);
        builder.Output("z", doubled, DataType.Float, 2);

        (float[] y, _) = OnnxRun.Run<float>(
            builder.Build().ToBytes(), "y", ("x", OnnxRun.Tensor([1f, 3], 2)), ("count", OnnxRun.Tensor(new long[] { 2 })));

        Assert.Equal([4f, 108], y);
    }

    [Fact]
    public void Values_of_a_body_do_not_exist_outside_it()
    {
        var builder = new GraphBuilder("outside");
        string x = builder.Input("x", DataType.Float, 2);
        string inside = builder.Body("branch").Node("Neg", [x]);

        ArgumentException error = Assert.Throws<ArgumentException>(() => builder.Node("Neg", [inside]));

        Assert.Contains(inside, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_appended_model_computes_what_it_computes_alone()
    {
        var inner = new GraphBuilder("network");
        string a = inner.Input("a", DataType.Float, 2), b = inner.Input("b", DataType.Float, 2);
        GraphBuilder then = inner.Body("then"), otherwise = inner.Body("otherwise");
        string weights = inner.Constant("weights", [10f, 100]);
        then.Output("more", then.Node("Mul", [a, weights]), DataType.Float, 2);
        otherwise.Output("less", otherwise.Node("Div", [a, weights]), DataType.Float, 2);
        string larger = inner.Node(
            "Greater", [inner.Node("ReduceSum", [a], ("keepdims", 0)), inner.Node("ReduceSum", [b], ("keepdims", 0))]);
        inner.Output("result", inner.Node("If", [larger], ("then_branch", then.Build()), ("else_branch", otherwise.Build())),
            DataType.Float, 2);
        OnnxModel network = OnnxModel.Read(inner.Build().ToBytes());

        var builder = new GraphBuilder("joined");
        string x = builder.Input("a", DataType.Float, 2), y = builder.Input("weights", DataType.Float, 2);
        string first = builder.Append(network, new Dictionary<string, string> { ["a"] = x, ["b"] = y })["result"];
        string second = builder.Append(
            network, new Dictionary<string, string> { ["a"] = first, ["b"] = builder.Node("Add", [y, y]) })["result"];
        builder.Output("result", second, DataType.Float, 2);

        (float[] values, _) = OnnxRun.Run<float>(builder.Build().ToBytes(), "result",
            ("a", OnnxRun.Tensor([1f, 2], 2)), ("weights", OnnxRun.Tensor([1f, 120], 2)));

        // 1 + 2 is less than 121, so [1, 2] / [10, 100]; that is less than 242 again.
        Assert.Equal([0.01f, 0.0002f], values, (x, y) => Math.Abs(x - y) < 1e-7);
    }

    [Theory]
    [InlineData(18, "a,b", "operator set 17")]
    [InlineData(17, "a", "'b'")]
    [InlineData(17, "a,b,c", "'c'")]
    public void A_model_that_does_not_fit_cannot_be_appended(int opset, string inputs, string expected)
    {
        var inner = new GraphBuilder("network");
        string sum = inner.Node("Add", [inner.Input("a", DataType.Float, 2), inner.Input("b", DataType.Float, 2)]);
        inner.Output("sum", sum, DataType.Float, 2);
        var builder = new GraphBuilder("joined", opset);
        string x = builder.Input("x", DataType.Float, 2);

        ArgumentException error = Assert.Throws<ArgumentException>(
            () => builder.Append(inner.Build(), inputs.Split(',').ToDictionary(i => i, _ => x)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
