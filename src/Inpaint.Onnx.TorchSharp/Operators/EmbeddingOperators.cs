using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Rows of a table by number, one by one and as sums, means and maxima of bags.</summary>
internal static class EmbeddingOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::embedding"] = c => c.Return(c.Node("Gather", [c.Tensor(0), c.Tensor(1)], ("axis", 0L)));
        table["aten::embedding_bag"] = Bags;
    }

    // weight, indices, offsets, scale_grad_by_freq, mode (0 sum, 1 mean, 2 max), sparse, per_sample_weights, include_last_offset, padding_idx
    private static void Bags(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        long mode = c.Int(4);
        string indices = c.Cast(c.Tensor(1), c.ElementType(1), ScalarType.Int64), rows = c.Node("Gather", [c.Tensor(0), indices], ("axis", 0L));
        if (!c.IsNone(6))
        {
            rows = c.Node("Mul", [rows, c.Unsqueeze(c.Operand(6, type), 1)]);
        }

        // A table of bags and elements: true where an element lies between its bag's offset and the next.
        string offsets = c.Cast(c.Tensor(2), c.ElementType(2), ScalarType.Int64), count = c.Node("Shape", [indices]);
        string places = c.Unsqueeze(c.Range(c.Shape(1)[0]), 0);
        (string starts, string ends) = !c.IsNone(7) && c.Flag(7)
            ? (c.Slice(offsets, 0, 0, -1), c.Slice(offsets, 0, 1, CommonNodes.Open))
            : (offsets, c.Concat(0, c.Slice(offsets, 0, 1, CommonNodes.Open), count));
        string member = c.Node("And", [c.Node("LessOrEqual", [c.Unsqueeze(starts, 1), places]), c.Node("Less", [places, c.Unsqueeze(ends, 1)])]);
        if (!c.IsNone(8) && c.Int(8) >= 0)
        {
            string padding = c.Node("Equal", [indices, c.Scalar(c.Int(8), ScalarType.Int64)]);
            member = c.Node("And", [member, c.Node("Not", [c.Unsqueeze(padding, 0)])]);
        }

        string result;
        if (mode == 2)
        {
            string shown = c.Node("Where", [c.Unsqueeze(member, 2), c.Unsqueeze(rows, 0), c.Scalar(double.NegativeInfinity, type)]);
            string largest = c.Reduce("ReduceMax", shown, [1], keep: false);
            string empty = c.Node("Equal", [largest, c.Scalar(double.NegativeInfinity, type)]);
            result = c.Node("Where", [empty, c.Scalar(0, type), largest]);
        }
        else
        {
            string members = c.Cast(member, ScalarType.Bool, type);
            result = c.Node("MatMul", [members, rows]);
            result = mode == 0 ? result : c.Node("Div", [result, c.Node("Max", [c.Reduce("ReduceSum", members, [1], keep: true), c.Scalar(1, type)])]);
        }

        // What training keeps of it has no use in a graph: the empty names fail if something asks for it.
        c.Return([result, .. Enumerable.Repeat("", c.OutputCount - 1)]);
    }
}
