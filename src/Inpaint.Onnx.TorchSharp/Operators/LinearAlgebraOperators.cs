using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Vectors and matrices: cross, Kronecker and scalar products, distances, determinants, traces.</summary>
internal static class LinearAlgebraOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::linalg_cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor", Cross);
        table.Add("aten::kron(Tensor self, Tensor other) -> Tensor", Kronecker);
        table.Add("aten::vdot(Tensor self, Tensor other) -> Tensor", c => c.Return(SumOfProducts(c, "self", "other", 0)));
        table.Add("aten::linalg_vecdot(Tensor x, Tensor y, *, int dim=-1) -> Tensor",
            c => c.Return(SumOfProducts(c, "x", "y", c.Axis("dim", Math.Max(c.Rank("x"), c.Rank("y"))))));
        table.Add("aten::cdist(Tensor x1, Tensor x2, float p=2, int? compute_mode=None) -> Tensor", Distances);
        table.Add("aten::dist(Tensor self, Tensor other, Scalar p=2) -> Tensor",
            c => c.Return(
                StatisticsOperators.Norm(c, Difference(c), c.Number("p"),
                    [.. Enumerable.Range(0, Math.Max(c.Rank("self"), c.Rank("other"))).Select(a => (long)a)], keep: false)));
        table.Add("aten::linalg_det(Tensor A) -> Tensor",
            c => c.Return(c.Through(Kernels.Single(c.OutputType()), "Det", c.OutputType(), c.Tensor("A"))));
        table.Add("aten::linalg_matrix_power(Tensor self, int n) -> Tensor", MatrixPower);
        table.Add("aten::trace(Tensor self) -> Tensor", Trace);
        table.Add("aten::addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", AddOuter);
        table.Add("aten::block_diag(Tensor[] tensors) -> Tensor", BlockDiagonal);
    }

    private static string Difference(OperatorContext c) =>
        c.Node("Sub", [c.Operand("self", c.OutputType()), c.Operand("other", c.OutputType())]);

    private static string SumOfProducts(OperatorContext c, string first, string second, int axis)
    {
        ScalarType type = c.OutputType();
        return c.Reduce("ReduceSum", c.Node("Mul", [c.Operand(first, type), c.Operand(second, type)]), [axis], keep: false);
    }

    private static void Cross(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int axis = c.Axis("dim", c.OutputRank());
        string Turned(string value, params ReadOnlySpan<long> places) => c.Node("Gather", [value, c.Vector(places)], ("axis", (long)axis));
        string a = c.Operand("self", type), b = c.Operand("other", type);
        c.Return(c.Node("Sub", [
            c.Node("Mul", [Turned(a, 1, 2, 0), Turned(b, 2, 0, 1)]),
            c.Node("Mul", [Turned(a, 2, 0, 1), Turned(b, 1, 2, 0)])]));
    }

    private static void Kronecker(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int rank = c.OutputRank();
        string Spread(string name, int offset)
        {
            // [1, ..., 1, sides] with a one before or after each side
            string value = c.Unsqueeze(c.Operand(name, type), [.. Enumerable.Range(0, rank - c.Rank(name)).Select(a => (long)a)]);
            return c.Unsqueeze(value, [.. Enumerable.Range(0, rank).Select(a => (2L * a) + offset)]);
        }

        c.Return(c.Reshape(c.Node("Mul", [Spread("self", 1), Spread("other", 0)]), c.OutputShape()));
    }

    private static void Distances(OperatorContext c)
    {
        int rank = Math.Max(c.Rank("x1"), c.Rank("x2"));
        string away = c.Node("Sub", [c.Unsqueeze(c.Tensor("x1"), c.Rank("x1") - 1), c.Unsqueeze(c.Tensor("x2"), c.Rank("x2") - 2)]);
        c.Return(StatisticsOperators.Norm(c, away, c.Number("p"), [rank], keep: false));
    }

    private static void MatrixPower(OperatorContext c)
    {
        long power = c.Int("n");
        if (power < 1)
        {
            throw c.Unsupported($"a power of {power}; only those from 1 on can be exported");
        }

        string? result = null;
        string square = c.Tensor("self");
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
        string diagonal = c.Node("Equal", [c.Unsqueeze(c.Range(c.Shape("self")[0]), 1), c.Range(c.Shape("self")[1])]);
        c.Return(c.Reduce("ReduceSum", c.Choose(type, diagonal, c.Operand("self", type), c.Scalar(0, type)), [0, 1], keep: false));
    }

    private static void AddOuter(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string Times(string value, double factor) => factor == 1 ? value : c.Node("Mul", [value, c.Scalar(factor, type)]);
        string outer = c.Node("Mul", [c.Unsqueeze(c.Operand("vec1", type), 1), c.Unsqueeze(c.Operand("vec2", type), 0)]);
        c.Return(c.Node("Add", [Times(c.Operand("self", type), c.Number("beta")), Times(outer, c.Number("alpha"))]));
    }

    private static void BlockDiagonal(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        IReadOnlyList<string> blocks = c.Tensors("tensors");
        IReadOnlyList<IReadOnlyList<SymbolicInt>> shapes = c.Shapes("tensors");
        var widths = new long[blocks.Count];
        for (int i = 0; i < blocks.Count; i++)
        {
            SymbolicInt width = shapes[i].Count == 0 ? 1 : shapes[i][^1];
            widths[i] = width.IsConstant ? width.Value : throw c.Unsupported("widths that change; keep them fixed (DynamicAxes)");
        }

        // Each block between columns of zeros, the rows under each other.
        string[] rows = [.. blocks.Select((block, i) =>
        {
            string matrix = c.Cast(shapes[i].Count < 2 ? c.Node("Reshape", [block, c.Vector(1, widths[i])])
                : block, c.ElementTypes("tensors")[i], type);
            return c.Node("Pad", [matrix, c.Vector(0, widths.Take(i).Sum(), 0, widths.Skip(i + 1).Sum()), c.Scalar(0, type)]);
        })];
        c.Return(c.Concat(0, rows));
    }
}
