using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Inpaint.Evaluation.Baselines;

/// <summary>
/// The second difference along one axis, diagonalised: orthonormal modes and their eigenvalues, known in closed form.
/// An end is either known (the pixel beyond it has a fixed value: sine modes) or free (the pixel beyond it repeats the last
/// one: cosine modes). G. Strang, "The Discrete Cosine Transform", SIAM Review 41 (1999).
/// </summary>
internal sealed class LaplaceAxis
{
    private const int LargestCached = 128;

    private static readonly ConcurrentDictionary<(int Length, bool First, bool Last), LaplaceAxis> Cache = new();

    private LaplaceAxis(int length, bool firstKnown, bool lastKnown)
    {
        Length = length;
        Modes = new double[length * length];
        Eigenvalues = new double[length];
        for (int j = 0; j < length; j++)
        {
            double angle = (firstKnown, lastKnown) switch
            {
                (true, true) => Math.PI * (j + 1) / (length + 1),
                (false, false) => Math.PI * j / length,
                _ => Math.PI * (2 * j + 1) / (2 * length + 1),
            };
            Eigenvalues[j] = 2 - 2 * Math.Cos(angle);
            double squares = 0;
            for (int i = 0; i < length; i++)
            {
                double mode = (firstKnown, lastKnown) switch
                {
                    (true, _) => Math.Sin(angle * (i + 1)),
                    (false, true) => Math.Sin(angle * (length - i)),
                    (false, false) => Math.Cos(angle * (i + 0.5)),
                };
                Modes[i * length + j] = mode;
                squares += mode * mode;
            }

            for (int i = 0; i < length; i++)
            {
                Modes[i * length + j] /= Math.Sqrt(squares);
            }
        }
    }

    /// <summary>Pixels along the axis.</summary>
    public int Length { get; }

    /// <summary>Row-major: mode j at pixel i has index <c>i * Length + j</c>.</summary>
    public double[] Modes { get; }

    /// <summary>Of the negated second difference; 0 or above, and 0 only for the constant mode of an axis free at both ends.</summary>
    public double[] Eigenvalues { get; }

    /// <summary>The axis of a length and two ends; lengths up to 128 are cached.</summary>
    public static LaplaceAxis Get(int length, bool firstKnown, bool lastKnown) => length > LargestCached
        ? new LaplaceAxis(length, firstKnown, lastKnown)
        : Cache.GetOrAdd((length, firstKnown, lastKnown), static key => new LaplaceAxis(key.Length, key.First, key.Last));

    /// <summary>Replaces each of the columns, of this axis's length, by its modes, or modes by columns.</summary>
    /// <param name="toModes">The direction.</param>
    /// <param name="source">Row-major, <see cref="Length"/> rows.</param>
    /// <param name="target">As the source; must not overlap it.</param>
    /// <param name="columns">Number of columns.</param>
    public void Transform(bool toModes, ReadOnlySpan<double> source, Span<double> target, int columns)
    {
        target[..(Length * columns)].Clear();
        for (int i = 0; i < Length; i++)
        {
            Span<double> row = target.Slice(i * columns, columns);
            for (int k = 0; k < Length; k++)
            {
                TensorPrimitives.MultiplyAdd(source.Slice(k * columns, columns), Modes[toModes ? (k * Length) + i : (i * Length) + k], row,
                    row);
            }
        }
    }
}
