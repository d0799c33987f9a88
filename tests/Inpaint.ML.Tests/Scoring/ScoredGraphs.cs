using Google.Protobuf;
using Inpaint.Onnx.Proto;

namespace Inpaint.ML.Tests.Scoring;

/// <summary>Graphs with every shape and type that ScoreOnnx supports.</summary>
internal static class ScoredGraphs
{
    /// <summary>Three values of any type: <c>y = [x, reversed x]</c>.</summary>
    public static byte[] Mirror(DataType type, GraphDimension batch)
    {
        var builder = new GraphBuilder("mirror");
        string x = builder.Input("x", type, batch, 3);
        string backwards = builder.Node("Gather", [x, builder.Constant("order", [2L, 1, 0])], ("axis", 1));
        builder.Output("y", builder.Node("Concat", [x, backwards], ("axis", 1)), type, batch, 6);
        return Bytes(builder);
    }

    /// <summary><c>sum = x + k</c> (three floats) and <c>double = 2k</c> (one integer per row).</summary>
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

    /// <summary>A transposed picture of any size.</summary>
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

    /// <summary>Three rows of outputs for every batch size: the second axis is the batch.</summary>
    public static byte[] BatchLast()
    {
        var builder = new GraphBuilder("last");
        string x = builder.Input("x", DataType.Float, "N", 3);
        builder.Output("y", builder.Node("Transpose", [x], ("perm", new long[] { 1, 0 })), DataType.Float, 3, "N");
        return Bytes(builder);
    }

    /// <summary>Looks a number up in a table of five; another index is a run-time error.</summary>
    public static byte[] Lookup()
    {
        var builder = new GraphBuilder("lookup");
        string k = builder.Input("k", DataType.Int64, "N", 1);
        builder.Output("y", builder.Node("Gather", [builder.Constant("table", [10f, 11, 12, 13, 14]), k]), DataType.Float, "N", 1);
        return Bytes(builder);
    }

    /// <summary>Counts in a loop to the largest <c>k</c> of the batch: practically endless for a large one.</summary>
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
        builder.Output("y", builder.Node("Loop", [trips, "", start], ("body", body.Build())), DataType.Float, "N", 1);
        return Bytes(builder);
    }

    /// <summary>
    /// A sentence encoder: the mean of the tokens' rows in a table, where the mask is 1; also a row for each token, and the batch size.
    /// </summary>
    public static byte[] Sentences()
    {
        var builder = new GraphBuilder("sentences");
        string ids = builder.Input("input_ids", DataType.Int64, "batch", "sequence"),
            mask = builder.Input("attention_mask", DataType.Int64, "batch", "sequence");
        string table = builder.Constant("table", TensorData.Make([.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i))], 10, 4));
        string tokens = builder.Node("Gather", [table, ids]),
            weights = builder.Node(
                "Unsqueeze", [builder.Node("Cast", [mask], ("to", (int)DataType.Float)), builder.Constant("last", [2L])]);
        string shown = builder.Node("Mul", [tokens, weights]), axis = builder.Constant("axis", [1L]);
        string sum = builder.Node("ReduceSum", [shown, axis], ("keepdims", 0)),
            count = builder.Node("ReduceSum", [weights, axis], ("keepdims", 0));
        builder.Output("embedding", builder.Node("Div", [sum, count]), DataType.Float, "batch", 4);
        builder.Output("tokens", shown, DataType.Float, "batch", "sequence", 4);
        string together = builder.Node("Gather", [builder.Node("Shape", [ids]), builder.Constant("first", [0L])]);
        string each = builder.Node("ReduceMax", [ids], ("axes", new long[] { 1 }), ("keepdims", 1));
        builder.Output(
            "together", builder.Node("Add", [builder.Node("Mul", [each, builder.Constant("zero", [0L])]), together]), DataType.Int64,
            "batch", 1);
        return Bytes(builder);
    }

    /// <summary>Token ids as strings, and with the sequence as last axis: <c>[batch, 2, sequence]</c>, an id and its double.</summary>
    public static byte[] TokenTexts()
    {
        var builder = new GraphBuilder("tokens");
        string ids = builder.Input("ids", DataType.Int64, "batch", "sequence");
        builder.Output("texts", builder.Node("Cast", [ids], ("to", (int)DataType.String)), DataType.String, "batch", "sequence");
        string up = builder.Node("Unsqueeze", [ids, builder.Constant("one", [1L])]);
        builder.Output(
            "both", builder.Node("Concat", [up, builder.Node("Add", [up, up])], ("axis", 1)), DataType.Int64, "batch", 2, "sequence");
        builder.Output("other", builder.Node("Add", [ids, ids]), DataType.Int64, "batch", "out_sequence");
        return Bytes(builder);
    }

    /// <summary>The maximum of each of three rows of any width.</summary>
    public static byte[] Widths()
    {
        var builder = new GraphBuilder("widths");
        string x = builder.Input("x", DataType.Float, "batch", 3, "width");
        builder.Output("y", builder.Node("ReduceMax", [x], ("axes", new long[] { 2 }), ("keepdims", 0)), DataType.Float, "batch", 3);
        return Bytes(builder);
    }

    /// <summary>A score per row, and whether it is positive: <c>[N, 1]</c> each, as most exporters write them.</summary>
    public static byte[] Judgement()
    {
        var builder = new GraphBuilder("judgement");
        string x = builder.Input("Features", DataType.Float, "N", 3);
        string score = builder.Node("MatMul", [x, builder.Constant("weights", TensorData.Make([1f, -2f, 0.5f], 3, 1))]);
        builder.Output("PredictedLabel", builder.Node("Greater", [score, builder.Constant("zero", [0f])]), DataType.Bool, "N", 1);
        builder.Output("Score", builder.Node("Identity", [score]), DataType.Float, "N", 1);
        return Bytes(builder);
    }

    /// <summary>Strings, repeated twice, and whether each is "yes".</summary>
    public static byte[] Texts(GraphDimension length)
    {
        var builder = new GraphBuilder("texts", opset: 20);
        string x = builder.Input("x", DataType.String, "N", length);
        builder.Output("twice", builder.Node("StringConcat", [x, x]), DataType.String, "N", length);
        return Bytes(builder);
    }

    /// <summary><c>y = x * scale</c>, where scale is an optional input, by default 2.</summary>
    public static byte[] Scaled()
    {
        var builder = new GraphBuilder("scaled");
        string x = builder.Input("x", DataType.Float, "N", 3), scale = builder.Constant("scale", [2f]);
        builder.Output("y", builder.Node("Mul", [x, scale]), DataType.Float, "N", 3);
        ModelProto model = builder.Build().Proto;
        // An initializer that is also an input is a default value.
        var dims = new TensorShapeProto();
        dims.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 1 });
        model.Graph.Input.Add(
            new ValueInfoProto { Name = scale,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = dims } } });
        return model.ToByteArray();
    }

    /// <summary>Strings in upper case, by an operator of ONNX Runtime's extensions.</summary>
    public static byte[] Capitals()
    {
        var builder = new GraphBuilder("capitals");
        string x = builder.Input("x", DataType.String, "N", 1);
        builder.Output("y", builder.Node("StringUpper", [x]), DataType.String, "N", 1);
        ModelProto model = builder.Build().Proto;
        model.Graph.Node[0].Domain = "ai.onnx.contrib";
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.contrib", Version = 1 });
        return model.ToByteArray();
    }

    private static byte[] Bytes(GraphBuilder builder) => builder.Build().ToBytes();
}
