using Google.Protobuf;
using Inpaint.Onnx;
using Inpaint.Onnx.Proto;
using static Inpaint.Onnx.Proto.TensorProto.Types;

namespace Inpaint.ML.Tests.Scoring;

/// <summary>Graphs of every shape and type that ScoreOnnx has to take.</summary>
internal static class ScoredGraphs
{
    /// <summary>Three numbers of any type: <c>y = [x, x backwards]</c>.</summary>
    public static byte[] Mirror(DataType type, GraphDimension batch)
    {
        var builder = new GraphBuilder("mirror");
        string x = builder.Input("x", type, batch, 3);
        string backwards = builder.Node("Gather", [x, builder.Constant("order", [2L, 1, 0])], ("axis", 1));
        builder.Output("y", builder.Node("Concat", [x, backwards], ("axis", 1)), type, batch, 6);
        return Bytes(builder);
    }

    /// <summary><c>sum = x + k</c> (three floats) and <c>double = 2k</c> (one whole number, without an axis of its own).</summary>
    public static byte[] TwoAndTwo()
    {
        var builder = new GraphBuilder("two");
        string x = builder.Input("x", DataType.Float, "N", 3), k = builder.Input("k", DataType.Int64, "N", 1);
        string asFloat = builder.Node("Cast", [k], ("to", (int)DataType.Float));
        builder.Output("sum", builder.Node("Add", [x, asFloat]), DataType.Float, "N", 3);
        string twice = builder.Node("Add", [k, k]);
        builder.Output("double", builder.Node("Squeeze", [twice, builder.Constant("axes", [1L])]), DataType.Int64, "N");
        return Bytes(builder);
    }

    /// <summary>Vectors of any length: <c>y = 2x</c>, and <c>mean</c> of each.</summary>
    public static byte[] AnyLength()
    {
        var builder = new GraphBuilder("length");
        string x = builder.Input("x", DataType.Float, "N", "L");
        builder.Output("y", builder.Node("Add", [x, x]), DataType.Float, "N", "L");
        builder.Output("mean", builder.Node("ReduceMean", [x], ("axes", new long[] { 1 }), ("keepdims", 0)), DataType.Float, "N");
        return Bytes(builder);
    }

    /// <summary>A picture of any size turned on its side.</summary>
    public static byte[] Turn()
    {
        var builder = new GraphBuilder("turn");
        string x = builder.Input("x", DataType.Float, "N", "H", "W");
        builder.Output("y", builder.Node("Transpose", [x], ("perm", new long[] { 0, 2, 1 })), DataType.Float, "N", "W", "H");
        return Bytes(builder);
    }

    /// <summary>The mean over the whole batch, a tensor without axes.</summary>
    public static byte[] MeanOfAll()
    {
        var builder = new GraphBuilder("mean");
        string x = builder.Input("x", DataType.Float, "N", 3);
        builder.Output("y", builder.Node("ReduceMean", [x], ("keepdims", 0)), DataType.Float);
        return Bytes(builder);
    }

    /// <summary>Three rows of outputs whatever the batch is: its second axis is the batch.</summary>
    public static byte[] BatchLast()
    {
        var builder = new GraphBuilder("last");
        string x = builder.Input("x", DataType.Float, "N", 3);
        builder.Output("y", builder.Node("Transpose", [x], ("perm", new long[] { 1, 0 })), DataType.Float, 3, "N");
        return Bytes(builder);
    }

    /// <summary>Looks a number up in a table of five; another index is an error of the graph.</summary>
    public static byte[] Lookup()
    {
        var builder = new GraphBuilder("lookup");
        string k = builder.Input("k", DataType.Int64, "N", 1);
        builder.Output("y", builder.Node("Gather", [builder.Constant("table", [10f, 11, 12, 13, 14]), k]), DataType.Float, "N", 1);
        return Bytes(builder);
    }

    /// <summary>Counts in a loop to the largest <c>k</c> of the batch: as good as endless where that is large.</summary>
    public static byte[] Counting()
    {
        var body = new GraphBuilder("body");
        body.Input("i", DataType.Int64);
        string go = body.Input("go", DataType.Bool), state = body.Input("state", DataType.Float, "N", 1);
        body.Output("go_on", go, DataType.Bool);
        body.Output("next", body.Node("Add", [state, body.Constant("one", [1f])]), DataType.Float, "N", 1);
        var builder = new GraphBuilder("counting");
        string k = builder.Input("k", DataType.Int64, "N", 1);
        string trips = builder.Node("ReduceMax", [k], ("keepdims", 0));
        string start = builder.Node("Cast", [k], ("to", (int)DataType.Float));
        builder.Output("y", builder.Node("Loop", [trips, "", start], ("body", body.Build().Graph)), DataType.Float, "N", 1);
        return Bytes(builder);
    }

    private static byte[] Bytes(GraphBuilder builder) => builder.Build().ToByteArray();
}
