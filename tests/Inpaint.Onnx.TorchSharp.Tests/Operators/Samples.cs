using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Makers of examples. The checks draw fresh values from each example's range.</summary>
internal static class Samples
{
    private static readonly float[] Special =
        [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 1e-7f, -1e-7f, 30f, -30f,
            1e10f, -1e10f];

    /// <summary>Floats on both sides of zero, about -9 to 9.</summary>
    public static Func<Tensor> Real(params long[] shape) => () => randn(shape) * 3;

    /// <summary>The same in double precision.</summary>
    public static Func<Tensor> Double(params long[] shape) => () => randn(shape, float64) * 3;

    /// <summary>The same in half precision.</summary>
    public static Func<Tensor> Half(params long[] shape) => () => (randn(shape) * 3).to(float16);

    /// <summary>Floats of 0.1 to 4.</summary>
    public static Func<Tensor> Positive(params long[] shape) => () => (rand(shape) * 3.9) + 0.1;

    /// <summary>Floats of -1 to 1.</summary>
    public static Func<Tensor> Unit(params long[] shape) => () => (rand(shape) * 2) - 1;

    /// <summary>Integers from -9 to 9.</summary>
    public static Func<Tensor> Whole(ScalarType type, params long[] shape) => () => randint(-9, 10, shape, type);

    /// <summary>Integers from 1 to 9.</summary>
    public static Func<Tensor> Natural(ScalarType type, params long[] shape) => () => randint(1, 10, shape, type);

    /// <summary>0, 1 and 2 (booleans: false and true): many are equal, and some are zero.</summary>
    public static Func<Tensor> Few(ScalarType type, params long[] shape) => () => randint(0, 3, shape, int64).to(type);

    /// <summary>Booleans.</summary>
    public static Func<Tensor> Truth(params long[] shape) => () => rand(shape) < 0.5;

    /// <summary>Edge cases, one row per batch element: NaN, infinities, zeros, halves.</summary>
    /// <param name="x">Decides the number of rows.</param>
    public static Tensor Edges(Tensor x) => Rows(x, Special);

    /// <summary>The same values the other way round.</summary>
    public static Tensor ReversedEdges(Tensor x) => Rows(x, [.. Special.Reverse()]);

    private static Tensor Rows(Tensor x, float[] row) => (x.sum(1, keepdim: true) * 0) + tensor(row);
}
