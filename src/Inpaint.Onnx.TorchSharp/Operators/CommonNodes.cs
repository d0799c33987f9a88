using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Common nodes, in the form of the operator set.</summary>
internal static class CommonNodes
{
    /// <summary>The end of a slice that extends to the end of the axis.</summary>
    public const long Open = long.MaxValue;

    /// <summary>Permutes axes; no node for the identity.</summary>
    public static string Transpose(this OperatorContext c, string value, params IReadOnlyList<int> order) =>
        order.SequenceEqual(Enumerable.Range(0, order.Count)) ? value
            : c.Node("Transpose", [value], ("perm", order.Select(o => (long)o).ToArray()));

    /// <summary>Adds axes of one element.</summary>
    public static string Unsqueeze(this OperatorContext c, string value, params ReadOnlySpan<long> axes) => axes.Length == 0 ? value
        : c.Node("Unsqueeze", [value, c.Vector(axes)]);

    /// <summary>Removes axes of one element.</summary>
    public static string Squeeze(this OperatorContext c, string value, params ReadOnlySpan<long> axes) => axes.Length == 0 ? value
        : c.Node("Squeeze", [value, c.Vector(axes)]);

    /// <summary>Concatenates values along an axis.</summary>
    public static string Concat(this OperatorContext c, long axis, params IReadOnlyList<string> values) => values.Count == 1 ? values[0]
        : c.Node("Concat", [.. values], ("axis", axis));

    /// <summary>Part of an axis.</summary>
    public static string Slice(this OperatorContext c, string value, long axis, SymbolicInt start, SymbolicInt end, long step = 1) =>
        start is { IsConstant: true, Value: 0 } && end is { IsConstant: true, Value: Open } && step == 1
            ? value
            : c.Node("Slice", [value, c.Vector([start]), c.Vector([end]), c.Vector(axis), c.Vector(step)]);

    /// <summary>Splits an axis into parts of known sizes.</summary>
    public static IReadOnlyList<string> Split(this OperatorContext c, string value, long axis, IReadOnlyList<SymbolicInt> sizes) =>
        sizes.Count == 1 ? [value] : c.Graph.Nodes("Split", [value, c.Vector(sizes)], sizes.Count, ("axis", axis));

    /// <summary>A reduction such as ReduceMean, ReduceMax or ReduceSum over some axes.</summary>
    public static string Reduce(this OperatorContext c, string operation, string value, long[] axes, bool keep)
    {
        AttributePair kept = ("keepdims", keep ? 1L : 0L);
        return c.Opset >= 18 || operation == "ReduceSum"
            ? c.Node(operation, [value, c.Vector(axes)], kept)
            : c.Node(operation, [value], ("axes", axes), kept);
    }

    /// <summary>The integers 0, 1, ... below a size.</summary>
    public static string Range(this OperatorContext c, SymbolicInt end, long step = 1) =>
        c.Node("Range", [c.Scalar(0, ScalarType.Int64), c.ScalarOf(end), c.Scalar(step, ScalarType.Int64)]);

    /// <summary>The sizes of tensor argument <paramref name="name"/>: a constant, or computed when the graph runs.</summary>
    public static string ShapeVector(this OperatorContext c, string name) =>
        c.Shape(name).All(s => s.IsConstant) ? c.Vector(c.Shape(name)) : c.Node("Shape", [c.Tensor(name)]);

    /// <summary>A vector of one number repeated.</summary>
    public static string Filled(this OperatorContext c, string name, double value, long count, ScalarType type)
    {
        using var values = full(count, value, type);
        return c.Constant(name, values);
    }

    /// <summary>The type to compute in for an operator with 32-bit and 16-bit kernels only.</summary>
    public static ScalarType Single(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 ? type : ScalarType.Float32;

    /// <summary>One number for each spatial axis: libtorch also accepts a single one for all.</summary>
    public static long[] ForEach(long[] numbers, int axes) => numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], axes)] : numbers;

    /// <summary>The axes 0, 1, ... below <paramref name="rank"/>, with some changes.</summary>
    public static int[] Order(int rank) => [.. Enumerable.Range(0, rank)];
}
