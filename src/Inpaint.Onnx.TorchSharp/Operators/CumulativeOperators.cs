using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Sums, products and the like of all elements up to each; and differences of neighbours.</summary>
internal static class CumulativeOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::cumsum"] = Sum;
        table["aten::cumprod"] = c => Written(c, "ReduceProd", 1, 1);
        table["aten::logcumsumexp"] = c => Written(c, "ReduceLogSumExp", 1, double.NegativeInfinity);
        table["aten::diff"] = Difference;
    }

    /// <summary>Every element of an axis beside all that come before it, and itself.</summary>
    /// <param name="c">The operator.</param>
    /// <param name="value">A tensor of the shape of argument 0.</param>
    /// <param name="type">Its type.</param>
    /// <param name="compute">The type to compute in.</param>
    /// <param name="axis">The axis; the one behind it is that of the elements before.</param>
    public static Triangle Before(OperatorContext c, string value, ScalarType type, ScalarType compute, int axis)
    {
        SymbolicInt side = c.Shape(0)[axis];
        long[] behind = [.. Enumerable.Range(1, c.Rank(0) - axis - 1).Select(a => (long)a)];
        string places = c.Unsqueeze(c.Range(side), behind);
        string mask = c.Node("LessOrEqual", [places, c.Unsqueeze(places, 1)]);
        return new Triangle(c.Unsqueeze(c.Cast(value, type, compute), axis), mask, places);
    }

    // self, dim, dtype
    private static void Sum(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string value = c.Operand(0, type);
        c.Return(c.Rank(0) == 0 ? value : c.Cast(c.Node("CumSum", [c.Cast(value, type, Kernels.Wide(type)), c.Scalar(c.Axis(1, c.Rank(0)), ScalarType.Int64)]), Kernels.Wide(type), type));
    }

    // self, dim, dtype: ONNX has no such node, so that each element is reduced with all before it.
    private static void Written(OperatorContext c, string reduction, int dim, double nothing)
    {
        ScalarType type = c.OutputType(), compute = Kernels.Wide(type);
        if (c.Rank(0) == 0)
        {
            c.Return(c.Operand(0, type));
            return;
        }

        int axis = c.Axis(dim, c.Rank(0));
        Triangle triangle = Before(c, c.Operand(0, type), type, compute, axis);
        string hidden = c.Node("Where", [triangle.Mask, triangle.Value, c.Scalar(nothing, compute)]);
        c.Return(c.Cast(c.Reduce(reduction, hidden, [axis + 1], keep: false), compute, type));
    }

    // self, n, dim, prepend, append
    private static void Difference(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int axis = c.Axis(2, c.Rank(0));
        string[] parts = [.. new[] { 3, 0, 4 }.Where(i => !c.IsNone(i)).Select(i => c.Operand(i, type))];
        string value = c.Concat(axis, parts);
        for (long i = 0; i < c.Int(1); i++)
        {
            string later = c.Slice(value, axis, 1, CommonNodes.Open), earlier = c.Slice(value, axis, 0, -1);
            value = type == ScalarType.Bool ? c.Node("Xor", [later, earlier]) : c.Arithmetic("Sub", type, later, earlier);
        }

        c.Return(value);
    }

    /// <summary>What <see cref="Before"/> gives.</summary>
    /// <param name="Value">The elements along the axis behind the stated one.</param>
    /// <param name="Mask">True where an element comes before, or is the one itself.</param>
    /// <param name="Places">The elements' numbers.</param>
    public readonly record struct Triangle(string Value, string Mask, string Places);
}
