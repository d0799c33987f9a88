using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Rows of a table by index, and sums, means and maxima of bags of them.</summary>
internal static class EmbeddingOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False,
                bool sparse=False) -> Tensor
            """, c => c.Return(c.Node("Gather", [c.Tensor("weight"), c.Tensor("indices")], ("axis", 0L))));
        table.Add("""
            aten::embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0,
                bool sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False) -> (Tensor, Tensor, Tensor, Tensor)
            aten::embedding_bag.padding_idx(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode,
                bool sparse, Tensor? per_sample_weights, bool include_last_offset, int? padding_idx) -> (Tensor, Tensor, Tensor, Tensor)
            """, Bags);
    }

    // Modes are 0 (sum), 1 (mean) and 2 (max).
    private static void Bags(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        long mode = c.Int("mode");
        string indices = c.Cast(c.Tensor("indices"), c.ElementType("indices"), ScalarType.Int64),
            rows = c.Node("Gather", [c.Tensor("weight"), indices], ("axis", 0L));
        if (!c.IsNone("per_sample_weights"))
        {
            rows = c.Node("Mul", [rows, c.Unsqueeze(c.Operand("per_sample_weights", type), 1)]);
        }

        // [bags, elements]: true where an element is between its bag's offset and the next.
        string offsets = c.Cast(c.Tensor("offsets"), c.ElementType("offsets"), ScalarType.Int64), count = c.Node("Shape", [indices]);
        string places = c.Unsqueeze(c.Range(c.Shape("indices")[0]), 0);
        (string starts, string ends) = c.Flag("include_last_offset")
            ? (c.Slice(offsets, 0, 0, -1), c.Slice(offsets, 0, 1, CommonNodes.Open))
            : (offsets, c.Concat(0, c.Slice(offsets, 0, 1, CommonNodes.Open), count));
        string member =
            c.Node("And", [c.Node("LessOrEqual", [c.Unsqueeze(starts, 1), places]), c.Node("Less", [places, c.Unsqueeze(ends, 1)])]);
        if (!c.IsNone("padding_idx") && c.Int("padding_idx") >= 0)
        {
            string padding = c.Node("Equal", [indices, c.Scalar(c.Int("padding_idx"), ScalarType.Int64)]);
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
            result = mode == 0 ? result
                : c.Node("Div", [result, c.Node("Max", [c.Reduce("ReduceSum", members, [1], keep: true), c.Scalar(1, type)])]);
        }

        // The other outputs are for training: their empty names fail if something uses them.
        c.Return([result, .. Enumerable.Repeat("", c.OutputCount - 1)]);
    }
}
