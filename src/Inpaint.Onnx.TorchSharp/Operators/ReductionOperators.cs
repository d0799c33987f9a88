using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Sums, extremes, norms and counts over some axes or over all.</summary>
internal static class ReductionOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor
            aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor
            """, c => c.Return(Plain(c, "ReduceSum")));
        table.Add("""
            aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor
            aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor
            """, c => c.Return(Plain(c, "ReduceMean")));
        table.Add("""
            aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor
            aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor
            """, c => c.Return(Plain(c, "ReduceProd")));
        table.Add("aten::nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            c => c.Return(Plain(c, "ReduceSum", withoutNaN: true)));
        table.Add("aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor",
            c => c.Return(Extreme(c, "ReduceMax", c.Axes("dim", c.Rank("self")), c.Flag("keepdim"))));
        table.Add("aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor",
            c => c.Return(Extreme(c, "ReduceMin", c.Axes("dim", c.Rank("self")), c.Flag("keepdim"))));
        table.Add("aten::aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)", c => c.Return(
            Extreme(c, "ReduceMin", c.Axes("dim", c.Rank("self")), c.Flag("keepdim")),
            Extreme(c, "ReduceMax", c.Axes("dim", c.Rank("self")), c.Flag("keepdim"))));
        table.Add("""
            aten::max(Tensor self) -> Tensor
            aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)
            aten::max.other(Tensor self, Tensor other) -> Tensor
            """, c => MinOrMax(c, "Max"));
        table.Add("""
            aten::min(Tensor self) -> Tensor
            aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)
            aten::min.other(Tensor self, Tensor other) -> Tensor
            """, c => MinOrMax(c, "Min"));
        table.Add("aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", c => c.Return(PlaceOf(c, "ArgMax")));
        table.Add("aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", c => c.Return(PlaceOf(c, "ArgMin")));
        table.Add("aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor",
            c => c.Return(
                c.Reduce("ReduceLogSumExp", c.Operand("self", c.OutputType()), c.Axes("dim", c.Rank("self")), c.Flag("keepdim"))));
        table.Add("""
            aten::all(Tensor self) -> Tensor
            aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor
            """, c => c.Return(All(c)));
        table.Add("""
            aten::any(Tensor self) -> Tensor
            aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor
            """, c => c.Return(Any(c)));
        table.Add("aten::count_nonzero.dim_IntList(Tensor self, int[] dim) -> Tensor",
            c => c.Return(Count(c, c.Operand("self", ScalarType.Bool), c.Axes("dim", c.Rank("self")), keep: false)));
    }

    private static string Plain(OperatorContext c, string operation, bool withoutNaN = false)
    {
        ScalarType type = c.OutputType();
        (long[] axes, bool keep) = (c.Axes("dim", c.Rank("self")), c.Flag("keepdim"));
        string value = c.Operand("self", type);
        if (withoutNaN && type.IsFloat())
        {
            value = c.Choose(type, c.Node("IsNaN", [value]), c.Scalar(0, type), value);
        }

        ScalarType compute = Kernels.Wide(type);
        return c.Cast(c.Reduce(operation, c.Cast(value, type, compute), axes, keep), compute, type);
    }

    private static string Extreme(OperatorContext c, string operation, long[] axes, bool keep)
    {
        ScalarType type = c.OutputType(), compute = Kernels.Wide(type);
        return c.Cast(c.Reduce(operation, c.Operand("self", compute), axes, keep), compute, type);
    }

    private static void MinOrMax(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        if (!c.IsNone("other"))
        {
            c.Return(c.Arithmetic(operation, type, c.Operand("self", type), c.Operand("other", type)));
            return;
        }

        if (c.IsNone("dim"))
        {
            c.Return(Extreme(c, $"Reduce{operation}", c.Axes("dim", c.Rank("self")), keep: false));
            return;
        }

        int axis = c.Axis("dim", c.Rank("self"));
        bool keep = c.Flag("keepdim");
        c.Return(Extreme(c, $"Reduce{operation}", [axis], keep), Place(c, $"Arg{operation}", c.Tensor("self"), axis, keep));
    }

    // self, dim, keepdim; without dim the place in the flat tensor.
    private static string PlaceOf(OperatorContext c, string operation)
    {
        if (!c.IsNone("dim"))
        {
            return Place(c, operation, c.Tensor("self"), c.Axis("dim", c.Rank("self")), c.Flag("keepdim"));
        }

        string flat = c.Node("Reshape", [c.Tensor("self"), c.Vector(-1)]);
        string place = Place(c, operation, flat, 0, keep: false);
        return c.Flag("keepdim") ? c.Node("Reshape", [place, c.Vector([.. Enumerable.Repeat(1L, c.Rank("self"))])]) : place;
    }

    private static string Place(OperatorContext c, string operation, string value, int axis, bool keep)
    {
        // 64-bit integers have no kernel; in double precision they keep 53 bits.
        ScalarType type = c.ElementType("self"), compute = type == ScalarType.Int64 ? ScalarType.Float64 : Kernels.Wide(type);
        return c.Node(operation, [c.Cast(value, type, compute)], ("axis", (long)axis), ("keepdims", keep ? 1L : 0L));
    }

    /// <summary>The number of true values, as 64-bit integers.</summary>
    private static string Count(OperatorContext c, string truth, long[] axes, bool keep) =>
        c.Reduce("ReduceSum", c.Cast(truth, ScalarType.Bool, ScalarType.Int64), axes, keep);

    // Counted, because extremes of nothing are an error and "all of nothing" is true.
    private static string Any(OperatorContext c)
    {
        (long[] axes, bool keep) = (c.Axes("dim", c.Rank("self")), c.Flag("keepdim"));
        return c.Cast(c.Cast(Count(c, c.Operand("self", ScalarType.Bool), axes, keep), ScalarType.Int64, ScalarType.Bool), ScalarType.Bool,
            c.OutputType());
    }

    private static string All(OperatorContext c)
    {
        (long[] axes, bool keep) = (c.Axes("dim", c.Rank("self")), c.Flag("keepdim"));
        string missing = Count(c, c.Node("Not", [c.Operand("self", ScalarType.Bool)]), axes, keep);
        return c.Cast(c.Node("Not", [c.Cast(missing, ScalarType.Int64, ScalarType.Bool)]), ScalarType.Bool, c.OutputType());
    }
}
