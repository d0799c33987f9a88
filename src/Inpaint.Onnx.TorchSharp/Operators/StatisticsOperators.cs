using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Variances, norms and distances.</summary>
internal static class StatisticsOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::var(Tensor self, bool unbiased=True) -> Tensor
            aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor
            aten::var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor
            """, c => c.Return(Variance(c).Variance));
        table.Add("""
            aten::std(Tensor self, bool unbiased=True) -> Tensor
            aten::std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor
            aten::std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor
            """, c => c.Return(c.Node("Sqrt", [Variance(c).Variance])));
        table.Add("""
            aten::var_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)
            aten::var_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)
            aten::var_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)
            """, c =>
        {
            (string variance, string mean) = Variance(c);
            c.Return(variance, mean);
        });
        table.Add("""
            aten::std_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)
            aten::std_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)
            aten::std_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)
            """, c =>
        {
            (string variance, string mean) = Variance(c);
            c.Return(c.Node("Sqrt", [variance]), mean);
        });

        // (self, p), (self, p, dtype), (self, p, dim, keepdim) or (self, p, dim, keepdim, dtype)
        table.Add("""
            aten::norm.ScalarOpt_dtype(Tensor self, Scalar? p, *, ScalarType dtype) -> Tensor
            aten::norm.Scalar(Tensor self, Scalar p=2) -> Tensor
            aten::norm.ScalarOpt_dim_dtype(Tensor self, Scalar? p, int[1] dim, bool keepdim, *, ScalarType dtype) -> Tensor
            aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor
            """, c => c.Return(Norm(c, c.Number("p", 2), c.Axes("dim", c.Rank("self")), c.Flag("keepdim"))));
        table.Add("""
            aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor
            """, c => c.Return(Norm(c, c.Number("ord"), c.Axes("dim", c.Rank("self")), c.Flag("keepdim"))));
        table.Add(
            "aten::linalg_norm(Tensor self, Scalar? ord=None, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            LinalgNorm);
        table.Add("aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor", CosineSimilarity);
        table.Add("aten::pairwise_distance(Tensor x1, Tensor x2, float p=2, float eps=1e-06, bool keepdim=False) -> Tensor",
            PairwiseDistance);
    }

    // (self, unbiased), (self, dim, unbiased, keepdim) or (self, dim, correction, keepdim)
    private static (string Variance, string Mean) Variance(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        long[] axes = c.Axes("dim", c.Rank("self"));
        bool keep = c.Flag("keepdim");
        double correction = c.IsNone("unbiased") ? c.Number("correction", 1) : c.Flag("unbiased") ? 1 : 0;
        string x = c.Operand("self", type);
        string mean = c.Reduce("ReduceMean", x, axes, keep: true);
        string away = c.Node("Sub", [x, mean]);
        string squares = c.Node("Mul", [away, away]);
        string variance = correction == 0
            ? c.Reduce("ReduceMean", squares, axes, keep)
            : c.Node("Div", [c.Reduce("ReduceSum", squares, axes, keep), Freedom(c, axes, correction)]);
        return (variance, keep || axes.Length == 0 ? mean : c.Node("Squeeze", [mean, c.Vector(axes)]));
    }

    /// <summary>The number of averaged values minus the correction, at least 0: the variance of one value is NaN.</summary>
    private static string Freedom(OperatorContext c, long[] axes, double correction)
    {
        ScalarType type = c.OutputType();
        IReadOnlyList<SymbolicInt> shape = c.Shape("self");
        SymbolicInt[] sizes = [.. axes.Where(a => a < shape.Count).Select(a => shape[(int)a])];
        if (sizes.All(s => s.IsConstant))
        {
            return c.Scalar(Math.Max(0, sizes.Aggregate(1L, (product, s) => product * s.Value) - correction), type);
        }

        string count = c.Reduce("ReduceProd", c.Vector(sizes), [], keep: false);
        string less = c.Node("Sub", [c.Cast(count, ScalarType.Int64, type), c.Scalar(correction, type)]);
        return c.Node("Max", [less, c.Scalar(0, type)]);
    }

    private static string Norm(OperatorContext c, double p, long[] axes, bool keep) =>
        Norm(c, c.Operand("self", c.OutputType()), p, axes, keep);

    internal static string Norm(OperatorContext c, string x, double p, long[] axes, bool keep)
    {
        ScalarType type = c.OutputType();
        string Size() => c.Node("Abs", [x]);
        switch (p)
        {
            case 0:
                return c.Cast(
                    c.Reduce("ReduceSum", c.Cast(c.Cast(x, type, ScalarType.Bool), ScalarType.Bool, ScalarType.Int64), axes, keep),
                        ScalarType.Int64, type);
            case 1:
                return c.Reduce("ReduceL1", x, axes, keep);
            case 2:
                return c.Reduce("ReduceL2", x, axes, keep);
            case double.PositiveInfinity:
                return c.Reduce("ReduceMax", Size(), axes, keep);
            case double.NegativeInfinity:
                return c.Reduce("ReduceMin", Size(), axes, keep);
            default:
                string sum = c.Reduce("ReduceSum", c.Node("Pow", [Size(), c.Scalar(p, type)]), axes, keep);
                return c.Node("Pow", [sum, c.Scalar(1 / p, type)]);
        }
    }

    // Over one axis the norm of vectors; over two the Frobenius norm alone.
    private static void LinalgNorm(OperatorContext c)
    {
        int rank = c.Rank("self");
        long[] axes = c.Axes("dim", rank);
        bool vector = c.IsNone("ord") || axes.Length == 1;
        bool frobenius = !vector && c.Text("ord") == "fro";
        c.Return(vector || frobenius
            ? Norm(c, c.IsNone("ord") || frobenius ? 2 : c.Number("ord"), axes, c.Flag("keepdim"))
            : throw c.Unsupported("a norm of matrices that is not 'fro'"));
    }

    private static void CosineSimilarity(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        long[] axes = [c.Axis("dim", Math.Max(c.Rank("x1"), c.Rank("x2")))];
        string a = c.Operand("x1", type), b = c.Operand("x2", type), least = c.Scalar(c.Number("eps"), type);
        string Length(string x) => c.Node("Max", [c.Reduce("ReduceL2", x, axes, keep: true), least]);
        string product = c.Node("Mul", [c.Node("Div", [a, Length(a)]), c.Node("Div", [b, Length(b)])]);
        c.Return(c.Reduce("ReduceSum", product, axes, keep: false));
    }

    // x1, x2, p, eps, keepdim: over the last axis.
    private static void PairwiseDistance(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int rank = Math.Max(c.Rank("x1"), c.Rank("x2"));
        string difference = c.Node("Add", [c.Node("Sub", [c.Operand("x1", type), c.Operand("x2", type)]), c.Scalar(c.Number("eps"), type)]);
        c.Return(Norm(c, difference, c.Number("p"), [rank - 1], c.Flag("keepdim")));
    }
}
