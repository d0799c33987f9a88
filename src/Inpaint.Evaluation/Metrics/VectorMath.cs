using System.Numerics;
using System.Runtime.InteropServices;

namespace Inpaint.Evaluation.Metrics;

/// <summary>Sums over rows of doubles. Each element is computed alike on every vector width.</summary>
internal static class VectorMath
{
    /// <summary>Adds <paramref name="factor"/> times <paramref name="source"/> to <paramref name="target"/>; both have the same length.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        source = source[..target.Length];
        Span<Vector<double>> targets = MemoryMarshal.Cast<double, Vector<double>>(target);
        ReadOnlySpan<Vector<double>> sources = MemoryMarshal.Cast<double, Vector<double>>(source);
        var factors = new Vector<double>(factor);
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] += sources[i] * factors;
        }

        for (int i = targets.Length * Vector<double>.Count; i < target.Length; i++)
        {
            target[i] += source[i] * factor;
        }
    }

    /// <summary>
    /// <paramref name="product"/> = A B, or A transposed times B. Row-major; A is square of side <paramref name="n"/>,
    /// B and the product have <paramref name="n"/> rows of <paramref name="columns"/>.
    /// </summary>
    public static void MultiplyLeft(ReadOnlySpan<double> a, bool transposed, ReadOnlySpan<double> b, Span<double> product, int n, int columns)
    {
        product[..(n * columns)].Clear();
        for (int i = 0; i < n; i++)
        {
            Span<double> row = product.Slice(i * columns, columns);
            for (int k = 0; k < n; k++)
            {
                AddScaled(row, b.Slice(k * columns, columns), transposed ? a[k * n + i] : a[i * n + k]);
            }
        }
    }

    /// <summary>Row-major B, <paramref name="rows"/> by <paramref name="columns"/>, with its axes swapped.</summary>
    public static void Transpose(ReadOnlySpan<double> b, Span<double> swapped, int rows, int columns)
    {
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                swapped[x * rows + y] = b[y * columns + x];
            }
        }
    }
}
