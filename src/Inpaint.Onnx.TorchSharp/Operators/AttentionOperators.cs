using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Scaled dot-product attention, with masks.</summary>
internal static class AttentionOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0.0,
                bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor
            """, Attention);

        // Recorded by TorchSharp's attention modules.
        table.Add("aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor",
            c => c.Return(c.Node("Softmax", [c.Operand("self", c.OutputType())], ("axis", (long)c.Axis("dim", c.Rank("self"))))));
    }

    private static void Attention(OperatorContext c)
    {
        if (c.Flag("enable_gqa"))
        {
            throw c.Unsupported("grouped queries (enable_gqa); repeat the heads of key and value");
        }

        ScalarType type = c.OutputType();
        long width = c.Shape("query")[^1].Value;
        double scale = c.Number("scale", 1 / Math.Sqrt(width));
        int[] order = CommonNodes.Order(c.Rank("key"));
        (order[^1], order[^2]) = (order[^2], order[^1]);

        // The smaller factor is scaled: the query, not the scores.
        string query = c.Node("Mul", [c.Tensor("query"), c.Scalar(scale, type)]);
        string scores = c.Node("MatMul", [query, c.Transpose(c.Tensor("key"), order)]);
        string weights;
        if (!c.IsNone("attn_mask"))
        {
            scores = c.Node("Add", [scores, Mask(c, type)]);

            // A fully masked row is zero, not NaN.
            string best = c.Reduce("ReduceMax", scores, [-1], keep: true);
            string nothing = c.Node("Equal", [best, c.Scalar(double.NegativeInfinity, type)]);
            weights = c.Node("Where", [nothing, c.Scalar(0, type), c.Node("Softmax", [scores], ("axis", -1L))]);
        }
        else
        {
            scores = c.Flag("is_causal") ? c.Node("Add", [scores, Causal(c, type)]) : scores;
            weights = c.Node("Softmax", [scores], ("axis", -1L));
        }

        c.Return(c.Node("MatMul", [weights, c.Tensor("value")]));
    }

    private static string Mask(OperatorContext c, ScalarType type) => c.ElementType("attn_mask") == ScalarType.Bool
        ? c.Node("Where", [c.Tensor("attn_mask"), c.Scalar(0, type), c.Scalar(double.NegativeInfinity, type)])
        : c.Operand("attn_mask", type);

    /// <summary>Minus infinity above the diagonal.</summary>
    private static string Causal(OperatorContext c, ScalarType type)
    {
        SymbolicInt queries = c.Shape("query")[^2], keys = c.Shape("key")[^2];
        if (queries.IsConstant && keys.IsConstant)
        {
            using DisposeScope scope = NewDisposeScope();
            return c.Constant("causal", full([queries.Value, keys.Value], double.NegativeInfinity, type).triu(1));
        }

        string later = c.Node("Greater", [c.Unsqueeze(c.Range(keys), 0), c.Unsqueeze(c.Range(queries), 1)]);
        return c.Node("Where", [later, c.Scalar(double.NegativeInfinity, type), c.Scalar(0, type)]);
    }
}
