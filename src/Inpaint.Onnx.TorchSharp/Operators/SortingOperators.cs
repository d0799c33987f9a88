using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Elements in order of size, the largest of them, and where a number belongs among others.</summary>
internal static class SortingOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        // self, dim, descending or self, stable, dim, descending: of equal elements the first stays first, which both allow.
        table["aten::sort"] = c =>
        {
            (string values, string places) = Sorted(c, c.Axis(c.Count - 2, c.Rank(0)), c.Flag(c.Count - 1));
            c.Return(values, places);
        };
        table["aten::argsort"] = c => c.Return(Sorted(c, c.Axis(c.Count - 2, c.Rank(0)), c.Flag(c.Count - 1)).Places);
        table["aten::msort"] = c => c.Return(Sorted(c, 0, descending: false).Values);
        table["aten::topk"] = TopK;
        table["aten::kthvalue"] = Kth;
        table["aten::median"] = Median;
        table["aten::cummax"] = c => Running(c, "ReduceMax", "Less");
        table["aten::cummin"] = c => Running(c, "ReduceMin", "Greater");

        // sorted_sequence, self, out_int32, right, side, sorter
        table["aten::searchsorted"] = c => Place(c, row: 0, value: 1);

        // self, boundaries, out_int32, right
        table["aten::bucketize"] = c => Place(c, row: 1, value: 0);
        table["aten::isin"] = IsIn;
    }

    private static (string Values, string Places) Sorted(OperatorContext c, int axis, bool descending)
    {
        if (c.Rank(0) == 0)
        {
            return (c.Tensor(0), c.Scalar(0, ScalarType.Int64));
        }

        return Best(c, c.Tensor(0), axis, c.Vector([c.Shape(0)[axis]]), descending, sorted: true);
    }

    /// <summary>The first elements in order of size, and where they stood.</summary>
    private static (string Values, string Places) Best(OperatorContext c, string value, int axis, string count, bool largest, bool sorted)
    {
        ScalarType type = c.ElementType(0), compute = type == ScalarType.Float16 ? ScalarType.Float32 : Kernels.Wide(type);
        IReadOnlyList<string> found = c.Graph.Nodes("TopK", [c.Cast(value, type, compute), count], 2, ("axis", (long)axis), ("largest", largest ? 1L : 0L), ("sorted", sorted ? 1L : 0L));
        return (c.Cast(found[0], compute, type), found[1]);
    }

    // self, k, dim, largest, sorted: libtorch leaves the order of unsorted ones open, so they are sorted too.
    private static void TopK(OperatorContext c)
    {
        if (c.Rank(0) == 0)
        {
            throw c.Unsupported("a tensor without axes");
        }

        (string values, string places) = Best(c, c.Tensor(0), c.Axis(2, c.Rank(0)), c.Vector([c.Size(1)]), c.Flag(3), sorted: true);
        c.Return(values, places);
    }

    // self, k, dim, keepdim
    private static void Kth(OperatorContext c) => At(c, c.Tensor(0), c.Axis(2, c.Rank(0)), c.Vector([c.Size(1)]), c.Flag(3));

    // self, or self, dim, keepdim: the lower of two in the middle
    private static void Median(OperatorContext c)
    {
        if (c.Count == 1)
        {
            string flat = c.Node("Reshape", [c.Tensor(0), c.Vector(-1)]);
            At(c, flat, 0, Middle(c, c.Node("Size", [c.Tensor(0)])), keep: false);
            return;
        }

        int axis = c.Axis(1, c.Rank(0));
        At(c, c.Tensor(0), axis, Middle(c, c.ScalarOf(c.Shape(0)[axis])), c.Flag(2));
    }

    private static string Middle(OperatorContext c, string count) => c.Unsqueeze(
        c.Node("Div", [c.Node("Add", [count, c.Scalar(1, ScalarType.Int64)]), c.Scalar(2, ScalarType.Int64)]), 0);

    /// <summary>The element that is the last of so many smallest ones.</summary>
    private static void At(OperatorContext c, string value, int axis, string count, bool keep)
    {
        (string values, string places) = Best(c, value, axis, count, largest: false, sorted: true);
        string Last(string all)
        {
            string last = c.Slice(all, axis, -1, CommonNodes.Open);
            return keep ? last : c.Squeeze(last, axis);
        }

        if (c.OutputCount == 1)
        {
            c.Return(Last(values));
        }
        else
        {
            c.Return(Last(values), Last(places));
        }
    }

    // self, dim: every element is compared with all before it; of equal ones the last is named.
    private static void Running(OperatorContext c, string reduction, string worse)
    {
        int rank = c.Rank(0), axis = c.Axis(1, rank);
        ScalarType type = c.ElementType(0), compute = Kernels.Wide(type);
        double least = compute.IsFloat() ? double.PositiveInfinity : compute == ScalarType.Int32 ? int.MaxValue : long.MaxValue;
        double fill = worse == "Less" ? -least : least;
        CumulativeOperators.Triangle triangle = CumulativeOperators.Before(c, c.Tensor(0), type, compute, axis);
        string values = c.Reduce(reduction, c.Node("Where", [triangle.Mask, triangle.Value, compute == ScalarType.Int64 ? c.ScalarOf((long)fill) : c.Scalar(fill, compute)]), [axis + 1], keep: false);
        string same = c.Node("And", [triangle.Mask, c.Node("Not", [c.Node(worse, [triangle.Value, c.Unsqueeze(values, axis + 1)])])]);
        string numbers = c.Node("Where", [same, triangle.Places, c.Scalar(-1, ScalarType.Int64)]);
        c.Return(c.Cast(values, compute, type), c.Reduce("ReduceMax", numbers, [axis + 1], keep: false));
    }

    /// <summary>How many of a row are smaller than each value, or not larger.</summary>
    private static void Place(OperatorContext c, int row, int value)
    {
        bool right = c.Flag(3) || (!c.IsNone(4) && c.Text(4) == "right");
        if (!c.IsNone(5))
        {
            throw c.Unsupported("an order of its own (sorter); sort the sequence");
        }

        // [..., values, 1] against [..., 1, row]
        ScalarType type = c.Promoted(value, row);
        string rows = c.Rank(row) > 1 ? c.Unsqueeze(c.Operand(row, type), c.Rank(row) - 1) : c.Operand(row, type);
        string smaller = c.Compare(right ? "LessOrEqual" : "Less", type, rows, c.Unsqueeze(c.Operand(value, type), -1));
        string count = c.Reduce("ReduceSum", c.Cast(smaller, ScalarType.Bool, ScalarType.Int64), [-1], keep: false);
        c.Return(c.Cast(count, ScalarType.Int64, c.OutputType()));
    }

    // elements, test_elements, assume_unique, invert
    private static void IsIn(OperatorContext c)
    {
        ScalarType type = c.Promoted(0, 1);
        string all = c.Node("Reshape", [c.Operand(1, type), c.Vector(-1)]);
        string equal = c.Compare("Equal", type, c.Unsqueeze(c.Operand(0, type), c.Rank(0)), all);
        string found = c.Cast(c.Reduce("ReduceMax", c.Cast(equal, ScalarType.Bool, ScalarType.Int32), [-1], keep: false), ScalarType.Int32, ScalarType.Bool);
        c.Return(c.Flag(3) ? c.Node("Not", [found]) : found);
    }
}
