using System.Buffers;

namespace Inpaint.Holes;

/// <summary>The kernel for an axis that grows; an axis that shrinks always takes the area (box) filter with exact fractional coverage.</summary>
internal enum Enlarging
{
    /// <summary>Linear interpolation: weights are never negative.</summary>
    Triangle,

    /// <summary>Lanczos with three lobes: sharper, overshoots a little at edges.</summary>
    Lanczos3,
}

/// <summary>
/// One axis of a resampling: for each target pixel the source pixels it is made of and their weights, which sum to 1.
/// Source positions beyond the ends are the end pixels, repeated. Dispose it to give its arrays back.
/// </summary>
internal readonly ref struct AxisFilter : IDisposable
{
    private const int LanczosTaps = 6;
    private readonly int[] _first, _taps;
    private readonly float[] _weights;
    private readonly int _stride, _count;

    /// <param name="start">Where the window begins on the source axis; may be negative.</param>
    /// <param name="length">The window's length on the source axis.</param>
    /// <param name="sourceLength">How many source pixels there are.</param>
    /// <param name="targetLength">How many target pixels the whole window becomes.</param>
    /// <param name="from">The first target pixel that is asked for.</param>
    /// <param name="count">How many are asked for.</param>
    /// <param name="enlarging">The kernel where the target is longer than the window.</param>
    public AxisFilter(int start, int length, int sourceLength, int targetLength, int from, int count, Enlarging enlarging)
    {
        bool grows = targetLength > length;
        _stride = grows ? LanczosTaps : Math.Min(sourceLength, (int)Math.Ceiling((double)length / targetLength) + 1);
        _count = count;
        _first = ArrayPool<int>.Shared.Rent(count);
        _taps = ArrayPool<int>.Shared.Rent(count);
        _weights = ArrayPool<float>.Shared.Rent(checked(count * _stride));
        for (int i = 0; i < count; i++)
        {
            Span<float> weights = _weights.AsSpan(i * _stride, _stride);
            weights.Clear();
            _first[i] = grows
                ? Interpolate(start + ((from + i + 0.5) * length / targetLength) - 0.5, sourceLength, enlarging, weights)
                : Cover(start, length, sourceLength, targetLength, from + i, weights);
            _taps[i] = weights.LastIndexOfAnyExcept(0f) + 1;
        }
    }

    /// <summary>The first source pixel that any target pixel takes from.</summary>
    public int First => _first[0];

    /// <summary>One past the last source pixel that any target pixel takes from.</summary>
    public int End => _first[_count - 1] + _taps[_count - 1];

    /// <summary>The first source pixel of target pixel <paramref name="i"/>, counted from the first one asked for.</summary>
    public int FirstOf(int i) => _first[i];

    /// <summary>The weights of the source pixels from <see cref="FirstOf"/> on.</summary>
    public ReadOnlySpan<float> Weights(int i) => _weights.AsSpan(i * _stride, _taps[i]);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_first);
        ArrayPool<int>.Shared.Return(_taps);
        ArrayPool<float>.Shared.Return(_weights);
    }

    private static int Cover(int start, int length, int sourceLength, int targetLength, int target, Span<float> weights)
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

    private static int Interpolate(double centre, int sourceLength, Enlarging enlarging, Span<float> weights)
    {
        int reach = enlarging == Enlarging.Triangle ? 1 : LanczosTaps / 2;
        int lowest = (int)Math.Floor(centre) - reach + 1;
        int first = Math.Clamp(lowest, 0, sourceLength - 1);
        Span<double> exact = stackalloc double[LanczosTaps];
        exact.Clear();
        double sum = 0;
        for (int i = lowest; i < lowest + (2 * reach); i++)
        {
            double weight = enlarging == Enlarging.Triangle ? 1 - Math.Abs(centre - i) : Lanczos3(centre - i);
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
