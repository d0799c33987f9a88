using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>
/// Discrete Fourier transforms, as products with matrices of cosines and sines: for the sizes of networks faster in ONNX Runtime
/// than its DFT operator, which also has one axis and no real result.
/// </summary>
internal static class FourierOperators
{
    public static void AddTo(OperatorTable table)
    {
        foreach ((string form, string arguments) in new[]
        {
            ("", "Tensor self, SymInt? n=None, int dim=-1, str? norm=None"),
            ("2", "Tensor self, SymInt[1]? s=None, int[1] dim=[-2,-1], str? norm=None"),
            ("n", "Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None"),
        })
        {
            table.Add($"aten::fft_fft{form}({arguments}) -> Tensor", c => Transform(c, form, inverse: false));
            table.Add($"aten::fft_ifft{form}({arguments}) -> Tensor", c => Transform(c, form, inverse: true));
            table.Add($"aten::fft_rfft{form}({arguments}) -> Tensor", c => OfReal(c, form));
            table.Add($"aten::fft_irfft{form}({arguments}) -> Tensor", c => ToReal(c, form));
        }
    }

    private static void Transform(OperatorContext c, string form, bool inverse)
    {
        int[] axes = AxesOf(c, form);
        if (c.IsComplex("self"))
        {
            c.ReturnComplex(axes.Aggregate(c.Complex("self"), (z, axis) => Along(c, z, axis, inverse)));
            return;
        }

        (string, string) halves = RealAlong(c, axes[^1], full: true, inverse);
        c.ReturnComplex(axes.SkipLast(1).Aggregate(halves, (z, axis) => Along(c, z, axis, inverse)));
    }

    private static void OfReal(OperatorContext c, string form)
    {
        int[] axes = AxesOf(c, form);
        (string, string) halves = RealAlong(c, axes[^1], full: false, inverse: false);
        c.ReturnComplex(axes.SkipLast(1).Reverse().Aggregate(halves, (z, axis) => Along(c, z, axis, inverse: false)));
    }

    private static void ToReal(OperatorContext c, string form)
    {
        int[] axes = AxesOf(c, form);
        (string Real, string Imaginary) z = c.IsComplex("self") ? c.Complex("self")
            : throw c.Unsupported("real numbers, where complex ones are expected");
        z = axes.SkipLast(1).Aggregate(z, (z, axis) => Along(c, z, axis, inverse: true));
        int rank = c.OutputRank();
        string both = c.Concat(-1, ToLast(c, z.Real, axes[^1], rank), ToLast(c, z.Imaginary, axes[^1], rank));
        SymbolicInt from = c.Shape("self")[axes[^1]], to = c.OutputShape()[axes[^1]];
        string matrix = FourierMatrices.HalfToReal(c, from, to, Factor(c, inverse: true));
        c.Return(ToLast(c, c.Node("MatMul", [both, matrix]), axes[^1], rank));
    }

    /// <summary>The transform of the real input along one axis: the whole spectrum, or its non-redundant half.</summary>
    private static (string Real, string Imaginary) RealAlong(OperatorContext c, int axis, bool full, bool inverse)
    {
        ScalarType type = c.OutputType();
        int rank = c.OutputRank();
        SymbolicInt from = c.Shape("self")[axis], to = c.OutputShape()[axis], period = full ? to : c.IsNone(Length(c)) ? from
            : Stated(c, axis);
        string matrix = FourierMatrices.FromReal(c, from, to, period, inverse, Factor(c, inverse));
        string product = c.Node("MatMul", [ToLast(c, c.Operand("self", type), axis, rank), matrix]);
        IReadOnlyList<string> halves = c.Split(product, -1, [to, to]);
        return (ToLast(c, halves[0], axis, rank), ToLast(c, halves[1], axis, rank));
    }

    /// <summary>The transform of complex numbers along one axis.</summary>
    private static (string Real, string Imaginary) Along(OperatorContext c, (string Real, string Imaginary) z, int axis, bool inverse)
    {
        int rank = c.OutputRank();
        SymbolicInt from = c.Shape("self")[axis], to = c.OutputShape()[axis];
        if (axis == rank - 2)
        {
            // From the left, which needs no transposition.
            string matrix = FourierMatrices.Complex(c, from, to, inverse, Factor(c, inverse), fromTheLeft: true);
            IReadOnlyList<string> rows = c.Split(c.Node("MatMul", [matrix, c.Concat(-2, z.Real, z.Imaginary)]), -2, [to, to]);
            return (rows[0], rows[1]);
        }

        string both = c.Concat(-1, ToLast(c, z.Real, axis, rank), ToLast(c, z.Imaginary, axis, rank));
        string right = FourierMatrices.Complex(c, from, to, inverse, Factor(c, inverse), fromTheLeft: false);
        IReadOnlyList<string> halves = c.Split(c.Node("MatMul", [both, right]), -1, [to, to]);
        return (ToLast(c, halves[0], axis, rank), ToLast(c, halves[1], axis, rank));
    }

    /// <summary>Swaps an axis with the last; its own inverse.</summary>
    private static string ToLast(OperatorContext c, string value, int axis, int rank)
    {
        int[] order = CommonNodes.Order(rank);
        (order[axis], order[^1]) = (order[^1], order[axis]);
        return c.Transpose(value, order);
    }

    private static int[] AxesOf(OperatorContext c, string form)
    {
        int rank = c.OutputRank();
        if (form.Length == 0)
        {
            return [c.IsNone("dim") ? rank - 1 : c.Axis("dim", rank)];
        }

        int sizes = c.IsNone("s") ? rank : c.Sizes("s").Count;
        long[] axes = !c.IsNone("dim") ? c.Axes("dim", rank) : form == "2" ? [rank - 2, rank - 1]
            : [.. Enumerable.Range(rank - sizes, sizes).Select(a => (long)a)];
        return [.. axes.Select(a => (int)a)];
    }

    private static string Length(OperatorContext c) => c.Operator.EndsWith("fft", StringComparison.Ordinal) ? "n" : "s";

    /// <summary>The stated length of the transform along an axis.</summary>
    private static SymbolicInt Stated(OperatorContext c, int axis)
    {
        // The last axis is the one that real numbers are transformed along.
        SymbolicInt stated = c.IsList(Length(c)) ? c.Sizes(Length(c))[^1] : c.Size(Length(c));
        return stated.Value < 0 ? c.Shape("self")[axis] : stated;
    }

    /// <summary>How the transform is scaled along each axis: by 1 (0), the length (1) or its square root (0.5).</summary>
    private static double Factor(OperatorContext c, bool inverse) => (c.IsNone("norm") ? "backward" : c.Text("norm")) switch
    {
        "backward" => inverse ? 1 : 0,
        "forward" => inverse ? 0 : 1,
        "ortho" => 0.5,
        string other => throw c.Unsupported($"norm '{other}'"),
    };

    private static void ReturnComplex(this OperatorContext c, (string Real, string Imaginary) z) => c.ReturnComplex(z.Real, z.Imaginary);
}
