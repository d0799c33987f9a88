using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Parts of a tensor: slices, single places, places that other tensors state, and the same elements turned round.</summary>
internal static class IndexingOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::slice"] = Slice;
        table["aten::narrow"] = Narrow;
        table["aten::select"] = c => c.Return(c.Node("Gather", [c.Tensor(0), c.ScalarOf(c.Size(2))], ("axis", (long)c.Axis(1, c.Rank(0)))));
        table["aten::index_select"] = IndexSelect;
        table["aten::gather"] = c => c.Return(c.Node("GatherElements", [Listed(c, 0), Listed(c, 2)], ("axis", (long)c.Axis(1, c.Rank(0)))));
        table["aten::take_along_dim"] = TakeAlong;
        table["aten::take"] = c => c.Return(c.Node("Gather", [c.Node("Reshape", [c.Tensor(0), c.Vector(-1)]), c.Tensor(1)]));
        table["aten::index"] = Index;
        table["aten::flip"] = c => c.Return(Flipped(c, c.Tensor(0), c.Ints(1)));
        table["aten::fliplr"] = c => c.Return(Flipped(c, c.Tensor(0), [1]));
        table["aten::flipud"] = c => c.Return(Flipped(c, c.Tensor(0), [0]));
        table["aten::roll"] = Roll;
        table["aten::fft_fftshift"] = c => Shift(c, forward: true);
        table["aten::fft_ifftshift"] = c => Shift(c, forward: false);
        table["aten::rot90"] = Rotate;
        table["aten::diagonal"] = c => c.Return(Diagonal(c, c.Int(1, 0), c.IsNone(2) ? 0 : c.Axis(2, c.Rank(0)), c.IsNone(3) ? 1 : c.Axis(3, c.Rank(0))));
        table["aten::diag"] = c => c.Return(c.Rank(0) == 2 ? Diagonal(c, c.Int(1, 0), 0, 1) : throw c.Unsupported("a vector; only the diagonal of a matrix can be taken"));
    }

    // self, dim, start, end, step
    private static void Slice(OperatorContext c)
    {
        int axis = c.Axis(1, c.Rank(0));
        SymbolicInt start = c.IsNone(2) ? 0 : c.Size(2), end = c.IsNone(3) ? CommonNodes.Open : c.Size(3), side = c.Shape(0)[axis];
        bool toTheEnd = end.Equals(side) || (end.IsConstant && side.IsConstant && end.Value >= side.Value);
        c.Return(c.Slice(c.Tensor(0), axis, start, toTheEnd ? CommonNodes.Open : end, c.Int(4, 1)));
    }

    // self, dim, start, length
    private static void Narrow(OperatorContext c)
    {
        int axis = c.Axis(1, c.Rank(0));
        SymbolicInt start = c.Size(2), length = c.Size(3), side = c.Shape(0)[axis];
        if (start.IsConstant && start.Value < 0)
        {
            start = side.Plus(start.Value);
        }

        SymbolicInt end = start.IsConstant ? length.Plus(start.Value)
            : length.IsConstant ? start.Plus(length.Value)
            : start.Value + length.Value == side.Value ? CommonNodes.Open
            : throw c.Unsupported($"{length} places from {start} on");
        c.Return(c.Slice(c.Tensor(0), axis, start, end.Equals(side) ? CommonNodes.Open : end));
    }

    // self, dim, index
    private static void IndexSelect(OperatorContext c)
    {
        string index = c.Rank(2) == 0 ? c.Unsqueeze(c.Tensor(2), 0) : c.Tensor(2);
        c.Return(c.Rank(0) == 0 ? c.Tensor(0) : c.Node("Gather", [c.Tensor(0), index], ("axis", (long)c.Axis(1, c.Rank(0)))));
    }

    /// <summary>A tensor without axes as a vector of one.</summary>
    private static string Listed(OperatorContext c, int i) => c.Rank(i) == 0 ? c.Unsqueeze(c.Tensor(i), 0) : c.Tensor(i);

    // self, indices, dim
    private static void TakeAlong(OperatorContext c)
    {
        if (c.IsNone(2))
        {
            string[] flat = [.. new[] { 0, 1 }.Select(i => c.Node("Reshape", [c.Tensor(i), c.Vector(-1)]))];
            c.Return(c.Node("GatherElements", flat, ("axis", 0L)));
            return;
        }

        int axis = c.Axis(2, c.Rank(0));
        IReadOnlyList<SymbolicInt> values = c.Shape(0), indices = c.Shape(1);
        SymbolicInt[] common = [.. values.Zip(indices, (v, i) => v is { IsConstant: true, Value: 1 } ? i : v)];
        string Broadcast(int argument, IReadOnlyList<SymbolicInt> shape)
        {
            SymbolicInt[] target = [.. common.Select((s, a) => a == axis || shape[a].Equals(s) ? 1 : s)];
            return target.All(s => s is { IsConstant: true, Value: 1 }) ? c.Tensor(argument) : c.Node("Expand", [c.Tensor(argument), c.Vector(target)]);
        }

        c.Return(c.Node("GatherElements", [Broadcast(0, values), Broadcast(1, indices)], ("axis", (long)axis)));
    }

    // self, indices: a tensor or None for each of the first axes
    private static void Index(OperatorContext c)
    {
        IReadOnlyList<ListedTensor> indices = c.Stated(1);
        int[] axes = [.. indices.Select(i => i.Place)];
        int rank = c.Rank(0);
        if (indices.Any(i => i.Type is ScalarType.Bool or ScalarType.Byte))
        {
            throw c.Unsupported("a mask as index, which gives as many elements as are set; use torch.where or masked_fill");
        }

        if (indices.Count == 1)
        {
            c.Return(c.Node("Gather", [c.Tensor(0), indices[0].Value], ("axis", (long)axes[0])));
            return;
        }

        // The stated axes come first; their places become one axis of coordinates.
        int[] rest = [.. Enumerable.Range(0, rank).Where(a => !axes.Contains(a))];
        int broadcast = indices.Max(i => i.Shape.Count);
        string coordinates = ScatteringOperators.Coordinates(c, indices);
        string found = c.Node("GatherND", [c.Transpose(c.Tensor(0), [.. axes, .. rest]), coordinates]);

        // Neighbouring axes are replaced where they stood; others' places stand in front.
        bool together = axes[^1] - axes[0] == axes.Length - 1;
        int before = together ? axes[0] : 0;
        c.Return(c.Transpose(found, [.. Enumerable.Range(broadcast, before), .. Enumerable.Range(0, broadcast), .. Enumerable.Range(broadcast + before, rest.Length - before)]));
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

    // self, shifts, dims
    private static void Roll(OperatorContext c)
    {
        long[] shifts = c.Ints(1), axes = c.IsNone(2) ? [] : c.Ints(2);
        if (axes.Length == 0)
        {
            SymbolicInt count = c.Shape(0).All(s => s.IsConstant) ? c.Shape(0).Aggregate(1L, (a, s) => a * s.Value) : throw c.Unsupported("no axes, on a tensor whose size changes; state the axes");
            string flat = Rolled(c, c.Node("Reshape", [c.Tensor(0), c.Vector(-1)]), 0, count, shifts[0]);
            c.Return(c.Reshape(flat, c.OutputShape()));
            return;
        }

        string value = c.Tensor(0);
        foreach ((long shift, long axis) in shifts.Zip(axes))
        {
            long at = axis < 0 ? axis + c.Rank(0) : axis;
            value = Rolled(c, value, at, c.Shape(0)[(int)at], shift);
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

    // self, dim
    private static void Shift(OperatorContext c, bool forward)
    {
        string value = c.Tensor(0);
        foreach (long axis in c.Axes(1, c.Rank(0)))
        {
            SymbolicInt side = c.Shape(0)[(int)axis];
            long half = side.IsConstant ? side.Value / 2 : throw c.Unsupported($"an axis of {side}; keep it fixed (DynamicAxes)");
            value = Rolled(c, value, axis, side, forward ? half : side.Value - half);
        }

        c.Return(value);
    }

    // self, k, dims
    private static void Rotate(OperatorContext c)
    {
        long turns = ((c.Int(1) % 4) + 4) % 4;
        long[] axes = c.Axes(2, c.Rank(0));
        int[] order = CommonNodes.Order(c.Rank(0));
        (order[axes[0]], order[axes[1]]) = (order[axes[1]], order[axes[0]]);
        c.Return(turns switch
        {
            0 => c.Tensor(0),
            1 => c.Transpose(Flipped(c, c.Tensor(0), [axes[1]]), order),
            2 => Flipped(c, c.Tensor(0), axes),
            _ => Flipped(c, c.Transpose(c.Tensor(0), order), [axes[1]]),
        });
    }

    private static string Diagonal(OperatorContext c, long offset, int first, int second)
    {
        SymbolicInt rows = c.Shape(0)[first], columns = c.Shape(0)[second];
        if (!rows.IsConstant || !columns.IsConstant)
        {
            throw c.Unsupported("axes whose size changes; keep them fixed (DynamicAxes)");
        }

        // Both axes become one, and its places are picked.
        int[] rest = [.. CommonNodes.Order(c.Rank(0)).Where(a => a != first && a != second)];
        IReadOnlyList<SymbolicInt> shape = [.. rest.Select(a => c.Shape(0)[a])];
        string turned = c.Transpose(c.Tensor(0), [.. rest, first, second]);
        string flat = c.Reshape(turned, [.. shape, rows, columns], [.. shape, rows.Value * columns.Value]);
        long count = c.OutputShape()[^1].Value, start = offset >= 0 ? offset : -offset * columns.Value;
        long[] places = [.. Enumerable.Range(0, checked((int)count)).Select(i => start + (i * (columns.Value + 1)))];
        return c.Node("Gather", [flat, c.Vector(places)], ("axis", (long)rest.Length));
    }
}
