using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Sorting, top elements, order statistics, and search in sorted sequences.</summary>
internal static class SortingOperators
{
    public static void AddTo(OperatorTable table)
    {
        // self, dim, descending or self, stable, dim, descending: of equal elements the first stays first, which both allow.
        table.Add("""
            aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)
            aten::sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)
            """, c =>
        {
            (string values, string places) = Sorted(c, c.Axis("dim", c.Rank("self")), c.Flag("descending"));
            c.Return(values, places);
        });
        table.Add("""
            aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor
            aten::argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor
            """, c => c.Return(Sorted(c, c.Axis("dim", c.Rank("self")), c.Flag("descending")).Places));
        table.Add("aten::msort(Tensor self) -> Tensor", c => c.Return(Sorted(c, 0, descending: false).Values));
        table.Add("aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)",
            TopK);
        table.Add("aten::kthvalue(Tensor self, SymInt k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)", Kth);
        table.Add("""
            aten::median(Tensor self) -> Tensor
            aten::median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)
            """, Median);
        table.Add("aten::cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)", c => Running(c, "ReduceMax", "Less"));
        table.Add("aten::cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)", c => Running(c, "ReduceMin", "Greater"));

        // sorted_sequence, self, out_int32, right, side, sorter
        table.Add("""
            aten::searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, bool right=False, str? side=None,
                Tensor? sorter=None) -> Tensor
            """, Search);
        table.Add("aten::bucketize.Tensor(Tensor self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor",
            c => Place(c, "boundaries", "self", c.Flag("right")));
        table.Add("""
            aten::isin.Tensor_Tensor(Tensor elements, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor
            aten::isin.Tensor_Scalar(Tensor elements, Scalar test_element, *, bool assume_unique=False, bool invert=False) -> Tensor
            """, IsIn);
    }

    private static (string Values, string Places) Sorted(OperatorContext c, int axis, bool descending)
    {
        if (c.Rank("self") == 0)
        {
            return (c.Tensor("self"), c.Scalar(0, ScalarType.Int64));
        }

        return Best(c, c.Tensor("self"), axis, c.Vector([c.Shape("self")[axis]]), descending, sorted: true);
    }

    /// <summary>The first elements in sorted order, and their indices.</summary>
    private static (string Values, string Places) Best(OperatorContext c, string value, int axis, string count, bool largest, bool sorted)
    {
        ScalarType type = c.ElementType("self"), compute = type == ScalarType.Float16 ? ScalarType.Float32 : Kernels.Wide(type);
        IReadOnlyList<string> found =
            c.Graph.Nodes("TopK", [c.Cast(value, type, compute), count], 2, ("axis", (long)axis), ("largest", largest ? 1L : 0L),
                ("sorted", sorted ? 1L : 0L));
        return (c.Cast(found[0], compute, type), found[1]);
    }

    // Libtorch leaves the order of unsorted ones open, so they are sorted too.
    private static void TopK(OperatorContext c)
    {
        if (c.Rank("self") == 0)
        {
            throw c.Unsupported("a tensor without axes");
        }

        (string values, string places) =
            Best(c, c.Tensor("self"), c.Axis("dim", c.Rank("self")), c.Vector([c.Size("k")]), c.Flag("largest"), sorted: true);
        c.Return(values, places);
    }

    private static void Kth(OperatorContext c) =>
        At(c, c.Tensor("self"), c.Axis("dim", c.Rank("self")), c.Vector([c.Size("k")]), c.Flag("keepdim"));

    // The lower of two in the middle
    private static void Median(OperatorContext c)
    {
        if (c.IsNone("dim"))
        {
            string flat = c.Node("Reshape", [c.Tensor("self"), c.Vector(-1)]);
            At(c, flat, 0, Middle(c, c.Node("Size", [c.Tensor("self")])), keep: false);
            return;
        }

        int axis = c.Axis("dim", c.Rank("self"));
        At(c, c.Tensor("self"), axis, Middle(c, c.ScalarOf(c.Shape("self")[axis])), c.Flag("keepdim"));
    }

    private static string Middle(OperatorContext c, string count) => c.Unsqueeze(
        c.Node("Div", [c.Node("Add", [count, c.Scalar(1, ScalarType.Int64)]), c.Scalar(2, ScalarType.Int64)]), 0);

    /// <summary>The last of the given number of smallest elements.</summary>
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

    // Every element is compared with all before it; of equal ones the last is named.
    private static void Running(OperatorContext c, string reduction, string worse)
    {
        int rank = c.Rank("self"), axis = c.Axis("dim", rank);
        ScalarType type = c.ElementType("self"), compute = Kernels.Wide(type);
        double least = compute.IsFloat() ? double.PositiveInfinity : compute == ScalarType.Int32 ? int.MaxValue : long.MaxValue;
        double fill = worse == "Less" ? -least : least;
        CumulativeOperators.Triangle triangle = CumulativeOperators.Before(c, c.Tensor("self"), type, compute, axis);
        string values =
            c.Reduce(reduction,
                c.Node("Where",
                    [triangle.Mask, triangle.Value, compute == ScalarType.Int64 ? c.ScalarOf((long)fill) : c.Scalar(fill, compute)]),
                        [axis + 1], keep: false);
        string same = c.Node("And", [triangle.Mask, c.Node("Not", [c.Node(worse, [triangle.Value, c.Unsqueeze(values, axis + 1)])])]);
        string numbers = c.Node("Where", [same, triangle.Places, c.Scalar(-1, ScalarType.Int64)]);
        c.Return(c.Cast(values, compute, type), c.Reduce("ReduceMax", numbers, [axis + 1], keep: false));
    }

    private static void Search(OperatorContext c)
    {
        if (!c.IsNone("sorter"))
        {
            throw c.Unsupported("a sorter argument; sort the sequence instead");
        }

        Place(c, "sorted_sequence", "self", c.Flag("right") || (!c.IsNone("side") && c.Text("side") == "right"));
    }

    /// <summary>The number of elements of a row that are smaller than each value, or not larger.</summary>
    private static void Place(OperatorContext c, string row, string value, bool right)
    {
        // [..., values, 1] against [..., 1, row]
        ScalarType type = c.Promoted(value, row);
        string rows = c.Rank(row) > 1 ? c.Unsqueeze(c.Operand(row, type), c.Rank(row) - 1) : c.Operand(row, type);
        string smaller = c.Compare(right ? "LessOrEqual" : "Less", type, rows, c.Unsqueeze(c.Operand(value, type), -1));
        string count = c.Reduce("ReduceSum", c.Cast(smaller, ScalarType.Bool, ScalarType.Int64), [-1], keep: false);
        c.Return(c.Cast(count, ScalarType.Int64, c.OutputType()));
    }

    private static void IsIn(OperatorContext c)
    {
        string tests = c.IsNone("test_element") ? "test_elements" : "test_element";
        ScalarType type = c.Promoted("elements", tests);
        string all = c.Node("Reshape", [c.Operand(tests, type), c.Vector(-1)]);
        string equal = c.Compare("Equal", type, c.Unsqueeze(c.Operand("elements", type), c.Rank("elements")), all);
        string found =
            c.Cast(c.Reduce("ReduceMax", c.Cast(equal, ScalarType.Bool, ScalarType.Int32), [-1], keep: false), ScalarType.Int32,
                ScalarType.Bool);
        c.Return(c.Flag("invert") ? c.Node("Not", [found]) : found);
    }
}
