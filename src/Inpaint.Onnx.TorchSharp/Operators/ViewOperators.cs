using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Reshaping, permuting and expanding.</summary>
internal static class ViewOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)
            aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)
            aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)
            aten::unflatten.int(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)
            aten::ravel(Tensor(a) self) -> Tensor(a)
            aten::atleast_1d(Tensor self) -> Tensor
            aten::atleast_2d(Tensor self) -> Tensor
            aten::atleast_3d(Tensor self) -> Tensor
            """, c => c.Return(c.Reshape(c.Tensor("self"), c.Shape("self"), c.OutputShape())));

        table.Add("aten::alias(Tensor(a) self) -> Tensor(a)", c => c.Return(c.Tensor("self")));
        table.Add("""
            aten::squeeze(Tensor(a) self) -> Tensor(a)
            aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)
            """, Squeeze);
        table.Add("aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)",
            c => c.Return(c.Unsqueeze(c.Tensor("self"), c.Axis("dim", c.OutputRank()))));
        table.Add("aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)",
            c => c.Return(c.Transpose(c.Tensor("self"), [.. c.Axes("dims", c.Rank("self")).Select(a => (int)a)])));
        table.Add("aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)",
            c => c.Return(c.Rank("self") == 0 ? c.Tensor("self")
                : Swapped(c, c.Axis("dim0", c.Rank("self")), c.Axis("dim1", c.Rank("self")))));
        table.Add("aten::t(Tensor(a) self) -> Tensor(a)", c => c.Return(c.Rank("self") < 2 ? c.Tensor("self") : Swapped(c, 0, 1)));
        table.Add("""
            aten::adjoint(Tensor(a) self) -> Tensor(a)
            aten::mH(Tensor(a) self) -> Tensor(a)
            aten::mT(Tensor(a) self) -> Tensor(a)
            """, c => c.Return(Swapped(c, c.Rank("self") - 2, c.Rank("self") - 1)));
        table.Add("aten::movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)", Move);
        table.Add("aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)", Expand);
        table.Add("aten::expand_as(Tensor(a) self, Tensor other) -> Tensor(a)", Expand);
        table.Add("aten::broadcast_to(Tensor(a) self, SymInt[] size) -> Tensor(a)", Expand);
        table.Add("aten::repeat(Tensor self, SymInt[] repeats) -> Tensor", c => Tile(c, c.Sizes("repeats")));
        table.Add("aten::tile(Tensor self, SymInt[] dims) -> Tensor", c => Tile(c, c.Sizes("dims")));
        table.Add("aten::repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor",
            RepeatInterleave);
    }

    private static string Swapped(OperatorContext c, int a, int b)
    {
        int[] order = CommonNodes.Order(c.Rank("self"));
        (order[a], order[b]) = (order[b], order[a]);
        return c.Transpose(c.Tensor("self"), order);
    }

    private static void Squeeze(OperatorContext c)
    {
        IReadOnlyList<SymbolicInt> shape = c.Shape("self");
        long[] stated = c.Axes("dim", shape.Count);
        c.Return(c.Squeeze(c.Tensor("self"), [.. stated.Where(a => shape.Count > 0 && shape[(int)a] is { IsConstant: true, Value: 1 })]));
    }

    private static void Move(OperatorContext c)
    {
        int rank = c.Rank("self");
        long[] from = c.Axes("source", rank), to = c.Axes("destination", rank);
        var order = new int[rank];
        Array.Fill(order, -1);
        foreach ((long source, long destination) in from.Zip(to))
        {
            order[destination] = (int)source;
        }

        var rest = new Queue<int>(Enumerable.Range(0, rank).Where(a => !from.Contains(a)));
        c.Return(c.Transpose(c.Tensor("self"), [.. order.Select(o => o < 0 ? rest.Dequeue() : o)]));
    }

    private static void Expand(OperatorContext c)
    {
        IReadOnlyList<SymbolicInt> shape = c.OutputShape(), from = c.Shape("self");

        // A size of one keeps the input's size.
        SymbolicInt[] sizes =
            [.. shape.Select((size, axis) => axis >= shape.Count - from.Count && from[axis - shape.Count + from.Count].Equals(size) ? 1
                : size)];
        c.Return(shape.Count == from.Count && sizes.All(s => s is { IsConstant: true, Value: 1 }) ? c.Tensor("self")
            : c.Node("Expand", [c.Tensor("self"), c.Vector(sizes)]));
    }

    private static void Tile(OperatorContext c, IReadOnlyList<SymbolicInt> repeats)
    {
                int rank = c.OutputRank();
        string value = c.Unsqueeze(c.Tensor("self"), [.. Enumerable.Range(0, rank - c.Rank("self")).Select(a => (long)a)]);
        SymbolicInt[] all = [.. Enumerable.Repeat<SymbolicInt>(1, rank - repeats.Count), .. repeats];
        c.Return(all.All(r => r is { IsConstant: true, Value: 1 }) ? value : c.Node("Tile", [value, c.Vector(all)]));
    }

    private static void RepeatInterleave(OperatorContext c)
    {
        if (c.IsTensor("repeats"))
        {
            throw c.Unsupported("a number of repeats for each element; one number for all can be exported");
        }

        string value = c.Tensor("self");
        int axis = 0, rank = 1;
        if (c.IsNone("dim"))
        {
            value = c.Node("Reshape", [value, c.Vector(-1)]);
        }
        else
        {
            rank = c.Rank("self");
            axis = c.Axis("dim", rank);
        }

        SymbolicInt[] times = [.. Enumerable.Range(0, rank + 1).Select(a => a == axis + 1 ? c.Size("repeats") : 1)];
        string repeated = c.Node("Expand", [c.Unsqueeze(value, axis + 1), c.Vector(times)]);
        c.Return(c.IsNone("dim") ? c.Node("Reshape", [repeated, c.Vector(-1)]) : Merged(c, repeated, axis));
    }

    /// <summary>The result's shape: only the repeated axis differs from the input's.</summary>
    private static string Merged(OperatorContext c, string value, int axis)
    {
        // Leading axes keep their position; at most one of the others may be dynamic.
        IReadOnlyList<SymbolicInt> shape = c.OutputShape();
        IReadOnlyList<SymbolicInt> now = [.. c.Shape("self").Take(axis + 1), c.Size("repeats"), .. c.Shape("self").Skip(axis + 1)];
        return c.Reshape(value, now, shape);
    }
}
