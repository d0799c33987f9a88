using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Concatenating and splitting tensors.</summary>
internal static class JoiningOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::cat(Tensor[] tensors, int dim=0) -> Tensor",
            c => c.Return(Cat(c, c.Axis("dim", c.OutputRank()), Typed(c))));
        table.Add("aten::stack(Tensor[] tensors, int dim=0) -> Tensor", Stack);
        table.Add("aten::hstack(Tensor[] tensors) -> Tensor", c => c.Return(Cat(c, c.OutputRank() == 1 ? 0 : 1, AtLeast(c, 1))));
        table.Add("aten::vstack(Tensor[] tensors) -> Tensor", c => c.Return(Cat(c, 0, AtLeast(c, 2))));
        table.Add("aten::dstack(Tensor[] tensors) -> Tensor", c => c.Return(Cat(c, 2, AtLeast(c, 3))));
        table.Add("aten::column_stack(Tensor[] tensors) -> Tensor", c => c.Return(Cat(c, 1, Columns(c))));
        table.Add("aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]", c =>
            Split(c, axis => Pieces(c, axis, c.Size("split_size"))));
        table.Add("aten::split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]", c =>
            Split(c, _ => c.Sizes("split_sizes")));
        table.Add("""
            aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]
            aten::unsafe_chunk(Tensor self, int chunks, int dim=0) -> Tensor[]
            """, Chunk);
        table.Add("""
            aten::tensor_split.sections(Tensor(a -> *) self, SymInt sections, int dim=0) -> Tensor(a)[]
            aten::tensor_split.indices(Tensor(a -> *) self, SymInt[] indices, int dim=0) -> Tensor(a)[]
            aten::tensor_split.tensor_indices_or_sections(Tensor(a -> *) self, Tensor tensor_indices_or_sections, int dim=0) -> Tensor(a)[]
            """, c => TensorSplit(c, c.Axis("dim", c.Rank("self"))));
        table.Add("aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]", Unbind);
        table.Add("""
            aten::meshgrid(Tensor[] tensors) -> Tensor[]
            aten::meshgrid.indexing(Tensor[] tensors, *, str indexing) -> Tensor[]
            """, MeshGrid);
        table.Add("aten::broadcast_tensors(Tensor[] tensors) -> Tensor[]", Broadcast);
    }

    private static void Broadcast(OperatorContext c)
    {
        IReadOnlyList<IReadOnlyList<SymbolicInt>> shapes = c.Shapes("tensors");
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

        c.ReturnList(
            [.. c.Tensors("tensors").Select((v, i) => shapes[i].SequenceEqual(common) ? v : c.Node("Expand", [v, c.Vector(common)]))]);
    }

    private static string[] Typed(OperatorContext c) =>
        [.. c.Tensors("tensors").Zip(c.ElementTypes("tensors"), (v, t) => c.Cast(v, t, c.OutputType()))];

    private static string Cat(OperatorContext c, long axis, string[] values)
    {
        // libtorch ignores empty vectors, whatever the rank of the others.
        string[] kept = [.. values.Where((_, i) => c.Shapes("tensors")[i] is not [{ IsConstant: true, Value: 0 }])];
        return kept.Length == 0 ? values[0] : c.Concat(axis, kept);
    }

    private static void Stack(OperatorContext c)
    {
        long axis = c.Axis("dim", c.OutputRank());
        c.Return(c.Concat(axis, [.. Typed(c).Select(v => c.Unsqueeze(v, axis))]));
    }

    /// <summary>The tensors with at least that many axes, added as in libtorch: (n) becomes (1, n) and (1, n, 1).</summary>
    private static string[] AtLeast(OperatorContext c, int rank) =>
        [.. Typed(c).Select((v, i) => c.Shapes("tensors")[i].Count >= rank ? v : (rank, c.Shapes("tensors")[i].Count) switch
    {
        (1, _) => c.Unsqueeze(v, 0),
        (2, 0) => c.Unsqueeze(v, 0, 1),
        (2, _) => c.Unsqueeze(v, 0),
        (_, 0) => c.Unsqueeze(v, 0, 1, 2),
        (_, 1) => c.Unsqueeze(v, 0, 2),
        _ => c.Unsqueeze(v, 2),
    })];

    private static string[] Columns(OperatorContext c) => [.. Typed(c).Select((v, i) => c.Shapes("tensors")[i].Count switch
    {
        0 => c.Unsqueeze(v, 0, 1),
        1 => c.Unsqueeze(v, 1),
        _ => v,
    })];

    private static void Split(OperatorContext c, Func<int, IReadOnlyList<SymbolicInt>> sizes)
    {
        int axis = c.Axis("dim", c.Rank("self"));
        c.ReturnList(c.Split(c.Tensor("self"), axis, sizes(axis)));
    }

    private static void Chunk(OperatorContext c)
    {
        int axis = c.Axis("dim", c.Rank("self"));
        SymbolicInt side = c.Shape("self")[axis];
        long chunks = c.Int("chunks");
        if (side.IsConstant)
        {
            c.ReturnList(c.Split(c.Tensor("self"), axis, Pieces(c, axis, Math.Max(1, (side.Value + chunks - 1) / chunks))));
        }
        else if (side is { IsPolynomial: true, Factor: 1 })
        {
            // Parts of the rounded-up size; the last has the remainder.
            SymbolicInt Border(long i) =>
                side with { Value = i * ((side.Value + chunks - 1) / chunks), Denominator = chunks, Addend = side.Addend + side.Offset
                    + chunks - 1, Offset = 0, Factor = i };
            c.ReturnList(
                [.. Enumerable.Range(0, checked((int)chunks))
                    .Select(i =>
                    c.Slice(c.Tensor("self"), axis, i == 0 ? 0 : Border(i), i + 1 == chunks ? CommonNodes.Open : Border(i + 1)))]);
        }
        else
        {
            c.ReturnList(c.Opset >= 18
                ? c.Graph.Nodes("Split", [c.Tensor("self")], (int)chunks, ("axis", (long)axis), ("num_outputs", chunks))
                : c.Graph.Nodes("Split", [c.Tensor("self")], (int)chunks, ("axis", (long)axis)));
        }
    }

    /// <summary>Parts of one size; the last has the remainder.</summary>
    private static IReadOnlyList<SymbolicInt> Pieces(OperatorContext c, int axis, SymbolicInt size)
    {
        SymbolicInt side = c.Shape("self")[axis];
        if (!side.IsConstant || !size.IsConstant)
        {
            // The number of parts is the same at all sizes, or the traces would differ.
            long count = size.Value == 0 ? 1 : side.Value / size.Value;
            return count * size.Value == side.Value
                ? [.. Enumerable.Repeat(size, checked((int)count))]
                : throw c.Unsupported($"pieces of {size} of an axis of {side}; use sizes that divide it");
        }

        long pieces = size.Value == 0 ? 1 : Math.Max(1, (side.Value + size.Value - 1) / size.Value);
        return [.. Enumerable.Range(0, checked((int)pieces)).Select(i => (SymbolicInt)Math.Min(size.Value, side.Value - (i * size.Value)))];
    }

    private static void TensorSplit(OperatorContext c, int axis)
    {
        if (!c.IsNone("tensor_indices_or_sections"))
        {
            throw c.Unsupported("places in a tensor; state them as numbers");
        }

        long side = c.Shape("self")[axis].IsConstant ? c.Shape("self")[axis].Value
            : throw c.Unsupported($"an axis of {c.Shape("self")[axis]}; use chunk");
        var sizes = new List<SymbolicInt>();
        if (!c.IsNone("indices"))
        {
            long start = 0;
            foreach (long place in c.Ints("indices").Append(side))
            {
                long end = Math.Clamp(place < 0 ? place + side : place, 0, side);
                sizes.Add(Math.Max(0, end - start));
                start = end;
            }
        }
        else
        {
            long sections = c.Int("sections");
            for (long i = 0; i < sections; i++)
            {
                sizes.Add((side / sections) + (i < side % sections ? 1 : 0));
            }
        }

        c.ReturnList(c.Split(c.Tensor("self"), axis, sizes));
    }

    private static void Unbind(OperatorContext c)
    {
        int axis = c.Axis("dim", c.Rank("self"));
        SymbolicInt side = c.Shape("self")[axis];
        if (!side.IsConstant)
        {
            throw c.Unsupported($"an axis of {side}: the number of tensors would change with it; keep that axis fixed (DynamicAxes)");
        }

        IReadOnlyList<string> parts = c.Split(c.Tensor("self"), axis, [.. Enumerable.Repeat<SymbolicInt>(1, checked((int)side.Value))]);
        c.ReturnList([.. parts.Select(p => c.Squeeze(p, axis))]);
    }

    private static void MeshGrid(OperatorContext c)
    {
        string[] values = Typed(c, c.ElementTypes("tensors")[0]);
        SymbolicInt[] sides = [.. c.Shapes("tensors").Select(s => s.Count == 0 ? 1 : s[0])];
        int[] axes = CommonNodes.Order(values.Length);
        if (!c.IsNone("indexing") && c.Text("indexing") == "xy" && values.Length > 1)
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

    private static string[] Typed(OperatorContext c, ScalarType type) =>
        [.. c.Tensors("tensors").Zip(c.ElementTypes("tensors"), (v, t) => c.Cast(v, t, type))];
}
