using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Pooling to a given size: windows where the sizes divide, otherwise a matrix (means) or slices (maxima) per axis.</summary>
internal static class AdaptivePoolingOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor", c => Average(c, 1));
        table.Add("aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor", c => Average(c, 2));
        table.Add("aten::adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor", c => Average(c, 3));

        // TorchSharp's AdaptiveMaxPool3d calls the 1d operator.
        table.Add("aten::adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)", c => Maximum(c, 1));
        table.Add("aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)", c => Maximum(c, 2));
    }

    private static void Average(OperatorContext c, int axes)
    {
        if (AllOne(c, axes))
        {
            c.Return(c.Reduce("ReduceMean", c.Tensor("self"), Spatial(c.Rank("self"), axes), keep: true));
            return;
        }

        ScalarType type = CommonNodes.Single(c.ElementType("self"));
        if (Windows(c, axes) is { } kernel)
        {
            string pooled = c.Node("AveragePool", [PoolingOperators.Batched(c, axes, type)], ("kernel_shape", kernel), ("strides", kernel));
            c.Return(PoolingOperators.Unbatched(c, axes, pooled, type));
            return;
        }

        string value = c.Tensor("self");
        int rank = c.Rank("self");
        for (int axis = rank - axes; axis < rank; axis++)
        {
            (long from, long to) = (Known(c, c.Shape("self")[axis]), Known(c, c.OutputShape()[axis]));
            if (from != to)
            {
                value = Means(c, value, axis, rank, from, to);
            }
        }

        c.Return(value);
    }

    private static string Means(OperatorContext c, string value, int axis, int rank, long from, long to)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weights = zeros([from, to], c.ElementType("self"));
        for (long cell = 0; cell < to; cell++)
        {
            (long start, long end) = Cell(cell, from, to);
            weights[TensorIndex.Slice(start, end), cell] = 1.0 / (end - start);
        }

        // The last axis is multiplied from the right, the one before from the left, others after a transposition.
        if (axis == rank - 2)
        {
            return c.Node("MatMul", [c.Constant("cells", weights.t()), value]);
        }

        string matrix = c.Constant("cells", weights);
        int[] order = CommonNodes.Order(rank);
        (order[axis], order[^1]) = (order[^1], order[axis]);
        return c.Transpose(c.Node("MatMul", [c.Transpose(value, order), matrix]), order);
    }

    private static void Maximum(OperatorContext c, int axes)
    {
        ScalarType type = PoolingOperators.MaximumType(c.ElementType("self"));
        long[]? kernel = AllOne(c, axes) && c.Shape("self").TakeLast(axes).All(s => s.IsConstant)
            ? [.. c.Shape("self").TakeLast(axes).Select(s => s.Value)] : Windows(c, axes);
        if (kernel is not null)
        {
            IReadOnlyList<string> found =
                c.Graph.Nodes("MaxPool", [PoolingOperators.Batched(c, axes, type)], 2, ("kernel_shape", kernel), ("strides", kernel));
            c.Return(PoolingOperators.Unbatched(c, axes, found[0], type), PoolingOperators.WithinPlane(c, axes, found[1]));
            return;
        }

        string value = c.Tensor("self");
        for (int axis = c.Rank("self") - axes; axis < c.Rank("self"); axis++)
        {
            SymbolicInt side = c.Shape("self")[axis], size = c.OutputShape()[axis];
            if (size is { IsConstant: true, Value: 1 })
            {
                value = c.Reduce("ReduceMax", value, [axis], keep: true);
            }
            else if (!side.Equals(size))
            {
                (long from, long to) = (Known(c, side), Known(c, size));
                string whole = value;
                value = c.Concat(axis, [.. Enumerable.Range(0, checked((int)to)).Select(cell =>
                {
                    (long start, long end) = Cell(cell, from, to);
                    return c.Reduce("ReduceMax", c.Slice(whole, axis, start, end), [axis], keep: true);
                })]);
            }
        }

        // Indices of uneven windows are not computed: the empty name fails if something uses them.
        c.Return(value, "");
    }

    /// <summary>Equivalent windows of equal size; null when there are none.</summary>
    private static long[]? Windows(OperatorContext c, int axes)
    {
        var kernel = new long[axes];
        for (int i = 0; i < axes; i++)
        {
            SymbolicInt side = c.Shape("self")[c.Rank("self") - axes + i], size = c.OutputShape()[c.Rank("self") - axes + i];
            long whole = side.Value / Math.Max(1, size.Value);
            bool divides = side.IsConstant && size.IsConstant
                ? side.Value % size.Value == 0
                : side.IsTimes(whole, size);
            if (!divides)
            {
                return null;
            }

            kernel[i] = whole;
        }

        return kernel;
    }

    private static bool AllOne(OperatorContext c, int axes) => c.OutputShape().TakeLast(axes).All(s => s is { IsConstant: true, Value: 1 });

    private static long[] Spatial(int rank, int axes) => [.. Enumerable.Range(rank - axes, axes).Select(a => (long)a)];

    /// <summary>The range of the input that a cell of the result covers, as in libtorch.</summary>
    private static (long Start, long End) Cell(long cell, long from, long to) => (cell * from / to, (((cell + 1) * from) + to - 1) / to);

    private static long Known(OperatorContext c, SymbolicInt size) => size.IsConstant
        ? size.Value
        : throw c.Unsupported(
            $"a size of {size}, which does not divide the input's; keep that axis fixed (DynamicAxes) or pool to 1");
}
