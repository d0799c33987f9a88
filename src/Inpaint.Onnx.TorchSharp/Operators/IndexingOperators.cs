using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Slices, elements selected by indices, and reversed or shifted elements.</summary>
internal static class IndexingOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)", Slice);
        table.Add("aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)", Narrow);
        table.Add("aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)",
            c => c.Return(
                c.Node("Gather", [c.Tensor("self"), c.ScalarOf(c.Size("index"))], ("axis", (long)c.Axis("dim", c.Rank("self"))))));
        table.Add("aten::index_select(Tensor self, int dim, Tensor index) -> Tensor", IndexSelect);
        table.Add("aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor",
            c => c.Return(
                c.Node("GatherElements", [Listed(c, "self"), Listed(c, "index")], ("axis", (long)c.Axis("dim", c.Rank("self"))))));
        table.Add("aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor", TakeAlong);
        table.Add("aten::take(Tensor self, Tensor index) -> Tensor",
            c => c.Return(c.Node("Gather", [c.Node("Reshape", [c.Tensor("self"), c.Vector(-1)]), c.Tensor("index")])));
        table.Add("aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor", Index);
        table.Add("aten::flip(Tensor self, int[] dims) -> Tensor", c => c.Return(Flipped(c, c.Tensor("self"), c.Ints("dims"))));
        table.Add("aten::fliplr(Tensor self) -> Tensor", c => c.Return(Flipped(c, c.Tensor("self"), [1])));
        table.Add("aten::flipud(Tensor self) -> Tensor", c => c.Return(Flipped(c, c.Tensor("self"), [0])));
        table.Add("aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor", Roll);
        table.Add("aten::fft_fftshift(Tensor self, int[1]? dim=None) -> Tensor", c => Shift(c, forward: true));
        table.Add("aten::fft_ifftshift(Tensor self, int[1]? dim=None) -> Tensor", c => Shift(c, forward: false));
        table.Add("aten::rot90(Tensor self, int k=1, int[] dims=[0,1]) -> Tensor", Rotate);
        table.Add("aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)",
            c => c.Return(Diagonal(c, c.Int("offset"), c.Axis("dim1", c.Rank("self")), c.Axis("dim2", c.Rank("self")))));
        table.Add("aten::diag(Tensor self, int diagonal=0) -> Tensor",
            c => c.Return(c.Rank("self") == 2 ? Diagonal(c, c.Int("diagonal"), 0, 1)
                : throw c.Unsupported("a vector; only the diagonal of a matrix can be taken")));
    }

    private static void Slice(OperatorContext c)
    {
        int axis = c.Axis("dim", c.Rank("self"));
        SymbolicInt start = c.IsNone("start") ? 0 : c.Size("start"), end = c.IsNone("end") ? CommonNodes.Open
            : c.Size("end"), side = c.Shape("self")[axis];
        bool toTheEnd = end.Equals(side) || (end.IsConstant && side.IsConstant && end.Value >= side.Value);
        c.Return(c.Slice(c.Tensor("self"), axis, start, toTheEnd ? CommonNodes.Open : end, c.Int("step")));
    }

    private static void Narrow(OperatorContext c)
    {
        int axis = c.Axis("dim", c.Rank("self"));
        SymbolicInt start = c.Size("start"), length = c.Size("length"), side = c.Shape("self")[axis];
        if (start.IsConstant && start.Value < 0)
        {
            start = side.Plus(start.Value);
        }

        SymbolicInt end = start.IsConstant ? length.Plus(start.Value)
            : length.IsConstant ? start.Plus(length.Value)
            : start.Value + length.Value == side.Value ? CommonNodes.Open
            : throw c.Unsupported($"{length} places from {start} on");
        c.Return(c.Slice(c.Tensor("self"), axis, start, end.Equals(side) ? CommonNodes.Open : end));
    }

    private static void IndexSelect(OperatorContext c)
    {
        string index = c.Rank("index") == 0 ? c.Unsqueeze(c.Tensor("index"), 0) : c.Tensor("index");
        c.Return(c.Rank("self") == 0 ? c.Tensor("self")
            : c.Node("Gather", [c.Tensor("self"), index], ("axis", (long)c.Axis("dim", c.Rank("self")))));
    }

    /// <summary>A scalar as a vector of one element.</summary>
    private static string Listed(OperatorContext c, string name) => c.Rank(name) == 0 ? c.Unsqueeze(c.Tensor(name), 0) : c.Tensor(name);

    private static void TakeAlong(OperatorContext c)
    {
        if (c.IsNone("dim"))
        {
            string[] flat = [.. new[] { "self", "indices" }.Select(name => c.Node("Reshape", [c.Tensor(name), c.Vector(-1)]))];
            c.Return(c.Node("GatherElements", flat, ("axis", 0L)));
            return;
        }

        int axis = c.Axis("dim", c.Rank("self"));
        IReadOnlyList<SymbolicInt> values = c.Shape("self"), indices = c.Shape("indices");
        SymbolicInt[] common = [.. values.Zip(indices, (v, i) => v is { IsConstant: true, Value: 1 } ? i : v)];
        string Broadcast(string name, IReadOnlyList<SymbolicInt> shape)
        {
            SymbolicInt[] target = [.. common.Select((s, a) => a == axis || shape[a].Equals(s) ? 1 : s)];
            return target.All(s => s is { IsConstant: true, Value: 1 }) ? c.Tensor(name)
                : c.Node("Expand", [c.Tensor(name), c.Vector(target)]);
        }

        c.Return(c.Node("GatherElements", [Broadcast("self", values), Broadcast("indices", indices)], ("axis", (long)axis)));
    }

    // A tensor or None for each of the first axes
    private static void Index(OperatorContext c)
    {
        IReadOnlyList<ListedTensor> indices = c.Stated("indices");
        int[] axes = [.. indices.Select(i => i.Place)];
        int rank = c.Rank("self");
        if (indices.Any(i => i.Type is ScalarType.Bool or ScalarType.Byte))
        {
            throw c.Unsupported("a mask as index, which gives as many elements as are set; use torch.where or masked_fill");
        }

        if (indices.Count == 1)
        {
            c.Return(c.Node("Gather", [c.Tensor("self"), indices[0].Value], ("axis", (long)axes[0])));
            return;
        }

        // The stated axes come first; their places become one axis of coordinates.
        int[] rest = [.. Enumerable.Range(0, rank).Where(a => !axes.Contains(a))];
        int broadcast = indices.Max(i => i.Shape.Count);
        string coordinates = ScatteringOperators.Coordinates(c, indices);
        string found = c.Node("GatherND", [c.Transpose(c.Tensor("self"), [.. axes, .. rest]), coordinates]);

        // Adjacent axes are replaced in place; otherwise the new axes come first.
        bool together = axes[^1] - axes[0] == axes.Length - 1;
        int before = together ? axes[0] : 0;
        c.Return(c.Transpose(found,
            [.. Enumerable.Range(broadcast, before), .. Enumerable.Range(0, broadcast),
                .. Enumerable.Range(broadcast + before, rest.Length - before)]));
    }

    private static string Flipped(OperatorContext c, string value, long[] axes)
    {
        if (axes.Length == 0)
        {
            return value;
        }

        string Same(long number) => c.Vector([.. Enumerable.Repeat(number, axes.Length)]);
        return c.Node("Slice", [value, Same(-1), Same(long.MinValue), c.Vector(axes), Same(-1)]);
    }

    private static void Roll(OperatorContext c)
    {
        long[] shifts = c.Ints("shifts"), axes = c.IsNone("dims") ? [] : c.Ints("dims");
        if (axes.Length == 0)
        {
            SymbolicInt count = c.Shape("self").All(s => s.IsConstant) ? c.Shape("self").Aggregate(1L, (a, s) => a * s.Value)
                : throw c.Unsupported("no axes, on a tensor whose size changes; state the axes");
            string flat = Rolled(c, c.Node("Reshape", [c.Tensor("self"), c.Vector(-1)]), 0, count, shifts[0]);
            c.Return(c.Reshape(flat, c.OutputShape()));
            return;
        }

        string value = c.Tensor("self");
        foreach ((long shift, long axis) in shifts.Zip(axes))
        {
            long at = axis < 0 ? axis + c.Rank("self") : axis;
            value = Rolled(c, value, at, c.Shape("self")[(int)at], shift);
        }

        c.Return(value);
    }

    private static string Rolled(OperatorContext c, string value, long axis, SymbolicInt side, long shift)
    {
        if (side.IsConstant)
        {
            shift = side.Value == 0 ? 0 : shift % side.Value;
        }

        return shift == 0 ? value : c.Concat(axis, c.Slice(value, axis, -shift, CommonNodes.Open), c.Slice(value, axis, 0, -shift));
    }

    private static void Shift(OperatorContext c, bool forward)
    {
        string value = c.Tensor("self");
        foreach (long axis in c.Axes("dim", c.Rank("self")))
        {
            SymbolicInt side = c.Shape("self")[(int)axis];
            long half = side.IsConstant ? side.Value / 2 : throw c.Unsupported($"an axis of {side}; keep it fixed (DynamicAxes)");
            value = Rolled(c, value, axis, side, forward ? half : side.Value - half);
        }

        c.Return(value);
    }

    private static void Rotate(OperatorContext c)
    {
        long turns = ((c.Int("k") % 4) + 4) % 4;
        long[] axes = c.Axes("dims", c.Rank("self"));
        int[] order = CommonNodes.Order(c.Rank("self"));
        (order[axes[0]], order[axes[1]]) = (order[axes[1]], order[axes[0]]);
        c.Return(turns switch
        {
            0 => c.Tensor("self"),
            1 => c.Transpose(Flipped(c, c.Tensor("self"), [axes[1]]), order),
            2 => Flipped(c, c.Tensor("self"), axes),
            _ => Flipped(c, c.Transpose(c.Tensor("self"), order), [axes[1]]),
        });
    }

    private static string Diagonal(OperatorContext c, long offset, int first, int second)
    {
        SymbolicInt rows = c.Shape("self")[first], columns = c.Shape("self")[second];
        if (!rows.IsConstant || !columns.IsConstant)
        {
            throw c.Unsupported("axes whose size changes; keep them fixed (DynamicAxes)");
        }

        // Merges both axes and gathers from the result.
        int[] rest = [.. CommonNodes.Order(c.Rank("self")).Where(a => a != first && a != second)];
        IReadOnlyList<SymbolicInt> shape = [.. rest.Select(a => c.Shape("self")[a])];
        string turned = c.Transpose(c.Tensor("self"), [.. rest, first, second]);
        string flat = c.Reshape(turned, [.. shape, rows, columns], [.. shape, rows.Value * columns.Value]);
        long count = c.OutputShape()[^1].Value, start = offset >= 0 ? offset : -offset * columns.Value;
        long[] places = [.. Enumerable.Range(0, checked((int)count)).Select(i => start + (i * (columns.Value + 1)))];
        return c.Node("Gather", [flat, c.Vector(places)], ("axis", (long)rest.Length));
    }
}
