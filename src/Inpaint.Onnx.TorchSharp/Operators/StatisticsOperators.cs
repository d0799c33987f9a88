using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Variances, norms and distances.</summary>
internal static class StatisticsOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::var"] = c => c.Return(Variance(c).Variance);
        table["aten::std"] = c => c.Return(c.Node("Sqrt", [Variance(c).Variance]));
        table["aten::var_mean"] = c =>
        {
            (string variance, string mean) = Variance(c);
            c.Return(variance, mean);
        };
        table["aten::std_mean"] = c =>
        {
            (string variance, string mean) = Variance(c);
            c.Return(c.Node("Sqrt", [variance]), mean);
        };

        // (self, p), (self, p, dtype), (self, p, dim, keepdim) or (self, p, dim, keepdim, dtype)
        table["aten::norm"] = c => c.Return(Norm(c, c.IsNone(1) ? 2 : c.Number(1), c.Axes(c.Count >= 4 ? 2 : c.Count, c.Rank(0)), c.Count >= 4 && c.Flag(3)));
        table["aten::linalg_vector_norm"] = c => c.Return(Norm(c, c.Number(1), c.Axes(2, c.Rank(0)), c.Flag(3)));
        table["aten::linalg_norm"] = LinalgNorm;
        table["aten::cosine_similarity"] = CosineSimilarity;
        table["aten::pairwise_distance"] = PairwiseDistance;
    }

    // (self, unbiased), (self, dim, unbiased, keepdim) or (self, dim, correction, keepdim)
    private static (string Variance, string Mean) Variance(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int rank = c.Rank(0), setting = c.Count >= 4 ? 2 : 1;
        long[] axes = c.Axes(c.Count >= 4 ? 1 : c.Count, rank);
        bool keep = c.Count >= 4 && c.Flag(3);
        double correction = c.IsNone(setting) ? 1 : c.Number(setting);
        string x = c.Operand(0, type);
        string mean = c.Reduce("ReduceMean", x, axes, keep: true);
        string away = c.Node("Sub", [x, mean]);
        string squares = c.Node("Mul", [away, away]);
        string variance = correction == 0
            ? c.Reduce("ReduceMean", squares, axes, keep)
            : c.Node("Div", [c.Reduce("ReduceSum", squares, axes, keep), Freedom(c, axes, correction)]);
        return (variance, keep || axes.Length == 0 ? mean : c.Node("Squeeze", [mean, c.Vector(axes)]));
    }

    /// <summary>How many numbers were averaged, less the correction, and no less than nothing: the variance of one number is NaN.</summary>
    private static string Freedom(OperatorContext c, long[] axes, double correction)
    {
        ScalarType type = c.OutputType();
        IReadOnlyList<SymbolicInt> shape = c.Shape(0);
        SymbolicInt[] sizes = [.. axes.Where(a => a < shape.Count).Select(a => shape[(int)a])];
        if (sizes.All(s => s.IsConstant))
        {
            return c.Scalar(Math.Max(0, sizes.Aggregate(1L, (product, s) => product * s.Value) - correction), type);
        }

        string count = c.Reduce("ReduceProd", c.Vector(sizes), [], keep: false);
        string less = c.Node("Sub", [c.Cast(count, ScalarType.Int64, type), c.Scalar(correction, type)]);
        return c.Node("Max", [less, c.Scalar(0, type)]);
    }

    private static string Norm(OperatorContext c, double p, long[] axes, bool keep) => Norm(c, c.Operand(0, c.OutputType()), p, axes, keep);

    internal static string Norm(OperatorContext c, string x, double p, long[] axes, bool keep)
    {
        ScalarType type = c.OutputType();
        string Size() => c.Node("Abs", [x]);
        switch (p)
        {
            case 0:
                return c.Cast(c.Reduce("ReduceSum", c.Cast(c.Cast(x, type, ScalarType.Bool), ScalarType.Bool, ScalarType.Int64), axes, keep), ScalarType.Int64, type);
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

    // self, ord, dim, keepdim, dtype: over one axis the norm of vectors; over two the Frobenius norm alone.
    private static void LinalgNorm(OperatorContext c)
    {
        int rank = c.Rank(0);
        long[] axes = c.Axes(2, rank);
        bool vector = c.IsNone(1) || axes.Length == 1;
        bool frobenius = !vector && c.Text(1) == "fro";
        c.Return(vector || frobenius
            ? Norm(c, c.IsNone(1) || frobenius ? 2 : c.Number(1), axes, c.Flag(3))
            : throw c.Unsupported("a norm of matrices that is not 'fro'"));
    }

    // x1, x2, dim, eps
    private static void CosineSimilarity(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        long[] axes = [c.Axis(2, Math.Max(c.Rank(0), c.Rank(1)))];
        string a = c.Operand(0, type), b = c.Operand(1, type), least = c.Scalar(c.Number(3), type);
        string Length(string x) => c.Node("Max", [c.Reduce("ReduceL2", x, axes, keep: true), least]);
        string product = c.Node("Mul", [c.Node("Div", [a, Length(a)]), c.Node("Div", [b, Length(b)])]);
        c.Return(c.Reduce("ReduceSum", product, axes, keep: false));
    }

    // x1, x2, p, eps, keepdim: over the last axis.
    private static void PairwiseDistance(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int rank = Math.Max(c.Rank(0), c.Rank(1));
        string difference = c.Node("Add", [c.Node("Sub", [c.Operand(0, type), c.Operand(1, type)]), c.Scalar(c.Number(3), type)]);
        c.Return(Norm(c, difference, c.Number(2), [rank - 1], c.Flag(4)));
    }
}
