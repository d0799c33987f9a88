using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Products of matrices and vectors.</summary>
internal static class ProductOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::matmul(Tensor self, Tensor other) -> Tensor", c => Finish(c, Product(c, "self", "other")));
        table.Add("aten::mm(Tensor self, Tensor mat2) -> Tensor", c => Finish(c, Product(c, "self", "mat2")));
        table.Add("aten::bmm(Tensor self, Tensor mat2) -> Tensor", c => Finish(c, Product(c, "self", "mat2")));
        table.Add("aten::mv(Tensor self, Tensor vec) -> Tensor", c => Finish(c, Product(c, "self", "vec")));
        table.Add("aten::dot(Tensor self, Tensor tensor) -> Tensor", c => Finish(c, Product(c, "self", "tensor")));

        table.Add("aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", Linear);
        table.Add("aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", AddMatrices);
        table.Add("aten::addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            c => Finish(c, PlusProduct(c, Product(c, "mat", "vec"))));
        table.Add("aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            c => Finish(c, PlusProduct(c, Product(c, "batch1", "batch2"))));

        table.Add("aten::addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            c => Finish(c, PlusProduct(c, c.Reduce("ReduceSum", Product(c, "batch1", "batch2"), [0], keep: false))));
        table.Add("aten::outer(Tensor self, Tensor vec2) -> Tensor",
            c => Finish(c, c.Node("Mul", [c.Unsqueeze(Factor(c, "self"), 1), c.Unsqueeze(Factor(c, "vec2"), 0)])));
        table.Add("aten::inner(Tensor self, Tensor other) -> Tensor", Inner);
        table.Add("aten::einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor",
            c => Finish(c,
                c.Node("Einsum", [.. c.Tensors("tensors").Select(v => c.Cast(v, c.ElementTypes("tensors")[0], Kernel(c)))],
                    ("equation", c.Text("equation").Replace(" ", "", StringComparison.Ordinal)))));
        table.Add("aten::tensordot(Tensor self, Tensor other, int[] dims_self, int[] dims_other) -> Tensor", TensorDot);
        table.Add("aten::bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor", Bilinear);
    }

    private static void Linear(OperatorContext c)
    {
        if (c.Rank("input") == 2 && c.OutputType().IsFloat())
        {
            string[] inputs = c.IsNone("bias") ? [Factor(c, "input"), Factor(c, "weight")]
                : [Factor(c, "input"), Factor(c, "weight"), Factor(c, "bias")];
            Finish(c, c.Node("Gemm", inputs, ("transB", 1L)));
            return;
        }

        string product =
            c.Node("MatMul", [Factor(c, "input"), c.Rank("weight") == 1 ? Factor(c, "weight") : c.Transpose(Factor(c, "weight"), 1, 0)]);
        Finish(c, c.IsNone("bias") ? product : c.Node("Add", [product, Factor(c, "bias")]));
    }

    private static void AddMatrices(OperatorContext c)
    {
        if (Kernel(c) is ScalarType.Int32 or ScalarType.Int64)
        {
            Finish(c, PlusProduct(c, Product(c, "mat1", "mat2")));
            return;
        }

        double beta = c.Number("beta"), alpha = c.Number("alpha");

        // With beta 0 the input is ignored, including NaN.
        string[] inputs = beta == 0 ? [Factor(c, "mat1"), Factor(c, "mat2")] : [Factor(c, "mat1"), Factor(c, "mat2"), Factor(c, "self")];
        AttributePair[] factors = alpha == 1 && beta is 0 or 1 ? [] : [("alpha", (float)alpha), ("beta", (float)beta)];
        Finish(c, c.Node("Gemm", inputs, factors));
    }

    private static string Product(OperatorContext c, string a, string b) => c.Node("MatMul", [Factor(c, a), Factor(c, b)]);

    /// <summary>beta * input + alpha * product.</summary>
    private static string PlusProduct(OperatorContext c, string product)
    {
        double beta = c.Number("beta"), alpha = c.Number("alpha");
        string scaled = alpha == 1 ? product : c.Node("Mul", [product, c.Scalar(alpha, Kernel(c))]);

        return beta == 0 ? scaled
            : c.Node("Add", [beta == 1 ? Factor(c, "self") : c.Node("Mul", [Factor(c, "self"), c.Scalar(beta, Kernel(c))]), scaled]);
    }

    private static void Inner(OperatorContext c)
    {
        if (c.Rank("self") == 0 || c.Rank("other") == 0)
        {
            Finish(c, c.Node("Mul", [Factor(c, "self"), Factor(c, "other")]));
            return;
        }

        Contract(c, [c.Rank("self") - 1], [c.Rank("other") - 1]);
    }

    private static void TensorDot(OperatorContext c)
    {
        int[] first = [.. c.Ints("dims_self").Select(a => (int)(a < 0 ? a + c.Rank("self") : a))],
            second = [.. c.Ints("dims_other").Select(a => (int)(a < 0 ? a + c.Rank("other") : a))];
        Contract(c, first, second);
    }

    /// <summary>Sums over pairs of axes.</summary>
    private static void Contract(OperatorContext c, int[] first, int[] second)
    {
        char[] a = [.. Enumerable.Range(0, c.Rank("self")).Select(i => (char)('a' + i))];
        char[] b = [.. Enumerable.Range(0, c.Rank("other")).Select(i => (char)('A' + i))];
        foreach ((int x, int y) in first.Zip(second))
        {
            b[y] = a[x];
        }

        IEnumerable<char> rest = a.Where((_, i) => !first.Contains(i)).Concat(b.Where((_, i) => !second.Contains(i)));
        Finish(c, c.Node("Einsum", [Factor(c, "self"), Factor(c, "other")],
            ("equation", $"{new string(a)},{new string(b)}->{string.Concat(rest)}")));
    }

    private static void Bilinear(OperatorContext c)
    {
        string product =
            c.Node("Einsum", [Factor(c, "input1"), Factor(c, "weight"), Factor(c, "input2")], ("equation", "...i,oij,...j->...o"));
        Finish(c, c.IsNone("bias") ? product : c.Node("Add", [product, Factor(c, "bias")]));
    }

    private static string Factor(OperatorContext c, string name) => c.Operand(name, Kernel(c));

    private static void Finish(OperatorContext c, string value) => c.Return(c.Cast(value, Kernel(c), c.OutputType()));

    /// <summary>The type to multiply in: ONNX Runtime has no matrix products of small integers.</summary>
    private static ScalarType Kernel(OperatorContext c) => c.OutputType() switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Bool => ScalarType.Int32,
        ScalarType type => type,
    };
}
