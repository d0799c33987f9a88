using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Vectors and matrices: cross, Kronecker and scalar products, distances, determinants, traces.</summary>
internal static class LinearAlgebraOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::linalg_cross"] = Cross;
        table["aten::kron"] = Kronecker;
        table["aten::vdot"] = c => c.Return(SumOfProducts(c, 0));
        table["aten::linalg_vecdot"] = c => c.Return(SumOfProducts(c, c.Axis(2, Math.Max(c.Rank(0), c.Rank(1)))));
        table["aten::cdist"] = Distances;
        table["aten::dist"] = c => c.Return(StatisticsOperators.Norm(c, Difference(c), c.Number(2), [.. Enumerable.Range(0, Math.Max(c.Rank(0), c.Rank(1))).Select(a => (long)a)], keep: false));
        table["aten::linalg_det"] = c => c.Return(c.Through(Kernels.Single(c.OutputType()), "Det", c.OutputType(), c.Tensor(0)));
        table["aten::linalg_matrix_power"] = MatrixPower;
        table["aten::trace"] = Trace;
        table["aten::addr"] = AddOuter;
        table["aten::block_diag"] = BlockDiagonal;
    }

    private static string Difference(OperatorContext c) => c.Node("Sub", [c.Operand(0, c.OutputType()), c.Operand(1, c.OutputType())]);

    private static string SumOfProducts(OperatorContext c, int axis)
    {
        ScalarType type = c.OutputType();
        return c.Reduce("ReduceSum", c.Node("Mul", [c.Operand(0, type), c.Operand(1, type)]), [axis], keep: false);
    }

    // self, other, dim
    private static void Cross(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int axis = c.IsNone(2) ? c.OutputRank() - 1 : c.Axis(2, c.OutputRank());
        string Turned(string value, params ReadOnlySpan<long> places) => c.Node("Gather", [value, c.Vector(places)], ("axis", (long)axis));
        string a = c.Operand(0, type), b = c.Operand(1, type);
        c.Return(c.Node("Sub", [
            c.Node("Mul", [Turned(a, 1, 2, 0), Turned(b, 2, 0, 1)]),
            c.Node("Mul", [Turned(a, 2, 0, 1), Turned(b, 1, 2, 0)])]));
    }

    private static void Kronecker(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int rank = c.OutputRank();
        string Spread(int i, int offset)
        {
            // [1, ..., 1, sides] with a one before or behind each side
            string value = c.Unsqueeze(c.Operand(i, type), [.. Enumerable.Range(0, rank - c.Rank(i)).Select(a => (long)a)]);
            return c.Unsqueeze(value, [.. Enumerable.Range(0, rank).Select(a => (2L * a) + offset)]);
        }

        c.Return(c.Reshape(c.Node("Mul", [Spread(0, 1), Spread(1, 0)]), c.OutputShape()));
    }

    // x1, x2, p, compute_mode
    private static void Distances(OperatorContext c)
    {
        int rank = Math.Max(c.Rank(0), c.Rank(1));
        string away = c.Node("Sub", [c.Unsqueeze(c.Tensor(0), c.Rank(0) - 1), c.Unsqueeze(c.Tensor(1), c.Rank(1) - 2)]);
        c.Return(StatisticsOperators.Norm(c, away, c.Number(2), [rank], keep: false));
    }

    // self, n
    private static void MatrixPower(OperatorContext c)
    {
        long power = c.Int(1);
        if (power < 1)
        {
            throw c.Unsupported($"a power of {power}; only those from 1 on can be exported");
        }

        string? result = null;
        string square = c.Tensor(0);
        while (true)
        {
            if ((power & 1) == 1)
            {
                result = result is null ? square : c.Node("MatMul", [result, square]);
            }

            power >>= 1;
            if (power == 0)
            {
                break;
            }

            square = c.Node("MatMul", [square, square]);
        }

        c.Return(result!);
    }

    private static void Trace(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string diagonal = c.Node("Equal", [c.Unsqueeze(c.Range(c.Shape(0)[0]), 1), c.Range(c.Shape(0)[1])]);
        c.Return(c.Reduce("ReduceSum", c.Choose(type, diagonal, c.Operand(0, type), c.Scalar(0, type)), [0, 1], keep: false));
    }

    // self, vec1, vec2, beta, alpha
    private static void AddOuter(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string Times(string value, int i) => c.IsNone(i) || c.Number(i) == 1 ? value : c.Node("Mul", [value, c.Scalar(c.Number(i), type)]);
        string outer = c.Node("Mul", [c.Unsqueeze(c.Operand(1, type), 1), c.Unsqueeze(c.Operand(2, type), 0)]);
        c.Return(c.Node("Add", [Times(c.Operand(0, type), 3), Times(outer, 4)]));
    }

    private static void BlockDiagonal(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        IReadOnlyList<string> blocks = c.Tensors(0);
        IReadOnlyList<IReadOnlyList<SymbolicInt>> shapes = c.Shapes(0);
        var widths = new long[blocks.Count];
        for (int i = 0; i < blocks.Count; i++)
        {
            SymbolicInt width = shapes[i].Count == 0 ? 1 : shapes[i][^1];
            widths[i] = width.IsConstant ? width.Value : throw c.Unsupported("widths that change; keep them fixed (DynamicAxes)");
        }

        // Each block between columns of zeros, the rows under each other.
        string[] rows = [.. blocks.Select((block, i) =>
        {
            string matrix = c.Cast(shapes[i].Count < 2 ? c.Node("Reshape", [block, c.Vector(1, widths[i])]) : block, c.ElementTypes(0)[i], type);
            return c.Node("Pad", [matrix, c.Vector(0, widths.Take(i).Sum(), 0, widths.Skip(i + 1).Sum()), c.Scalar(0, type)]);
        })];
        c.Return(c.Concat(0, rows));
    }
}
