using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>Random tensors like an example.</summary>
internal static class FreshTensors
{
    /// <summary>A tensor of the example's type and range, with infinities and NaN where the example has them.</summary>
    /// <param name="example">The example.</param>
    /// <param name="shape">The shape, with the same number of axes; where it differs, special values are repeated.</param>
    /// <param name="widen">Whether a constant example represents a range around its value.</param>
    public static Tensor Like(Tensor example, long[] shape, bool widen)
    {
        ScalarType type = example.dtype;
        Device device = example.device;
        if (example.numel() == 0)
        {
            return zeros(shape, type, device);
        }

        if (type == ScalarType.Bool)
        {
            return widen || !IsConstant(example) ? rand(shape, device: device) < 0.5
                : full(shape, example.flatten()[0].item<bool>(), type, device);
        }

        (double low, double high) = Range(example);
        if (example.is_integral())
        {
            (long least, long most) = ((long)low, (long)high);
            if (least == most && widen)
            {
                // An index or a count: smaller values, if they are not negative.
                (least, most) = least > 0 ? (least - 1, most) : (least, most + 1);
            }

            return randint(least, most + 1, shape, type, device);
        }

        if (low == high && widen)
        {
            (low, high) = (low - 1, high + 1);
        }

        Tensor fresh = low == high ? full(shape, low, type, device)
            : (rand(shape, ScalarType.Float32, device) * (high - low) + low).to(type);
        return example.isfinite().all().item<bool>() ? fresh : WithPlaces(example, fresh, shape);
    }

    /// <summary>Whether all finite numbers of a tensor are the same.</summary>
    public static bool IsConstant(Tensor example)
    {
        if (example.numel() == 0)
        {
            return false;
        }

        (double low, double high) = Range(example);
        return low == high;
    }

    private static (double Low, double High) Range(Tensor example)
    {
        Tensor all = example.to(ScalarType.Float64), finite = all.isfinite();
        return finite.any().item<bool>()
            ? (where(finite, all, full_like(all, double.PositiveInfinity)).min().item<double>(),
                where(finite, all, full_like(all, double.NegativeInfinity)).max().item<double>())
            : (0, 0);
    }

    /// <summary>The example itself, repeated or cropped where the shape differs.</summary>
    public static Tensor Repeated(Tensor example, long[] shape)
    {
        Tensor places = example.clone();
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] != places.shape[axis] && places.shape[axis] > 0)
            {
                places = places.index_select(axis,
                    arange(shape[axis], ScalarType.Int64, device: example.device).remainder(places.shape[axis]));
            }
        }

        return places;
    }

    private static Tensor WithPlaces(Tensor example, Tensor fresh, long[] shape)
    {
        Tensor places = Repeated(example, shape);
        return where(places.isfinite(), fresh, places);
    }
}
