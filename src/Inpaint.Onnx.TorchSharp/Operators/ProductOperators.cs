using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Products of matrices and vectors.</summary>
internal static class ProductOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        foreach (string name in new[] { "matmul", "mm", "bmm", "mv", "dot" })
        {
            table[$"aten::{name}"] = c => Finish(c, Product(c, 0, 1));
        }

        table["aten::linear"] = Linear;
        table["aten::addmm"] = AddMatrices;
        foreach (string name in new[] { "addmv", "baddbmm" })
        {
            table[$"aten::{name}"] = c => Finish(c, PlusProduct(c, Product(c, 1, 2)));
        }

        table["aten::addbmm"] = c => Finish(c, PlusProduct(c, c.Reduce("ReduceSum", Product(c, 1, 2), [0], keep: false)));
        table["aten::outer"] = c => Finish(c, c.Node("Mul", [c.Unsqueeze(Factor(c, 0), 1), c.Unsqueeze(Factor(c, 1), 0)]));
        table["aten::inner"] = Inner;
        table["aten::einsum"] = c => Finish(c, c.Node("Einsum", [.. c.Tensors(1).Select(v => c.Cast(v, c.ElementTypes(1)[0], Kernel(c)))], ("equation", c.Text(0).Replace(" ", "", StringComparison.Ordinal))));
        table["aten::tensordot"] = TensorDot;
        table["aten::bilinear"] = Bilinear;
    }

    // input, weight, bias
    private static void Linear(OperatorContext c)
    {
        if (c.Rank(0) == 2 && c.OutputType().IsFloat())
        {
            string[] inputs = c.IsNone(2) ? [Factor(c, 0), Factor(c, 1)] : [Factor(c, 0), Factor(c, 1), Factor(c, 2)];
            Finish(c, c.Node("Gemm", inputs, ("transB", 1L)));
            return;
        }

        string product = c.Node("MatMul", [Factor(c, 0), c.Rank(1) == 1 ? Factor(c, 1) : c.Transpose(Factor(c, 1), 1, 0)]);
        Finish(c, c.IsNone(2) ? product : c.Node("Add", [product, Factor(c, 2)]));
    }

    // self, mat1, mat2, beta, alpha
    private static void AddMatrices(OperatorContext c)
    {
        if (Kernel(c) is ScalarType.Int32 or ScalarType.Int64)
        {
            Finish(c, PlusProduct(c, Product(c, 1, 2)));
            return;
        }

        double beta = c.IsNone(3) ? 1 : c.Number(3), alpha = c.IsNone(4) ? 1 : c.Number(4);

        // With beta 0 the input does not count, not even its NaN.
        string[] inputs = beta == 0 ? [Factor(c, 1), Factor(c, 2)] : [Factor(c, 1), Factor(c, 2), Factor(c, 0)];
        AttributePair[] factors = alpha == 1 && beta is 0 or 1 ? [] : [("alpha", (float)alpha), ("beta", (float)beta)];
        Finish(c, c.Node("Gemm", inputs, factors));
    }

    private static string Product(OperatorContext c, int a, int b) => c.Node("MatMul", [Factor(c, a), Factor(c, b)]);

    /// <summary>beta * input + alpha * product.</summary>
    private static string PlusProduct(OperatorContext c, string product)
    {
        double beta = c.IsNone(3) ? 1 : c.Number(3), alpha = c.IsNone(4) ? 1 : c.Number(4);
        string scaled = alpha == 1 ? product : c.Node("Mul", [product, c.Scalar(alpha, Kernel(c))]);

        return beta == 0 ? scaled : c.Node("Add", [beta == 1 ? Factor(c, 0) : c.Node("Mul", [Factor(c, 0), c.Scalar(beta, Kernel(c))]), scaled]);
    }

    private static void Inner(OperatorContext c)
    {
        if (c.Rank(0) == 0 || c.Rank(1) == 0)
        {
            Finish(c, c.Node("Mul", [Factor(c, 0), Factor(c, 1)]));
            return;
        }

        Contract(c, [c.Rank(0) - 1], [c.Rank(1) - 1]);
    }

    // self, other, dims_self, dims_other
    private static void TensorDot(OperatorContext c)
    {
        int[] first = [.. c.Ints(2).Select(a => (int)(a < 0 ? a + c.Rank(0) : a))], second = [.. c.Ints(3).Select(a => (int)(a < 0 ? a + c.Rank(1) : a))];
        Contract(c, first, second);
    }

    /// <summary>Sums over pairs of axes.</summary>
    private static void Contract(OperatorContext c, int[] first, int[] second)
    {
        char[] a = [.. Enumerable.Range(0, c.Rank(0)).Select(i => (char)('a' + i))];
        char[] b = [.. Enumerable.Range(0, c.Rank(1)).Select(i => (char)('A' + i))];
        foreach ((int x, int y) in first.Zip(second))
        {
            b[y] = a[x];
        }

        IEnumerable<char> rest = a.Where((_, i) => !first.Contains(i)).Concat(b.Where((_, i) => !second.Contains(i)));
        Finish(c, c.Node("Einsum", [Factor(c, 0), Factor(c, 1)], ("equation", $"{new string(a)},{new string(b)}->{string.Concat(rest)}")));
    }

    // input1, input2, weight, bias
    private static void Bilinear(OperatorContext c)
    {
        string product = c.Node("Einsum", [Factor(c, 0), Factor(c, 2), Factor(c, 1)], ("equation", "...i,oij,...j->...o"));
        Finish(c, c.IsNone(3) ? product : c.Node("Add", [product, Factor(c, 3)]));
    }

    private static string Factor(OperatorContext c, int i) => c.Operand(i, Kernel(c));

    private static void Finish(OperatorContext c, string value) => c.Return(c.Cast(value, Kernel(c), c.OutputType()));

    /// <summary>The type to multiply in: ONNX Runtime has no products of small whole numbers.</summary>
    private static ScalarType Kernel(OperatorContext c) => c.OutputType() switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Bool => ScalarType.Int32,
        ScalarType type => type,
    };
}
