namespace Inpaint.Onnx.TorchSharp;

/// <summary>The same elements in another shape, or with their axes in another order.</summary>
internal static class ViewOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        foreach (string name in new[] { "view", "reshape", "flatten", "unflatten", "ravel", "atleast_1d", "atleast_2d", "atleast_3d" })
        {
            table[$"aten::{name}"] = c => c.Return(c.Reshape(c.Tensor(0), c.Shape(0), c.OutputShape()));
        }

        table["aten::alias"] = c => c.Return(c.Tensor(0));
        table["aten::squeeze"] = Squeeze;
        table["aten::unsqueeze"] = c => c.Return(c.Unsqueeze(c.Tensor(0), c.Axis(1, c.OutputRank())));
        table["aten::permute"] = c => c.Return(c.Transpose(c.Tensor(0), [.. c.Axes(1, c.Rank(0)).Select(a => (int)a)]));
        table["aten::transpose"] = c => c.Return(c.Rank(0) == 0 ? c.Tensor(0) : Swapped(c, c.Axis(1, c.Rank(0)), c.Axis(2, c.Rank(0))));
        table["aten::t"] = c => c.Return(c.Rank(0) < 2 ? c.Tensor(0) : Swapped(c, 0, 1));
        table["aten::adjoint"] = table["aten::mH"] = table["aten::mT"] = c => c.Return(Swapped(c, c.Rank(0) - 2, c.Rank(0) - 1));
        table["aten::movedim"] = Move;
        table["aten::expand"] = Expand;
        table["aten::expand_as"] = Expand;
        table["aten::broadcast_to"] = Expand;
        table["aten::repeat"] = Tile;
        table["aten::tile"] = Tile;
        table["aten::repeat_interleave"] = RepeatInterleave;
    }

    private static string Swapped(OperatorContext c, int a, int b)
    {
        int[] order = CommonNodes.Order(c.Rank(0));
        (order[a], order[b]) = (order[b], order[a]);
        return c.Transpose(c.Tensor(0), order);
    }

    private static void Squeeze(OperatorContext c)
    {
        IReadOnlyList<SymbolicInt> shape = c.Shape(0);
        long[] stated = c.Count > 1 ? c.Axes(1, shape.Count) : [.. Enumerable.Range(0, shape.Count).Select(a => (long)a)];
        c.Return(c.Squeeze(c.Tensor(0), [.. stated.Where(a => shape.Count > 0 && shape[(int)a] is { IsConstant: true, Value: 1 })]));
    }

    // self, source, destination
    private static void Move(OperatorContext c)
    {
        int rank = c.Rank(0);
        long[] from = c.Axes(1, rank), to = c.Axes(2, rank);
        var order = new int[rank];
        Array.Fill(order, -1);
        foreach ((long source, long destination) in from.Zip(to))
        {
            order[destination] = (int)source;
        }

        var rest = new Queue<int>(Enumerable.Range(0, rank).Where(a => !from.Contains(a)));
        c.Return(c.Transpose(c.Tensor(0), [.. order.Select(o => o < 0 ? rest.Dequeue() : o)]));
    }

    private static void Expand(OperatorContext c)
    {
        IReadOnlyList<SymbolicInt> shape = c.OutputShape(), from = c.Shape(0);

        // A size of one keeps what the input has.
        SymbolicInt[] sizes = [.. shape.Select((size, axis) => axis >= shape.Count - from.Count && from[axis - shape.Count + from.Count].Equals(size) ? 1 : size)];
        c.Return(shape.Count == from.Count && sizes.All(s => s is { IsConstant: true, Value: 1 }) ? c.Tensor(0) : c.Node("Expand", [c.Tensor(0), c.Vector(sizes)]));
    }

    private static void Tile(OperatorContext c)
    {
        IReadOnlyList<SymbolicInt> repeats = c.Sizes(1);
        int rank = c.OutputRank();
        string value = c.Unsqueeze(c.Tensor(0), [.. Enumerable.Range(0, rank - c.Rank(0)).Select(a => (long)a)]);
        SymbolicInt[] all = [.. Enumerable.Repeat<SymbolicInt>(1, rank - repeats.Count), .. repeats];
        c.Return(all.All(r => r is { IsConstant: true, Value: 1 }) ? value : c.Node("Tile", [value, c.Vector(all)]));
    }

    // self, repeats, dim, output_size
    private static void RepeatInterleave(OperatorContext c)
    {
        if (c.IsTensor(1))
        {
            throw c.Unsupported("a number of repeats for each element; one number for all can be exported");
        }

        string value = c.Tensor(0);
        int axis = 0, rank = 1;
        if (c.IsNone(2))
        {
            value = c.Node("Reshape", [value, c.Vector(-1)]);
        }
        else
        {
            rank = c.Rank(0);
            axis = c.Axis(2, rank);
        }

        SymbolicInt[] times = [.. Enumerable.Range(0, rank + 1).Select(a => a == axis + 1 ? c.Size(1) : 1)];
        string repeated = c.Node("Expand", [c.Unsqueeze(value, axis + 1), c.Vector(times)]);
        c.Return(c.IsNone(2) ? c.Node("Reshape", [repeated, c.Vector(-1)]) : Merged(c, repeated, axis));
    }

    /// <summary>The result's shape: only the repeated axis differs from the input's.</summary>
    private static string Merged(OperatorContext c, string value, int axis)
    {
        // Axes in front keep their place; at most one of the others may follow the inputs.
        IReadOnlyList<SymbolicInt> shape = c.OutputShape();
        IReadOnlyList<SymbolicInt> now = [.. c.Shape(0).Take(axis + 1), c.Size(1), .. c.Shape(0).Skip(axis + 1)];
        return c.Reshape(value, now, shape);
    }
}
