using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>A tensor with other elements at stated places.</summary>
internal static class ScatteringOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor
            aten::scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor
            aten::scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor
            aten::scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor
            """, Scatter);
        table.Add("aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor",
            c => c.Return(Elements(c, Source(c), "add")));
        table.Add("aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor", IndexPut);
        table.Add("aten::index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor", IndexAdd);
        table.Add("aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor",
            c => AlongAxis(c, c.Operand("source", c.OutputType()), "none"));
        table.Add("aten::index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor", IndexFill);
        table.Add("aten::masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor", MaskedScatter);
        table.Add("aten::select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor", SelectScatter);
        table.Add("aten::slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor",
            SliceScatter);
        table.Add("aten::diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor", DiagonalMatrix);
    }

    private static void Scatter(OperatorContext c)
    {
        if (!c.IsNone("reduce"))
        {
            throw c.Unsupported($"reduce = {c.Text("reduce")}");
        }

        c.Return(Elements(c, Source(c), "none"));
    }

    /// <summary>The source, in the shape of the index.</summary>
    private static string Source(OperatorContext c)
    {
        if (c.IsNone("src"))
        {
            return c.Node("Expand", [c.Operand("value", c.OutputType()), c.ShapeVector("index")]);
        }

        // Elements of the source beyond the index are not used.
        string source = c.Operand("src", c.OutputType());
        return c.Shape("src").SequenceEqual(c.Shape("index")) ? source
            : c.Node("Slice", [source, c.Vector(new long[c.Rank("src")]), c.ShapeVector("index")]);
    }

    private static string Elements(OperatorContext c, string source, string reduction)
    {
        ScalarType type = c.OutputType(), compute = reduction == "none" ? type : Kernels.Wide(type);
        AttributePair[] attributes = [("axis", (long)c.Axis("dim", c.Rank("self"))), .. Reduction(c, reduction)];
        return c.Cast(
            c.Node("ScatterElements", [c.Cast(c.Tensor("self"), type, compute), c.Tensor("index"), c.Cast(source, type, compute)],
                attributes), compute, type);
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

    // A tensor or None for each of the first axes, values, accumulate
    private static void IndexPut(OperatorContext c)
    {
        IReadOnlyList<ListedTensor> indices = c.Stated("indices");
        ScalarType type = c.OutputType();
        bool adds = c.Flag("accumulate");
        if (indices.Any(i => i.Type is ScalarType.Bool or ScalarType.Byte))
        {
            Masked(c, indices, adds);
            return;
        }

        // The stated axes come first; their places become one axis of coordinates.
        int[] axes = [.. indices.Select(i => i.Place)], rest = [.. Enumerable.Range(0, c.Rank("self")).Where(a => !axes.Contains(a))];
        int broadcast = indices.Max(i => i.Shape.Count);
        string coordinates = Coordinates(c, indices);
        string places = c.Node("Slice", [c.Node("Shape", [coordinates]), c.Vector(0), c.Vector(-1)]);

        // Values are broadcast to the result of indexing, and then transposed likewise.
        bool together = axes[^1] - axes[0] == axes.Length - 1;
        int before = together ? axes[0] : 0;
        string Sides(IEnumerable<int> of) => c.Vector([.. of.Select(a => c.Shape("self")[a])]);
        string shape = c.Concat(0, [.. new[] { Sides(rest.Take(before)), places, Sides(rest.Skip(before)) }]);
        string values = c.Node("Expand", [c.Operand("values", type), shape]);
        values = c.Transpose(values,
            [.. Enumerable.Range(before, broadcast), .. Enumerable.Range(0, before),
                .. Enumerable.Range(before + broadcast, rest.Length - before)]);
        int[] order = [.. axes, .. rest];
        Into(c, c.Tensor("self"), order, coordinates, values, axes.Length, adds ? "add" : "none");
    }

    /// <summary>The places that several indices state together: their broadcast shape, and an axis with one number for each.</summary>
    internal static string Coordinates(OperatorContext c, IReadOnlyList<ListedTensor> indices)
    {
        string[] stated = [.. indices.Select(i => c.Cast(i.Value, i.Type, ScalarType.Int64))];
        string size = stated.Skip(1).Aggregate(c.Node("Shape", [stated[0]]), (all, index) =>
            c.Node("Shape", [c.Node("Expand", [index, all])]));
        return c.Concat(-1, [.. stated.Select(s => c.Unsqueeze(stated.Length == 1 ? s : c.Node("Expand", [s, size]), -1))]);
    }

    /// <summary>A boolean mask as index.</summary>
    private static void Masked(OperatorContext c, IReadOnlyList<ListedTensor> indices, bool adds)
    {
        if (indices is not [{ Type: ScalarType.Bool, Place: 0 } mask]
            || c.Shape("values").Any(s => s is not { IsConstant: true, Value: 1 }))
        {
            throw c.Unsupported("a mask as index and a value for each place; use torch.where or masked_scatter");
        }

        ScalarType type = c.OutputType();
        string value = c.Rank("values") == 0 ? c.Operand("values", type)
            : c.Squeeze(c.Operand("values", type), [.. Enumerable.Range(0, c.Rank("values")).Select(a => (long)a)]);
        string where =
            c.Unsqueeze(mask.Value, [.. Enumerable.Range(mask.Shape.Count, c.Rank("self") - mask.Shape.Count).Select(a => (long)a)]);
        c.Return(c.Choose(type, where, adds ? c.Arithmetic("Add", type, c.Tensor("self"), value) : value, c.Tensor("self")));
    }

    private static void IndexAdd(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string source = c.Operand("source", type);
        AlongAxis(c, c.Number("alpha") == 1 ? source : c.Arithmetic("Mul", type, source, c.Scalar(c.Number("alpha"), type)), "add");
    }

    private static void IndexFill(OperatorContext c)
    {
        int axis = c.Axis("dim", c.Rank("self"));
        string count = c.Rank("index") == 0 ? c.Vector(1) : c.Node("Shape", [c.Tensor("index")]);
        string shape =
            c.Concat(0, [.. Enumerable.Range(0, c.Rank("self")).Select(a => a == axis ? count : c.Vector([c.Shape("self")[a]]))]);
        AlongAxis(c, c.Node("Expand", [c.Operand("value", c.OutputType()), shape]), "none");
    }

    /// <summary>Parts of argument 0 along axis argument 1, at the places that argument 2 states.</summary>
    private static void AlongAxis(OperatorContext c, string source, string reduction)
    {
        int axis = c.Axis("dim", c.Rank("self"));
        int[] order = [axis, .. Enumerable.Range(0, c.Rank("self")).Where(a => a != axis)];
        string places = c.Rank("index") == 0 ? c.Unsqueeze(c.Tensor("index"), 0) : c.Tensor("index");
        Into(c, c.Tensor("self"), order, c.Unsqueeze(places, 1), c.Transpose(source, order), 1, reduction);
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
    /// Adds element by element if indices may be repeated: ONNX Runtime's ScatterND adds in parallel, and loses what two of them add to one
    /// place.
    /// </summary>
    private static string Added(OperatorContext c, string turned, int[] order, string coordinates, string source, int stated,
        string reduction)
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
            string sides = c.Slice(shape, 0, 0, stated),
                negative = c.Cast(c.Node("Less", [coordinates, c.Scalar(0, ScalarType.Int64)]), ScalarType.Bool, ScalarType.Int64);
            string counted = c.Node("Add", [coordinates, c.Node("Mul", [negative, sides])]);
            string[] steps =
                [.. Enumerable.Range(1, stated)
                    .Select(axis => axis == stated ? c.Vector(1)
                    : c.Reduce("ReduceProd", c.Slice(shape, 0, axis, stated), [0], keep: true))];
            places = c.Reduce("ReduceSum", c.Node("Mul", [counted, c.Concat(0, steps)]), [-1], keep: true);
            flat = c.Node("Reshape", [turned, c.Concat(0, c.Vector(-1), rest)]);
        }

        // [places, rest...]: each place selects all of the remaining axes.
        int behind = order.Length - stated;
        string many = c.Concat(0, c.Vector(-1), rest), updates = c.Node("Reshape", [source, many]);
        string column = c.Node("Reshape", [places, c.Vector([-1, .. Enumerable.Repeat(1L, behind)])]);
        string indices = c.Node("Expand", [column, c.Node("Shape", [updates])]);
        string added = c.Node("ScatterElements", [flat, indices, updates], [("axis", 0L), .. Reduction(c, reduction)]);
        return stated == 1 ? added : c.Node("Reshape", [added, shape]);
    }

    // The n-th place that is set takes the n-th element of the source.
    private static void MaskedScatter(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string mask = c.Node("Expand", [c.Tensor("mask"), c.ShapeVector("self")]);
        string flat = c.Cast(c.Node("Reshape", [mask, c.Vector(-1)]), ScalarType.Bool, ScalarType.Int64);
        string number = c.Node("Sub", [c.Node("CumSum", [flat, c.Scalar(0, ScalarType.Int64)]), c.Scalar(1, ScalarType.Int64)]);
        string place = c.Node("Max", [number, c.Scalar(0, ScalarType.Int64)]);
        string source = c.Node("Reshape", [c.Operand("source", type), c.Vector(-1)]);
        string found = c.Node("Reshape", [c.Node("Gather", [source, place]), c.ShapeVector("self")]);
        c.Return(c.Choose(type, mask, found, c.Tensor("self")));
    }

    private static void SelectScatter(OperatorContext c)
    {
        int axis = c.Axis("dim", c.Rank("self"));
        Replace(c, c.Unsqueeze(c.Operand("src", c.OutputType()), axis), axis, c.Size("index"), c.Size("index").Plus(1));
    }

    private static void SliceScatter(OperatorContext c)
    {
        int axis = c.Axis("dim", c.Rank("self"));
        SymbolicInt side = c.Shape("self")[axis], start = c.IsNone("start") ? 0 : c.Size("start"), end = c.IsNone("end") ? side
            : c.Size("end");
        string source = c.Operand("src", c.OutputType());
        if (c.Int("step") == 1)
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
        for (long place = Within(start.Value); place < Within(end.Value); place += c.Int("step"))
        {
            places.Add(place);
        }

        int[] order = [axis, .. Enumerable.Range(0, c.Rank("self")).Where(a => a != axis)];
        Into(c, c.Tensor("self"), order, c.Unsqueeze(c.Vector([.. places]), 1), c.Transpose(source, order), 1, "none");
    }

    /// <summary>The part before, the new part, and the part after.</summary>
    private static void Replace(OperatorContext c, string part, int axis, SymbolicInt start, SymbolicInt end)
    {
        SymbolicInt side = c.Shape("self")[axis];
        start = start is { IsConstant: true, Value: < 0 } ? side.Plus(start.Value) : start;
        end = end is { IsConstant: true, Value: <= 0 } ? side.Plus(end.Value) : end;
        List<string> parts = [part];
        if (!start.Equals(0))
        {
            parts.Insert(0, c.Slice(c.Tensor("self"), axis, 0, start));
        }

        if (!end.Equals(side))
        {
            parts.Add(c.Slice(c.Tensor("self"), axis, end, CommonNodes.Open));
        }

        c.Return(c.Concat(axis, parts));
    }

    private static void DiagonalMatrix(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int rank = c.OutputRank(), first = c.Axis("dim1", rank), second = c.Axis("dim2", rank);
        long offset = c.Int("offset"), before = Math.Abs(offset);
        SymbolicInt side = c.Shape("self")[^1];

        // Rows of the value under each other, hidden off the diagonal, and moved by empty rows and columns.
        string places = c.Range(side);
        string diagonal = c.Node("Equal", [c.Unsqueeze(places, 1), places]);
        string matrix = c.Choose(type, diagonal, c.Unsqueeze(c.Tensor("self"), rank - 1), c.Scalar(0, type));
        if (before > 0)
        {
            long[] front = new long[rank], behind = new long[rank];
            (front[^1], behind[^2]) = offset > 0 ? (before, before) : (0, 0);
            (front[^2], behind[^1]) = offset < 0 ? (before, before) : (0, 0);
            ScalarType compute = Kernels.Wide(type);
            matrix = c.Cast(c.Node("Pad", [c.Cast(matrix, type, compute), c.Vector([.. front, .. behind]), c.Scalar(0, compute)]),
                compute, type);
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
