using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Several tensors made one, and one made several.</summary>
internal static class JoiningOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::cat"] = c => c.Return(Cat(c, c.IsNone(1) ? 0 : c.Axis(1, c.OutputRank()), Typed(c)));
        table["aten::stack"] = Stack;
        table["aten::hstack"] = c => c.Return(Cat(c, c.OutputRank() == 1 ? 0 : 1, AtLeast(c, 1)));
        table["aten::vstack"] = c => c.Return(Cat(c, 0, AtLeast(c, 2)));
        table["aten::dstack"] = c => c.Return(Cat(c, 2, AtLeast(c, 3)));
        table["aten::column_stack"] = c => c.Return(Cat(c, 1, Columns(c)));
        table["aten::split"] = Split;
        table["aten::split_with_sizes"] = Split;
        table["aten::chunk"] = table["aten::unsafe_chunk"] = Chunk;
        table["aten::tensor_split"] = c => TensorSplit(c, c.IsNone(2) ? 0 : c.Axis(2, c.Rank(0)));
        table["aten::unbind"] = Unbind;
        table["aten::meshgrid"] = MeshGrid;
        table["aten::broadcast_tensors"] = Broadcast;
    }

    private static void Broadcast(OperatorContext c)
    {
        IReadOnlyList<IReadOnlyList<SymbolicInt>> shapes = c.Shapes(0);
        int rank = shapes.Max(s => s.Count);
        SymbolicInt[] common = [.. Enumerable.Repeat<SymbolicInt>(1, rank)];
        foreach (IReadOnlyList<SymbolicInt> shape in shapes)
        {
            for (int axis = 0; axis < shape.Count; axis++)
            {
                int at = rank - shape.Count + axis;
                common[at] = common[at] is { IsConstant: true, Value: 1 } ? shape[axis] : common[at];
            }
        }

        c.ReturnList([.. c.Tensors(0).Select((v, i) => shapes[i].SequenceEqual(common) ? v : c.Node("Expand", [v, c.Vector(common)]))]);
    }

    private static string[] Typed(OperatorContext c) => [.. c.Tensors(0).Zip(c.ElementTypes(0), (v, t) => c.Cast(v, t, c.OutputType()))];

    private static string Cat(OperatorContext c, long axis, string[] values)
    {
        // libtorch leaves out empty vectors, whatever the rank of the others.
        string[] kept = [.. values.Where((_, i) => c.Shapes(0)[i] is not [{ IsConstant: true, Value: 0 }])];
        return kept.Length == 0 ? values[0] : c.Concat(axis, kept);
    }

    private static void Stack(OperatorContext c)
    {
        long axis = c.IsNone(1) ? 0 : c.Axis(1, c.OutputRank());
        c.Return(c.Concat(axis, [.. Typed(c).Select(v => c.Unsqueeze(v, axis))]));
    }

    /// <summary>The tensors with at least so many axes, as libtorch adds them: (n) becomes (1, n) and (1, n, 1).</summary>
    private static string[] AtLeast(OperatorContext c, int rank) => [.. Typed(c).Select((v, i) => c.Shapes(0)[i].Count >= rank ? v : (rank, c.Shapes(0)[i].Count) switch
    {
        (1, _) => c.Unsqueeze(v, 0),
        (2, 0) => c.Unsqueeze(v, 0, 1),
        (2, _) => c.Unsqueeze(v, 0),
        (_, 0) => c.Unsqueeze(v, 0, 1, 2),
        (_, 1) => c.Unsqueeze(v, 0, 2),
        _ => c.Unsqueeze(v, 2),
    })];

    private static string[] Columns(OperatorContext c) => [.. Typed(c).Select((v, i) => c.Shapes(0)[i].Count switch
    {
        0 => c.Unsqueeze(v, 0, 1),
        1 => c.Unsqueeze(v, 1),
        _ => v,
    })];

    // self, split_size or sizes, dim
    private static void Split(OperatorContext c)
    {
        int axis = c.IsNone(2) ? 0 : c.Axis(2, c.Rank(0));
        IReadOnlyList<SymbolicInt> sizes = c.IsList(1) ? c.Sizes(1) : Pieces(c, axis, c.Size(1));
        c.ReturnList(c.Split(c.Tensor(0), axis, sizes));
    }

    // self, chunks, dim
    private static void Chunk(OperatorContext c)
    {
        int axis = c.IsNone(2) ? 0 : c.Axis(2, c.Rank(0));
        SymbolicInt side = c.Shape(0)[axis];
        long chunks = c.Int(1);
        if (side.IsConstant)
        {
            c.ReturnList(c.Split(c.Tensor(0), axis, Pieces(c, axis, Math.Max(1, (side.Value + chunks - 1) / chunks))));
        }
        else if (side is { IsPolynomial: true, Factor: 1 })
        {
            // Pieces of the size rounded up, the last with what is left.
            SymbolicInt Border(long i) => side with { Value = i * ((side.Value + chunks - 1) / chunks), Denominator = chunks, Addend = side.Addend + side.Offset + chunks - 1, Offset = 0, Factor = i };
            c.ReturnList([.. Enumerable.Range(0, checked((int)chunks)).Select(i => c.Slice(c.Tensor(0), axis, i == 0 ? 0 : Border(i), i + 1 == chunks ? CommonNodes.Open : Border(i + 1)))]);
        }
        else
        {
            c.ReturnList(c.Opset >= 18
                ? c.Graph.Nodes("Split", [c.Tensor(0)], (int)chunks, ("axis", (long)axis), ("num_outputs", chunks))
                : c.Graph.Nodes("Split", [c.Tensor(0)], (int)chunks, ("axis", (long)axis)));
        }
    }

    /// <summary>Pieces of one size, the last with what is left.</summary>
    private static IReadOnlyList<SymbolicInt> Pieces(OperatorContext c, int axis, SymbolicInt size)
    {
        SymbolicInt side = c.Shape(0)[axis];
        if (!side.IsConstant || !size.IsConstant)
        {
            // As many pieces at all sizes, or the traces would differ.
            long count = size.Value == 0 ? 1 : side.Value / size.Value;
            return count * size.Value == side.Value
                ? [.. Enumerable.Repeat(size, checked((int)count))]
                : throw c.Unsupported($"pieces of {size} of an axis of {side}; use sizes that divide it");
        }

        long pieces = size.Value == 0 ? 1 : Math.Max(1, (side.Value + size.Value - 1) / size.Value);
        return [.. Enumerable.Range(0, checked((int)pieces)).Select(i => (SymbolicInt)Math.Min(size.Value, side.Value - (i * size.Value)))];
    }

    // self, sections or indices, dim
    private static void TensorSplit(OperatorContext c, int axis)
    {
        if (c.IsTensor(1))
        {
            throw c.Unsupported("places in a tensor; state them as numbers");
        }

        long side = c.Shape(0)[axis].IsConstant ? c.Shape(0)[axis].Value : throw c.Unsupported($"an axis of {c.Shape(0)[axis]}; use chunk");
        var sizes = new List<SymbolicInt>();
        if (c.IsList(1))
        {
            long start = 0;
            foreach (long place in c.Ints(1).Append(side))
            {
                long end = Math.Clamp(place < 0 ? place + side : place, 0, side);
                sizes.Add(Math.Max(0, end - start));
                start = end;
            }
        }
        else
        {
            long sections = c.Int(1);
            for (long i = 0; i < sections; i++)
            {
                sizes.Add((side / sections) + (i < side % sections ? 1 : 0));
            }
        }

        c.ReturnList(c.Split(c.Tensor(0), axis, sizes));
    }

    private static void Unbind(OperatorContext c)
    {
        int axis = c.IsNone(1) ? 0 : c.Axis(1, c.Rank(0));
        SymbolicInt side = c.Shape(0)[axis];
        if (!side.IsConstant)
        {
            throw c.Unsupported($"an axis of {side}: the number of tensors would change with it; keep that axis fixed (DynamicAxes)");
        }

        IReadOnlyList<string> parts = c.Split(c.Tensor(0), axis, [.. Enumerable.Repeat<SymbolicInt>(1, checked((int)side.Value))]);
        c.ReturnList([.. parts.Select(p => c.Squeeze(p, axis))]);
    }

    // tensors, indexing
    private static void MeshGrid(OperatorContext c)
    {
        string[] values = Typed(c, c.ElementTypes(0)[0]);
        SymbolicInt[] sides = [.. c.Shapes(0).Select(s => s.Count == 0 ? 1 : s[0])];
        int[] axes = CommonNodes.Order(values.Length);
        if (!c.IsNone(1) && c.Text(1) == "xy" && values.Length > 1)
        {
            (axes[0], axes[1]) = (1, 0);
        }

        SymbolicInt[] shape = [.. axes.Select(a => sides[a])];
        c.ReturnList([.. values.Select((value, i) =>
        {
            long[] place = [.. axes.Select(a => a == i ? -1L : 1L)];
            return c.Node("Expand", [c.Node("Reshape", [value, c.Vector(place)]), c.Vector(shape)]);
        })]);
    }

    private static string[] Typed(OperatorContext c, ScalarType type) => [.. c.Tensors(0).Zip(c.ElementTypes(0), (v, t) => c.Cast(v, t, type))];
}
