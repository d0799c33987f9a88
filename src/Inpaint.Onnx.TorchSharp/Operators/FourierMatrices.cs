using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>
/// The matrices of discrete Fourier transforms, as constants for fixed sizes and computed while the graph runs for others.
/// An input longer than the transform is cropped, a shorter one padded with zeros.
/// </summary>
internal static class FourierMatrices
{
    /// <summary>Real numbers on the left to [real part | imaginary part]: (from, 2 * to).</summary>
    /// <param name="c">The operator.</param>
    /// <param name="from">The number of inputs.</param>
    /// <param name="to">The number of frequencies.</param>
    /// <param name="period">Length of the transform.</param>
    /// <param name="inverse">Whether the exponent is positive.</param>
    /// <param name="power">The transform is divided by its length to the power of this.</param>
    public static string FromReal(OperatorContext c, SymbolicInt from, SymbolicInt to, SymbolicInt period, bool inverse, double power)
    {
        (Matrix cos, Matrix sin) = Waves(c, from, to, period, power);
        return Matrix.Blocks(c, [[cos, inverse ? sin : -sin]]);
    }

    /// <summary>[real part | imaginary part] on either side to the same of the transform: (2 * from, 2 * to), or transposed.</summary>
    public static string Complex(OperatorContext c, SymbolicInt from, SymbolicInt to, bool inverse, double power, bool fromTheLeft)
    {
        (Matrix cos, Matrix sin) = fromTheLeft ? Waves(c, to, from, to, power) : Waves(c, from, to, to, power);
        Matrix turned = inverse ? -sin : sin;
        return fromTheLeft ? Matrix.Blocks(c, [[cos, turned], [-turned, cos]]) : Matrix.Blocks(c, [[cos, -turned], [turned, cos]]);
    }

    /// <summary>[real part | imaginary part] of half a spectrum on the left to the real numbers: (2 * from, to).</summary>
    public static string HalfToReal(OperatorContext c, SymbolicInt from, SymbolicInt to, double power)
    {
        (Matrix cos, Matrix sin) = Waves(c, from, to, to, power, half: true);
        return Matrix.Blocks(c, [[cos], [-sin]]);
    }

    /// <summary>cos and sin of 2 pi row column / period, divided by a power of the period.</summary>
    private static (Matrix Cos, Matrix Sin) Waves(OperatorContext c, SymbolicInt rows, SymbolicInt columns, SymbolicInt period,
        double power, bool half = false) =>
        rows.IsConstant && columns.IsConstant && period.IsConstant
            ? Known(rows.Value, columns.Value, period.Value, power, half)
            : Computed(c, rows, columns, period, power, half);

    private static (Matrix Cos, Matrix Sin) Known(long rows, long columns, long period, double power, bool half)
    {
        // Exact angles: full turns are removed in integer arithmetic.
        Tensor turns = outer(arange(rows, ScalarType.Int64), arange(columns, ScalarType.Int64)).remainder(period);
        Tensor angles = turns.to(ScalarType.Float64) * (2 * Math.PI / period);
        Tensor weights = full([rows, columns], Math.Pow(period, -power), ScalarType.Float64);
        if (half)
        {
            // Frequencies count twice, except the first and, for an even length, the middle one; those above it do not count.
            Tensor frequencies = arange(rows, ScalarType.Int64).unsqueeze(1);
            Tensor once = frequencies.eq(0).logical_or((frequencies * 2).eq(period));
            weights = where(frequencies * 2 > period, zeros_like(weights), where(once, weights, weights * 2));
        }
        else
        {
            weights[TensorIndex.Slice(period), TensorIndex.Colon] = 0;
            weights[TensorIndex.Colon, TensorIndex.Slice(period)] = 0;
        }

        return (new Matrix(angles.cos() * weights, ""), new Matrix(angles.sin() * weights, ""));
    }

    private static (Matrix Cos, Matrix Sin) Computed(OperatorContext c, SymbolicInt rows, SymbolicInt columns, SymbolicInt period,
        double power, bool half)
    {
        if (!half && rows.Value > period.Value)
        {
            throw c.Unsupported(
                $"a length of {period} on an axis of {rows}, which changes with the inputs' sizes; keep that axis fixed (DynamicAxes)");
        }

        string length = c.ScalarOf(period);
        string turns = c.Node("Mod", [c.Node("Mul", [c.Unsqueeze(c.Range(rows), 1), c.Unsqueeze(c.Range(columns), 0)]), length]);
        string real = c.Cast(length, ScalarType.Int64, ScalarType.Float64);
        string angles =
            c.Node("Mul",
                [c.Cast(turns, ScalarType.Int64, ScalarType.Float64), c.Node("Div", [c.Scalar(2 * Math.PI, ScalarType.Float64), real])]);
        string weights = c.Node("Pow", [real, c.Scalar(-power, ScalarType.Float64)]);
        if (half)
        {
            string doubled = c.Node("Mul", [c.Range(rows), c.Scalar(2, ScalarType.Int64)]);
            string edge = c.Node("Equal", [c.Node("Mod", [doubled, length]), c.Scalar(0, ScalarType.Int64)]);
            string twice = c.Node("Where", [edge, weights, c.Node("Add", [weights, weights])]);
            string counted = c.Node("Where", [c.Node("Greater", [doubled, length]), c.Scalar(0, ScalarType.Float64), twice]);
            weights = c.Unsqueeze(counted, 1);
        }

        Matrix Wave(string function) =>
            new(null, c.Cast(c.Node("Mul", [c.Node(function, [angles]), weights]), ScalarType.Float64, c.OutputType()));
        return (Wave("Cos"), Wave("Sin"));
    }

    /// <summary>A matrix that is known, or a value of the graph.</summary>
    private readonly record struct Matrix(Tensor? Known, string Value, bool Negative = false)
    {
        public static Matrix operator -(Matrix matrix) => matrix with { Negative = !matrix.Negative };

        public static string Blocks(OperatorContext c, Matrix[][] blocks)
        {
            if (blocks.All(row => row.All(m => m.Known is not null)))
            {
                Tensor whole = cat([.. blocks.Select(row => cat([.. row.Select(m => m.Negative ? -m.Known! : m.Known!)], 1))], 0);
                return c.Constant("waves", whole.to(c.OutputType()));
            }

            return c.Concat(0,
                [.. blocks.Select(row => c.Concat(1, [.. row.Select(m => m.Negative ? c.Node("Neg", [m.Value]) : m.Value)]))]);
        }
    }
}
