using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Cumulative sums, products and the like, and differences of neighbours.</summary>
internal static class CumulativeOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", Sum);
        table.Add("aten::cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", c => Written(c, "ReduceProd", 1));
        table.Add("aten::logcumsumexp(Tensor self, int dim) -> Tensor", c => Written(c, "ReduceLogSumExp", double.NegativeInfinity));
        table.Add("aten::diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor", Difference);
    }

    /// <summary>For every element of an axis, all elements up to it.</summary>
    /// <param name="c">The operator.</param>
    /// <param name="value">A tensor of the shape of the first argument.</param>
    /// <param name="type">Its type.</param>
    /// <param name="compute">The type to compute in.</param>
    /// <param name="axis">The axis; a new one after it contains the elements.</param>
    public static Triangle Before(OperatorContext c, string value, ScalarType type, ScalarType compute, int axis)
    {
        SymbolicInt side = c.Shape("self")[axis];
        long[] behind = [.. Enumerable.Range(1, c.Rank("self") - axis - 1).Select(a => (long)a)];
        string places = c.Unsqueeze(c.Range(side), behind);
        string mask = c.Node("LessOrEqual", [places, c.Unsqueeze(places, 1)]);
        return new Triangle(c.Unsqueeze(c.Cast(value, type, compute), axis), mask, places);
    }

    private static void Sum(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string value = c.Operand("self", type);
        c.Return(c.Rank("self") == 0 ? value
            : c.Cast(c.Node("CumSum", [c.Cast(value, type, Kernels.Wide(type)), c.Scalar(c.Axis("dim", c.Rank("self")), ScalarType.Int64)]),
                Kernels.Wide(type), type));
    }

    // ONNX has no such operator: each element is reduced with all before it.
    private static void Written(OperatorContext c, string reduction, double nothing)
    {
        ScalarType type = c.OutputType(), compute = Kernels.Wide(type);
        if (c.Rank("self") == 0)
        {
            c.Return(c.Operand("self", type));
            return;
        }

        int axis = c.Axis("dim", c.Rank("self"));
        Triangle triangle = Before(c, c.Operand("self", type), type, compute, axis);
        string hidden = c.Node("Where", [triangle.Mask, triangle.Value, c.Scalar(nothing, compute)]);
        c.Return(c.Cast(c.Reduce(reduction, hidden, [axis + 1], keep: false), compute, type));
    }

    private static void Difference(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int axis = c.Axis("dim", c.Rank("self"));
        string[] parts = [.. new[] { "prepend", "self", "append" }.Where(name => !c.IsNone(name)).Select(name => c.Operand(name, type))];
        string value = c.Concat(axis, parts);
        for (long i = 0; i < c.Int("n"); i++)
        {
            string later = c.Slice(value, axis, 1, CommonNodes.Open), earlier = c.Slice(value, axis, 0, -1);
            value = type == ScalarType.Bool ? c.Node("Xor", [later, earlier]) : c.Arithmetic("Sub", type, later, earlier);
        }

        c.Return(value);
    }

    /// <summary>The result of <see cref="Before"/>.</summary>
    /// <param name="Value">The elements along the new axis.</param>
    /// <param name="Mask">True for elements up to the one of the row.</param>
    /// <param name="Places">The indices of the elements.</param>
    public readonly record struct Triangle(string Value, string Mask, string Places);
}
