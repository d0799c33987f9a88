using System.Numerics;

namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Discrete Fourier transform of any length, by mixed radices (J. Cooley, J. Tukey, 1965): fast when the length has
/// small prime factors, exact for any. Reuses a buffer; not thread-safe.
/// </summary>
internal sealed class FourierTransform
{
    private readonly Complex[] _roots;
    private readonly Complex[] _terms;

    public FourierTransform(int length)
    {
        _roots = new Complex[length];
        for (int i = 0; i < length; i++)
        {
            (double sine, double cosine) = Math.SinCos(-2 * Math.PI * i / length);
            _roots[i] = new Complex(cosine, sine);
        }

        _terms = new Complex[length];
    }

    /// <summary>Number of values.</summary>
    public int Length => _roots.Length;

    /// <summary>Transforms the values at 0, stride, 2 stride, ... of <paramref name="input"/>.</summary>
    /// <param name="input">Not modified; must not overlap the output.</param>
    /// <param name="stride">Steps from one value to the next.</param>
    /// <param name="output">Frequencies 0 to <see cref="Length"/> - 1.</param>
    public void Transform(ReadOnlySpan<Complex> input, int stride, Span<Complex> output) => Transform(input, stride, output[..Length], 1);

    private void Transform(ReadOnlySpan<Complex> input, int stride, Span<Complex> output, int rootStep)
    {
        int n = output.Length;
        if (n == 1)
        {
            output[0] = input[0];
            return;
        }

        int radix = SmallestFactor(n), part = n / radix;
        for (int r = 0; r < radix; r++)
        {
            Transform(input[(r * stride)..], radix * stride, output.Slice(r * part, part), radix * rootStep);
        }

        for (int k = 0; k < part; k++)
        {
            if (radix == 2)
            {
                Complex even = output[k], odd = output[part + k] * _roots[k * rootStep];
                output[k] = even + odd;
                output[part + k] = even - odd;
            }
            else
            {
                Combine(output, k, radix, part, rootStep);
            }
        }
    }

    private void Combine(Span<Complex> output, int k, int radix, int part, int rootStep)
    {
        for (int r = 0; r < radix; r++)
        {
            _terms[r] = output[r * part + k];
        }

        for (int q = 0; q < radix; q++)
        {
            long frequency = q * part + k;
            Complex sum = _terms[0];
            for (int r = 1; r < radix; r++)
            {
                sum += _terms[r] * _roots[(int)(frequency * r * rootStep % Length)];
            }

            output[q * part + k] = sum;
        }
    }

    private static int SmallestFactor(int n)
    {
        for (int factor = 2; factor * factor <= n; factor++)
        {
            if (n % factor == 0)
            {
                return factor;
            }
        }

        return n;
    }
}
