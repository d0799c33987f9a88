using System.Buffers;

namespace Inpaint.Holes;

/// <summary>The upscaling kernel. Downscaling always uses an area (box) filter with exact fractional coverage.</summary>
internal enum UpscalingKernel
{
    /// <summary>Linear interpolation; weights are never negative.</summary>
    Triangle,

    /// <summary>Lanczos with three lobes; sharper, but overshoots slightly at edges.</summary>
    Lanczos3,
}

/// <summary>
/// The resampling filter along one axis: for each target pixel, the source pixels that contribute to it and their weights, which sum to 1.
/// Source positions beyond the ends repeat the end pixels. Dispose it to return its pooled arrays.
/// </summary>
internal readonly ref struct AxisFilter : IDisposable
{
    private const int LanczosTaps = 6;
    private readonly int[] _first, _taps;
    private readonly float[] _weights;
    private readonly int _stride, _count;

    /// <param name="start">The window's start on the source axis; may be negative.</param>
    /// <param name="length">The window's length on the source axis.</param>
    /// <param name="sourceLength">The number of source pixels.</param>
    /// <param name="targetLength">The number of target pixels that the whole window is scaled to.</param>
    /// <param name="from">The first target pixel to compute.</param>
    /// <param name="count">The number of target pixels to compute.</param>
    /// <param name="kernel">The kernel used if the target is longer than the window.</param>
    public AxisFilter(int start, int length, int sourceLength, int targetLength, int from, int count, UpscalingKernel kernel)
    {
        bool upscaling = targetLength > length;
        _stride = upscaling ? LanczosTaps : Math.Min(sourceLength, (int)Math.Ceiling((double)length / targetLength) + 1);
        _count = count;
        _first = ArrayPool<int>.Shared.Rent(count);
        _taps = ArrayPool<int>.Shared.Rent(count);
        _weights = ArrayPool<float>.Shared.Rent(checked(count * _stride));
        for (int i = 0; i < count; i++)
        {
            Span<float> weights = _weights.AsSpan(i * _stride, _stride);
            weights.Clear();
            _first[i] = upscaling
                ? Interpolate(start + ((from + i + 0.5) * length / targetLength) - 0.5, sourceLength, kernel, weights)
                : Average(start, length, sourceLength, targetLength, from + i, weights);
            _taps[i] = weights.LastIndexOfAnyExcept(0f) + 1;
        }
    }

    /// <summary>The first source pixel with a weight in any target pixel.</summary>
    public int First => _first[0];

    /// <summary>One past the last source pixel with a weight in any target pixel.</summary>
    public int End => _first[_count - 1] + _taps[_count - 1];

    /// <summary>The first source pixel of target pixel <paramref name="i"/>, counted from the first computed one.</summary>
    public int FirstOf(int i) => _first[i];

    /// <summary>The weights of the source pixels from <see cref="FirstOf"/> on.</summary>
    public ReadOnlySpan<float> Weights(int i) => _weights.AsSpan(i * _stride, _taps[i]);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_first);
        ArrayPool<int>.Shared.Return(_taps);
        ArrayPool<float>.Shared.Return(_weights);
    }

    private static int Average(int start, int length, int sourceLength, int targetLength, int target, Span<float> weights)
    {
        double from = start + ((double)((long)target * length) / targetLength);
        double to = start + ((double)((target + 1L) * length) / targetLength);
        int first = Math.Clamp((int)Math.Floor(from), 0, sourceLength - 1);
        int last = Math.Clamp((int)Math.Ceiling(to) - 1, 0, sourceLength - 1);
        for (int i = first; i <= last; i++)
        {
            double left = i == 0 ? from : Math.Max(from, i);
            double right = i == sourceLength - 1 ? to : Math.Min(to, i + 1);
            weights[i - first] = (float)((right - left) / (to - from));
        }

        return first;
    }

    private static int Interpolate(double centre, int sourceLength, UpscalingKernel kernel, Span<float> weights)
    {
        int radius = kernel == UpscalingKernel.Triangle ? 1 : LanczosTaps / 2;
        int lowest = (int)Math.Floor(centre) - radius + 1;
        int first = Math.Clamp(lowest, 0, sourceLength - 1);
        Span<double> exact = stackalloc double[LanczosTaps];
        exact.Clear();
        double sum = 0;
        for (int i = lowest; i < lowest + (2 * radius); i++)
        {
            double weight = kernel == UpscalingKernel.Triangle ? 1 - Math.Abs(centre - i) : Lanczos3(centre - i);
            exact[Math.Clamp(i, 0, sourceLength - 1) - first] += weight;
            sum += weight;
        }

        for (int i = 0; i < exact.Length; i++)
        {
            weights[i] = (float)(exact[i] / sum);
        }

        return first;
    }

    private static double Lanczos3(double x)
    {
        double a = Math.PI * x;
        return Math.Abs(x) < 1e-9 ? 1 : 3 * Math.Sin(a) * Math.Sin(a / 3) / (a * a);
    }
}
