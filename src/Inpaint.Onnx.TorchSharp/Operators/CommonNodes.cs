using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Nodes that many families use, in the form that the operator set asks for.</summary>
internal static class CommonNodes
{
    /// <summary>The end of a slice that is open towards the end.</summary>
    public const long Open = long.MaxValue;

    /// <summary>Reorders axes; nothing where the order is that of the axes.</summary>
    public static string Transpose(this OperatorContext c, string value, params IReadOnlyList<int> order) =>
        order.SequenceEqual(Enumerable.Range(0, order.Count)) ? value : c.Node("Transpose", [value], ("perm", order.Select(o => (long)o).ToArray()));

    /// <summary>Adds axes of one element.</summary>
    public static string Unsqueeze(this OperatorContext c, string value, params ReadOnlySpan<long> axes) => axes.Length == 0 ? value : c.Node("Unsqueeze", [value, c.Vector(axes)]);

    /// <summary>Takes axes of one element away.</summary>
    public static string Squeeze(this OperatorContext c, string value, params ReadOnlySpan<long> axes) => axes.Length == 0 ? value : c.Node("Squeeze", [value, c.Vector(axes)]);

    /// <summary>Joins values along an axis.</summary>
    public static string Concat(this OperatorContext c, long axis, params IReadOnlyList<string> values) => values.Count == 1 ? values[0] : c.Node("Concat", [.. values], ("axis", axis));

    /// <summary>Part of an axis.</summary>
    public static string Slice(this OperatorContext c, string value, long axis, SymbolicInt start, SymbolicInt end, long step = 1) =>
        start is { IsConstant: true, Value: 0 } && end is { IsConstant: true, Value: Open } && step == 1
            ? value
            : c.Node("Slice", [value, c.Vector([start]), c.Vector([end]), c.Vector(axis), c.Vector(step)]);

    /// <summary>Cuts an axis into parts of known sizes.</summary>
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

    /// <summary>Whole numbers 0, 1, ... below a size.</summary>
    public static string Range(this OperatorContext c, SymbolicInt end, long step = 1) =>
        c.Node("Range", [c.Scalar(0, ScalarType.Int64), c.ScalarOf(end), c.Scalar(step, ScalarType.Int64)]);

    /// <summary>The sizes of tensor argument <paramref name="name"/>: a constant, or read off it while the graph runs.</summary>
    public static string ShapeVector(this OperatorContext c, string name) =>
        c.Shape(name).All(s => s.IsConstant) ? c.Vector(c.Shape(name)) : c.Node("Shape", [c.Tensor(name)]);

    /// <summary>A vector of one number repeated.</summary>
    public static string Filled(this OperatorContext c, string name, double value, long count, ScalarType type)
    {
        using var values = full(count, value, type);
        return c.Constant(name, values);
    }

    /// <summary>The type that an operator computes in of which ONNX Runtime has 32-bit and 16-bit kernels alone.</summary>
    public static ScalarType Single(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 ? type : ScalarType.Float32;

    /// <summary>One number for each spatial axis: libtorch takes a single one for all.</summary>
    public static long[] ForEach(long[] numbers, int axes) => numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], axes)] : numbers;

    /// <summary>The axes 0, 1, ... below <paramref name="rank"/>, with some changes.</summary>
    public static int[] Order(int rank) => [.. Enumerable.Range(0, rank)];
}
