using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Sums, extremes, norms and counts over some axes or over all.</summary>
internal static class ReductionOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        // Either (self, dtype) or (self, dim, keepdim, dtype).
        table["aten::sum"] = c => c.Return(Plain(c, "ReduceSum"));
        table["aten::mean"] = c => c.Return(Plain(c, "ReduceMean"));
        table["aten::prod"] = c => c.Return(Plain(c, "ReduceProd"));
        table["aten::nansum"] = c => c.Return(Plain(c, "ReduceSum", withoutNaN: true));
        table["aten::amax"] = c => c.Return(Extreme(c, "ReduceMax", c.Axes(1, c.Rank(0)), c.Flag(2)));
        table["aten::amin"] = c => c.Return(Extreme(c, "ReduceMin", c.Axes(1, c.Rank(0)), c.Flag(2)));
        table["aten::aminmax"] = c => c.Return(
            Extreme(c, "ReduceMin", c.Axes(1, c.Rank(0)), c.Flag(2)),
            Extreme(c, "ReduceMax", c.Axes(1, c.Rank(0)), c.Flag(2)));
        table["aten::max"] = c => MinOrMax(c, "Max");
        table["aten::min"] = c => MinOrMax(c, "Min");
        table["aten::argmax"] = c => c.Return(PlaceOf(c, "ArgMax"));
        table["aten::argmin"] = c => c.Return(PlaceOf(c, "ArgMin"));
        table["aten::logsumexp"] = c => c.Return(c.Reduce("ReduceLogSumExp", c.Operand(0, c.OutputType()), c.Axes(1, c.Rank(0)), c.Flag(2)));
        table["aten::all"] = c => c.Return(All(c));
        table["aten::any"] = c => c.Return(Any(c));
        table["aten::count_nonzero"] = c => c.Return(Count(c, c.Operand(0, ScalarType.Bool), c.Axes(1, c.Rank(0)), keep: false));
    }

    /// <summary>Argument <paramref name="first"/> and the one after it, where the operator has them: the axes, and whether they stay as ones.</summary>
    private static (long[] Axes, bool Keep) AxesAndKeep(OperatorContext c, int first, bool given) =>
        given ? (c.Axes(first, c.Rank(0)), c.Flag(first + 1)) : (c.Axes(c.Count, c.Rank(0)), false);

    private static string Plain(OperatorContext c, string operation, bool withoutNaN = false)
    {
        ScalarType type = c.OutputType();
        (long[] axes, bool keep) = AxesAndKeep(c, 1, c.Count >= 4);
        string value = c.Operand(0, type);
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
        return c.Cast(c.Reduce(operation, c.Operand(0, compute), axes, keep), compute, type);
    }

    // (self), (self, other) or (self, dim, keepdim), which gives places too.
    private static void MinOrMax(OperatorContext c, string operation)
    {
        if (c.Count == 1)
        {
            c.Return(Extreme(c, $"Reduce{operation}", c.Axes(1, c.Rank(0)), keep: false));
            return;
        }

        ScalarType type = c.OutputType();
        if (c.IsTensor(1))
        {
            c.Return(c.Arithmetic(operation, type, c.Operand(0, type), c.Operand(1, type)));
            return;
        }

        int axis = c.Axis(1, c.Rank(0));
        bool keep = c.Flag(2);
        c.Return(Extreme(c, $"Reduce{operation}", [axis], keep), Place(c, $"Arg{operation}", c.Tensor(0), axis, keep));
    }

    // self, dim, keepdim; without dim the place in the flat tensor.
    private static string PlaceOf(OperatorContext c, string operation)
    {
        if (!c.IsNone(1))
        {
            return Place(c, operation, c.Tensor(0), c.Axis(1, c.Rank(0)), c.Flag(2));
        }

        string flat = c.Node("Reshape", [c.Tensor(0), c.Vector(-1)]);
        string place = Place(c, operation, flat, 0, keep: false);
        return c.Flag(2) ? c.Node("Reshape", [place, c.Vector([.. Enumerable.Repeat(1L, c.Rank(0))])]) : place;
    }

    private static string Place(OperatorContext c, string operation, string value, int axis, bool keep)
    {
        // 64-bit numbers have no kernel; in double precision they keep 53 bits.
        ScalarType type = c.ElementType(0), compute = type == ScalarType.Int64 ? ScalarType.Float64 : Kernels.Wide(type);
        return c.Node(operation, [c.Cast(value, type, compute)], ("axis", (long)axis), ("keepdims", keep ? 1L : 0L));
    }

    /// <summary>How many truth values are true: 64-bit numbers.</summary>
    private static string Count(OperatorContext c, string truth, long[] axes, bool keep) =>
        c.Reduce("ReduceSum", c.Cast(truth, ScalarType.Bool, ScalarType.Int64), axes, keep);

    // Counted, as the extremes of nothing are an error and "all of nothing" is true.
    private static string Any(OperatorContext c)
    {
        (long[] axes, bool keep) = AxesAndKeep(c, 1, c.Count > 1);
        return c.Cast(c.Cast(Count(c, c.Operand(0, ScalarType.Bool), axes, keep), ScalarType.Int64, ScalarType.Bool), ScalarType.Bool, c.OutputType());
    }

    private static string All(OperatorContext c)
    {
        (long[] axes, bool keep) = AxesAndKeep(c, 1, c.Count > 1);
        string missing = Count(c, c.Node("Not", [c.Operand(0, ScalarType.Bool)]), axes, keep);
        return c.Cast(c.Node("Not", [c.Cast(missing, ScalarType.Int64, ScalarType.Bool)]), ScalarType.Bool, c.OutputType());
    }
}
