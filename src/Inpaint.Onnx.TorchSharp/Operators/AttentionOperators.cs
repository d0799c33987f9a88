using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Scaled dot-product attention, with masks.</summary>
internal static class AttentionOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::scaled_dot_product_attention"] = Attention;

        // self, dim, dtype: recorded by TorchSharp's attention modules
        table["aten::softmax"] = c => c.Return(c.Node("Softmax", [c.Operand(0, c.OutputType())], ("axis", (long)c.Axis(1, c.Rank(0)))));
    }

    // query, key, value, attn_mask, dropout_p, is_causal, scale, enable_gqa
    private static void Attention(OperatorContext c)
    {
        if (!c.IsNone(7) && c.Flag(7))
        {
            throw c.Unsupported("grouped queries (enable_gqa); repeat the heads of key and value");
        }

        ScalarType type = c.OutputType();
        long width = c.Shape(0)[^1].Value;
        double scale = c.IsNone(6) ? 1 / Math.Sqrt(width) : c.Number(6);
        int[] order = CommonNodes.Order(c.Rank(1));
        (order[^1], order[^2]) = (order[^2], order[^1]);

        // The smaller factor is scaled: the query, not the scores.
        string query = c.Node("Mul", [c.Tensor(0), c.Scalar(scale, type)]);
        string scores = c.Node("MatMul", [query, c.Transpose(c.Tensor(1), order)]);
        string weights;
        if (!c.IsNone(3))
        {
            scores = c.Node("Add", [scores, Mask(c, type)]);

            // A row that sees nothing is zero, not NaN.
            string best = c.Reduce("ReduceMax", scores, [-1], keep: true);
            string nothing = c.Node("Equal", [best, c.Scalar(double.NegativeInfinity, type)]);
            weights = c.Node("Where", [nothing, c.Scalar(0, type), c.Node("Softmax", [scores], ("axis", -1L))]);
        }
        else
        {
            scores = c.Flag(5) ? c.Node("Add", [scores, Causal(c, type)]) : scores;
            weights = c.Node("Softmax", [scores], ("axis", -1L));
        }

        c.Return(c.Node("MatMul", [weights, c.Tensor(2)]));
    }

    private static string Mask(OperatorContext c, ScalarType type) => c.ElementType(3) == ScalarType.Bool
        ? c.Node("Where", [c.Tensor(3), c.Scalar(0, type), c.Scalar(double.NegativeInfinity, type)])
        : c.Operand(3, type);

    /// <summary>Minus infinity above the diagonal.</summary>
    private static string Causal(OperatorContext c, ScalarType type)
    {
        SymbolicInt queries = c.Shape(0)[^2], keys = c.Shape(1)[^2];
        if (queries.IsConstant && keys.IsConstant)
        {
            using DisposeScope scope = NewDisposeScope();
            return c.Constant("causal", GraphConverter.ToProto(full([queries.Value, keys.Value], double.NegativeInfinity, type).triu(1)));
        }

        string later = c.Node("Greater", [c.Unsqueeze(c.Range(keys), 0), c.Unsqueeze(c.Range(queries), 1)]);
        return c.Node("Where", [later, c.Scalar(double.NegativeInfinity, type), c.Scalar(0, type)]);
    }
}
