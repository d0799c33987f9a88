using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>How far tensors are from each other.</summary>
internal static class TensorComparison
{
    /// <summary>Whether a result has anything but NaN.</summary>
    public static bool HasNumbers(IReadOnlyList<Tensor> results)
    {
        using DisposeScope scope = NewDisposeScope();
        return results.Any(r => r.numel() == 0 || !r.isnan().all().item<bool>());
    }

    /// <summary>
    /// The largest difference of two tensors: relative to each value, or for values below the root mean square, to that; infinite when
    /// shapes differ.
    /// </summary>
    public static double Difference(Tensor expected, Tensor found)
    {
        if (!expected.shape.SequenceEqual(found.shape))
        {
            return double.PositiveInfinity;
        }

        if (expected.numel() == 0)
        {
            return 0;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor a = expected.cpu().to(ScalarType.Float64), b = found.to(ScalarType.Float64);
        Tensor finite = a.isfinite(), squares = where(finite, a, zeros_like(a)).square();
        double scale = Math.Sqrt(squares.sum().item<double>() / Math.Max(1, finite.sum().item<long>()));
        Tensor difference = (a - b).abs() / a.abs().clamp_min(Math.Max(scale, double.Epsilon));

        // Equal infinities, and NaN on both sides, count as equal.
        difference = where(a.eq(b).logical_or(a.isnan().logical_and(b.isnan())), zeros_like(difference), difference);
        return difference.nan_to_num(nan: double.PositiveInfinity).max().item<double>();
    }
}
