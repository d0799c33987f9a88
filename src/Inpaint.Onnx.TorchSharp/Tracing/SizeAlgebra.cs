namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>Derives, from traces at different sizes, which numbers depend on which sizes, and how.</summary>
/// <param name="axes">The dynamic sizes.</param>
/// <param name="samples">All dynamic sizes of each trace by name; the first are those of the first trace.</param>
internal sealed class SizeAlgebra(IReadOnlyList<DynamicAxis> axes, IReadOnlyList<IReadOnlyDictionary<string, long>> samples)
{
    /// <summary>The largest constant, such as a class token, that is added to a product of sizes.</summary>
    private static readonly long[] ProductOffsets = [0, 1, -1, 2, -2, 3, -3, 4, -4];

    /// <summary>Explains a number.</summary>
    /// <param name="first">Its value in the first trace.</param>
    /// <param name="changed">Its value in the other traces.</param>
    /// <returns>The number as a function of the sizes, right in every trace; null when no known function fits.</returns>
    public SymbolicInt? Explain(long first, IReadOnlyList<long> changed)
    {
        if (changed.All(c => c == first))
        {
            return first;
        }

        long[] values = [first, .. changed];
        DynamicAxis[] followed = [.. axes.Where(axis => AlongAxis(axis).Any(i => values[i] != first))];
        SymbolicInt? found = followed.Length switch
        {
            0 => null,
            1 => Single(followed[0], values),
            _ => Product(followed, values),
        };
        return found is { } number && Enumerable.Range(0, samples.Count).All(i => number.At(samples[i]) == values[i]) ? found : null;
    }

    /// <summary>Describes how a number changes: <c>becomes 17 at height 33, 31 at height 62</c>.</summary>
    public string Describe(long first, IReadOnlyList<long> changed)
    {
        IEnumerable<string> changes = changed.Select((value, i) => (Value: value, Sizes: samples[i + 1]))
            .Where(c => c.Value != first)
            .Select(c =>
            $"{c.Value} at {string.Join(", ", c.Sizes.Where(s => samples[0][s.Key] != s.Value).Select(s => $"{s.Key} {s.Value}"))}");
        return $"at {string.Join(", ", samples[0].Select(s => $"{s.Key} {s.Value}"))} becomes {string.Join("; ", changes)}";
    }

    /// <summary>The quotient, rounded down.</summary>
    public static long FloorDivide(long a, long b)
    {
        (long quotient, long rest) = Math.DivRem(a, b);
        return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    /// <summary>The quotient, rounded to the nearest number, or to the even one of two.</summary>
    public static long RoundDivide(long a, long b)
    {
        long doubled = (2 * a) + b, rounded = FloorDivide(doubled, 2 * b);
        return doubled - (rounded * 2 * b) == 0 && rounded % 2 != 0 ? rounded - 1 : rounded;
    }

    private SymbolicInt? Single(DynamicAxis axis, long[] values)
    {
        int[] along = [.. AlongAxis(axis)];
        return SizeFunctions.Fit(axis, [.. along.Select(i => samples[i][axis.Name])], [.. along.Select(i => values[i])]);
    }

    /// <summary>A product of numbers that follow one size each, and a small constant.</summary>
    private SymbolicInt? Product(DynamicAxis[] followed, long[] values)
    {
        foreach (long offset in ProductOffsets)
        {
            var sides = new List<SymbolicInt>();
            long product = 1;
            foreach (DynamicAxis axis in followed)
            {
                int[] along = [.. AlongAxis(axis)];
                long common = along.Aggregate(0L, (g, i) => Gcd(g, values[i] - offset));
                if (common == 0
                    || SizeFunctions.Fit(axis, [.. along.Select(i => samples[i][axis.Name])],
                    [.. along.Select(i => (values[i] - offset) / common)]) is not { } side)
                {
                    break;
                }

                sides.Add(side);
                product *= side.Value;
            }

            if (sides.Count < followed.Length || product == 0 || (values[0] - offset) % product != 0)
            {
                continue;
            }

            bool plain = sides.TrueForAll(s => s is { IsPolynomial: true, Numerator: 1, Offset: 0 });
            var found = new SymbolicInt(values[0], followed, (values[0] - offset) / product, 1, offset) { Sides = plain ? null : sides };
            if (Enumerable.Range(0, samples.Count).All(i => found.At(samples[i]) == values[i]))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The traces in which no other size than this one is changed, with the first.</summary>
    private IEnumerable<int> AlongAxis(DynamicAxis axis) => Enumerable.Range(0, samples.Count)
        .Where(i => axes.All(a => a.Name == axis.Name || samples[i][a.Name] == samples[0][a.Name]));

    internal static long Gcd(long a, long b)
    {
        (a, b) = (Math.Abs(a), Math.Abs(b));
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
