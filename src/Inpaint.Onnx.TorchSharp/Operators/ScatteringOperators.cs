using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>A tensor with other elements at stated places.</summary>
internal static class ScatteringOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::scatter"] = Scatter;
        table["aten::scatter_add"] = c => c.Return(Elements(c, Source(c), "add"));
        table["aten::index_put"] = IndexPut;
        table["aten::index_add"] = IndexAdd;
        table["aten::index_copy"] = c => AlongAxis(c, c.Operand(3, c.OutputType()), "none");
        table["aten::index_fill"] = IndexFill;
        table["aten::masked_scatter"] = MaskedScatter;
        table["aten::select_scatter"] = SelectScatter;
        table["aten::slice_scatter"] = SliceScatter;
        table["aten::diag_embed"] = DiagonalMatrix;
    }

    // self, dim, index, src or value
    private static void Scatter(OperatorContext c)
    {
        if (!c.IsNone(4))
        {
            throw c.Unsupported($"reduce = {c.Text(4)}");
        }

        c.Return(Elements(c, Source(c), "none"));
    }

    /// <summary>Argument 3, in the shape of the index.</summary>
    private static string Source(OperatorContext c)
    {
        if (!c.IsTensor(3))
        {
            return c.Node("Expand", [c.Operand(3, c.OutputType()), c.ShapeVector(2)]);
        }

        // Elements of the source beyond the index are not used.
        string source = c.Operand(3, c.OutputType());
        return c.Shape(3).SequenceEqual(c.Shape(2)) ? source : c.Node("Slice", [source, c.Vector(new long[c.Rank(3)]), c.ShapeVector(2)]);
    }

    private static string Elements(OperatorContext c, string source, string reduction)
    {
        ScalarType type = c.OutputType(), compute = reduction == "none" ? type : Kernels.Wide(type);
        AttributePair[] attributes = [("axis", (long)c.Axis(1, c.Rank(0))), .. Reduction(c, reduction)];
        return c.Cast(c.Node("ScatterElements", [c.Cast(c.Tensor(0), type, compute), c.Tensor(2), c.Cast(source, type, compute)], attributes), compute, type);
    }

    private static AttributePair[] Reduction(OperatorContext c, string reduction)
    {
        if (reduction == "none")
        {
            return [];
        }

        c.RequireOpset(16);
        return [("reduction", reduction)];
    }

    // self, indices: a tensor or None for each of the first axes, values, accumulate
    private static void IndexPut(OperatorContext c)
    {
        IReadOnlyList<ListedTensor> indices = c.Stated(1);
        ScalarType type = c.OutputType();
        bool adds = !c.IsNone(3) && c.Flag(3);
        if (indices.Any(i => i.Type is ScalarType.Bool or ScalarType.Byte))
        {
            Masked(c, indices, adds);
            return;
        }

        // The stated axes come first; their places become one axis of coordinates.
        int[] axes = [.. indices.Select(i => i.Place)], rest = [.. Enumerable.Range(0, c.Rank(0)).Where(a => !axes.Contains(a))];
        int broadcast = indices.Max(i => i.Shape.Count);
        string coordinates = Coordinates(c, indices);
        string places = c.Node("Slice", [c.Node("Shape", [coordinates]), c.Vector(0), c.Vector(-1)]);

        // Values are lined up with what indexing would give, and then turned likewise.
        bool together = axes[^1] - axes[0] == axes.Length - 1;
        int before = together ? axes[0] : 0;
        string Sides(IEnumerable<int> of) => c.Vector([.. of.Select(a => c.Shape(0)[a])]);
        string shape = c.Concat(0, [.. new[] { Sides(rest.Take(before)), places, Sides(rest.Skip(before)) }]);
        string values = c.Node("Expand", [c.Operand(2, type), shape]);
        values = c.Transpose(values, [.. Enumerable.Range(before, broadcast), .. Enumerable.Range(0, before), .. Enumerable.Range(before + broadcast, rest.Length - before)]);
        int[] order = [.. axes, .. rest];
        Into(c, c.Tensor(0), order, coordinates, values, axes.Length, adds ? "add" : "none");
    }

    /// <summary>The places that several indices state together: their broadcast shape, and an axis with one number for each.</summary>
    internal static string Coordinates(OperatorContext c, IReadOnlyList<ListedTensor> indices)
    {
        string[] stated = [.. indices.Select(i => c.Cast(i.Value, i.Type, ScalarType.Int64))];
        string size = stated.Skip(1).Aggregate(c.Node("Shape", [stated[0]]), (all, index) =>
            c.Node("Shape", [c.Node("Expand", [index, all])]));
        return c.Concat(-1, [.. stated.Select(s => c.Unsqueeze(stated.Length == 1 ? s : c.Node("Expand", [s, size]), -1))]);
    }

    /// <summary>A truth value for each place: what is set takes one value, or each its own.</summary>
    private static void Masked(OperatorContext c, IReadOnlyList<ListedTensor> indices, bool adds)
    {
        if (indices is not [{ Type: ScalarType.Bool, Place: 0 } mask] || c.Shape(2).Any(s => s is not { IsConstant: true, Value: 1 }))
        {
            throw c.Unsupported("a mask as index and a value for each place; use torch.where or masked_scatter");
        }

        ScalarType type = c.OutputType();
        string value = c.Rank(2) == 0 ? c.Operand(2, type) : c.Squeeze(c.Operand(2, type), [.. Enumerable.Range(0, c.Rank(2)).Select(a => (long)a)]);
        string where = c.Unsqueeze(mask.Value, [.. Enumerable.Range(mask.Shape.Count, c.Rank(0) - mask.Shape.Count).Select(a => (long)a)]);
        c.Return(c.Choose(type, where, adds ? c.Arithmetic("Add", type, c.Tensor(0), value) : value, c.Tensor(0)));
    }

    // self, dim, index, source, alpha
    private static void IndexAdd(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string source = c.Operand(3, type);
        AlongAxis(c, c.IsNone(4) || c.Number(4) == 1 ? source : c.Arithmetic("Mul", type, source, c.Scalar(c.Number(4), type)), "add");
    }

    // self, dim, index, value
    private static void IndexFill(OperatorContext c)
    {
        int axis = c.Axis(1, c.Rank(0));
        string count = c.Rank(2) == 0 ? c.Vector(1) : c.Node("Shape", [c.Tensor(2)]);
        string shape = c.Concat(0, [.. Enumerable.Range(0, c.Rank(0)).Select(a => a == axis ? count : c.Vector([c.Shape(0)[a]]))]);
        AlongAxis(c, c.Node("Expand", [c.Operand(3, c.OutputType()), shape]), "none");
    }

    /// <summary>Parts of argument 0 along axis argument 1, at the places that argument 2 states.</summary>
    private static void AlongAxis(OperatorContext c, string source, string reduction)
    {
        int axis = c.Axis(1, c.Rank(0));
        int[] order = [axis, .. Enumerable.Range(0, c.Rank(0)).Where(a => a != axis)];
        string places = c.Rank(2) == 0 ? c.Unsqueeze(c.Tensor(2), 0) : c.Tensor(2);
        Into(c, c.Tensor(0), order, c.Unsqueeze(places, 1), c.Transpose(source, order), 1, reduction);
    }

    /// <summary>Writes into a tensor whose axes are reordered for it.</summary>
    private static void Into(OperatorContext c, string value, int[] order, string coordinates, string updates, int stated, string reduction)
    {
        ScalarType type = c.OutputType(), compute = reduction == "none" ? type : Kernels.Wide(type);
        int[] back = [.. Enumerable.Range(0, order.Length).Select(a => Array.IndexOf(order, a))];
        string turned = c.Cast(c.Transpose(value, order), type, compute), source = c.Cast(updates, type, compute);
        string written = reduction == "none"
            ? c.Node("ScatterND", [turned, coordinates, source])
            : Added(c, turned, order, coordinates, source, stated, reduction);
        c.Return(c.Transpose(c.Cast(written, compute, type), back));
    }

    /// <summary>
    /// Adds where one place may be stated several times, element by element: ONNX Runtime's ScatterND adds on several threads at once, and loses what
    /// two of them add to one place.
    /// </summary>
    private static string Added(OperatorContext c, string turned, int[] order, string coordinates, string source, int stated, string reduction)
    {
        // The stated axes as one, and places as numbers along it.
        string shape = c.Node("Shape", [turned]), rest = c.Slice(shape, 0, stated, CommonNodes.Open), places;
        string flat = turned;
        if (stated == 1)
        {
            places = coordinates;
        }
        else
        {
            string sides = c.Slice(shape, 0, 0, stated), negative = c.Cast(c.Node("Less", [coordinates, c.Scalar(0, ScalarType.Int64)]), ScalarType.Bool, ScalarType.Int64);
            string counted = c.Node("Add", [coordinates, c.Node("Mul", [negative, sides])]);
            string[] steps = [.. Enumerable.Range(1, stated).Select(axis => axis == stated ? c.Vector(1) : c.Reduce("ReduceProd", c.Slice(shape, 0, axis, stated), [0], keep: true))];
            places = c.Reduce("ReduceSum", c.Node("Mul", [counted, c.Concat(0, steps)]), [-1], keep: true);
            flat = c.Node("Reshape", [turned, c.Concat(0, c.Vector(-1), rest)]);
        }

        // [places, rest...]: each place stands for all that lies behind it.
        int behind = order.Length - stated;
        string many = c.Concat(0, c.Vector(-1), rest), updates = c.Node("Reshape", [source, many]);
        string column = c.Node("Reshape", [places, c.Vector([-1, .. Enumerable.Repeat(1L, behind)])]);
        string indices = c.Node("Expand", [column, c.Node("Shape", [updates])]);
        string added = c.Node("ScatterElements", [flat, indices, updates], [("axis", 0L), .. Reduction(c, reduction)]);
        return stated == 1 ? added : c.Node("Reshape", [added, shape]);
    }

    // self, mask, source: the n-th place that is set takes the n-th element of the source.
    private static void MaskedScatter(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string mask = c.Node("Expand", [c.Tensor(1), c.ShapeVector(0)]);
        string flat = c.Cast(c.Node("Reshape", [mask, c.Vector(-1)]), ScalarType.Bool, ScalarType.Int64);
        string number = c.Node("Sub", [c.Node("CumSum", [flat, c.Scalar(0, ScalarType.Int64)]), c.Scalar(1, ScalarType.Int64)]);
        string place = c.Node("Max", [number, c.Scalar(0, ScalarType.Int64)]);
        string source = c.Node("Reshape", [c.Operand(2, type), c.Vector(-1)]);
        string found = c.Node("Reshape", [c.Node("Gather", [source, place]), c.ShapeVector(0)]);
        c.Return(c.Choose(type, mask, found, c.Tensor(0)));
    }

    // self, src, dim, index
    private static void SelectScatter(OperatorContext c)
    {
        int axis = c.Axis(2, c.Rank(0));
        Replace(c, c.Unsqueeze(c.Operand(1, c.OutputType()), axis), axis, c.Size(3), c.Size(3).Plus(1));
    }

    // self, src, dim, start, end, step
    private static void SliceScatter(OperatorContext c)
    {
        int axis = c.Axis(2, c.Rank(0));
        SymbolicInt side = c.Shape(0)[axis], start = c.IsNone(3) ? 0 : c.Size(3), end = c.IsNone(4) ? side : c.Size(4);
        string source = c.Operand(1, c.OutputType());
        if (c.Int(5, 1) == 1)
        {
            Replace(c, source, axis, start, end.IsConstant && side.IsConstant && end.Value > side.Value ? side : end);
            return;
        }

        if (!side.IsConstant || !start.IsConstant || !end.IsConstant)
        {
            throw c.Unsupported("a step along an axis whose size changes; keep it fixed (DynamicAxes)");
        }

        long Within(long place) => Math.Clamp(place < 0 ? place + side.Value : place, 0, side.Value);
        var places = new List<long>();
        for (long place = Within(start.Value); place < Within(end.Value); place += c.Int(5))
        {
            places.Add(place);
        }

        int[] order = [axis, .. Enumerable.Range(0, c.Rank(0)).Where(a => a != axis)];
        Into(c, c.Tensor(0), order, c.Unsqueeze(c.Vector([.. places]), 1), c.Transpose(source, order), 1, "none");
    }

    /// <summary>What lies before, the new part, and what lies behind.</summary>
    private static void Replace(OperatorContext c, string part, int axis, SymbolicInt start, SymbolicInt end)
    {
        SymbolicInt side = c.Shape(0)[axis];
        start = start is { IsConstant: true, Value: < 0 } ? side.Plus(start.Value) : start;
        end = end is { IsConstant: true, Value: <= 0 } ? side.Plus(end.Value) : end;
        List<string> parts = [part];
        if (!start.Equals(0))
        {
            parts.Insert(0, c.Slice(c.Tensor(0), axis, 0, start));
        }

        if (!end.Equals(side))
        {
            parts.Add(c.Slice(c.Tensor(0), axis, end, CommonNodes.Open));
        }

        c.Return(c.Concat(axis, parts));
    }

    // self, offset, dim1, dim2
    private static void DiagonalMatrix(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int rank = c.OutputRank(), first = c.IsNone(2) ? rank - 2 : c.Axis(2, rank), second = c.IsNone(3) ? rank - 1 : c.Axis(3, rank);
        long offset = c.Int(1, 0), before = Math.Abs(offset);
        SymbolicInt side = c.Shape(0)[^1];

        // Rows of the value under each other, hidden off the diagonal, and moved by empty rows and columns.
        string places = c.Range(side);
        string diagonal = c.Node("Equal", [c.Unsqueeze(places, 1), places]);
        string matrix = c.Choose(type, diagonal, c.Unsqueeze(c.Tensor(0), rank - 1), c.Scalar(0, type));
        if (before > 0)
        {
            long[] front = new long[rank], behind = new long[rank];
            (front[^1], behind[^2]) = offset > 0 ? (before, before) : (0, 0);
            (front[^2], behind[^1]) = offset < 0 ? (before, before) : (0, 0);
            ScalarType compute = Kernels.Wide(type);
            matrix = c.Cast(c.Node("Pad", [c.Cast(matrix, type, compute), c.Vector([.. front, .. behind]), c.Scalar(0, compute)]), compute, type);
        }

        var order = new int[rank];
        var rest = new Queue<int>(Enumerable.Range(0, rank - 2));
        for (int axis = 0; axis < rank; axis++)
        {
            order[axis] = axis == first ? rank - 2 : axis == second ? rank - 1 : rest.Dequeue();
        }

        c.Return(c.Transpose(matrix, order));
    }
}
