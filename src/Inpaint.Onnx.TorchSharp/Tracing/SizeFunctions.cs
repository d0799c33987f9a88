namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>Finds the function of one size that gives a number: linear, a rounded quotient, or a remainder.</summary>
internal static class SizeFunctions
{
    /// <summary>Powers of two first: networks mostly halve.</summary>
    private static readonly long[] Divisors =
        [2, 4, 8, 16, 32, 64, .. Enumerable.Range(3, 61).Where(d => !long.IsPow2(d)).Select(d => (long)d)];

    /// <summary>The simplest function with the given values.</summary>
    /// <param name="axis">The size.</param>
    /// <param name="sizes">Its values, the first trace's first.</param>
    /// <param name="values">The number's, in the same order.</param>
    /// <returns>The function; null when no known one fits.</returns>
    public static SymbolicInt? Fit(DynamicAxis axis, long[] sizes, long[] values)
    {
        if (sizes.Length < 2)
        {
            return null;
        }

        return Line(axis, sizes, values)
            ?? (sizes.Length < 4 ? null : Stairs(axis, sizes, values, onlyUsual: true) ?? Rest(axis, sizes, values)
                ?? Stairs(axis, sizes, values, onlyUsual: false));
    }

    private static SymbolicInt? Line(DynamicAxis axis, long[] sizes, long[] values)
    {
        long rise = values[1] - values[0], run = sizes[1] - sizes[0];
        for (int i = 2; i < sizes.Length; i++)
        {
            if ((values[i] - values[0]) * run != rise * (sizes[i] - sizes[0]))
            {
                return null;
            }
        }

        long common = SizeAlgebra.Gcd(rise, run) * Math.Sign(run), numerator = rise / common, denominator = run / common;
        if (denominator == 1)
        {
            return new SymbolicInt(values[0], [axis], numerator, 1, values[0] - (numerator * sizes[0]));
        }

        long sign = numerator < 0 ? -1 : 1;
        return Quotient(axis, sizes[0], values[0], sign, sign * numerator, denominator,
            (sign * values[0] * denominator) - (sign * numerator * sizes[0]));
    }

    /// <summary><c>Factor * floor((Numerator * size + Addend) / Denominator) + Offset</c>.</summary>
    private static SymbolicInt? Stairs(DynamicAxis axis, long[] sizes, long[] values, bool onlyUsual)
    {
        int last = Array.IndexOf(sizes, sizes.Max()), least = Array.IndexOf(sizes, sizes.Min());
        long sign = values[last] < values[least] ? -1 : 1;
        long common = values.Aggregate(0L, (g, v) => SizeAlgebra.Gcd(g, v - values[0]));
        foreach (long denominator in Divisors)
        {
            foreach (long factor in Divisors.Prepend(1).Where(f => common % f == 0))
            {
                foreach (long numerator in factor == 1 ? new long[] { 1, 2, 3, 5, 7 } : [1])
                {
                    if (SizeAlgebra.Gcd(numerator, denominator) == 1
                        && Steps(axis, sizes, values, sign * factor, numerator, denominator, onlyUsual) is { } found)
                    {
                        return found;
                    }
                }
            }
        }

        return null;
    }

    private static SymbolicInt? Steps(DynamicAxis axis, long[] sizes, long[] values, long factor, long numerator, long denominator,
        bool onlyUsual)
    {
        long low = long.MinValue, high = long.MaxValue;
        for (int i = 0; i < sizes.Length; i++)
        {
            long least = ((values[i] - values[0]) / factor * denominator) - (numerator * sizes[i]);
            low = Math.Max(low, least);
            high = Math.Min(high, least + denominator - 1);
        }

        for (long addend = low; addend <= high; addend++)
        {
            long rest = addend - (SizeAlgebra.FloorDivide(addend, denominator) * denominator);
            if (!onlyUsual || rest == 0 || rest == denominator - 1)
            {
                return Quotient(axis, sizes[0], values[0], factor, numerator, denominator, addend);
            }
        }

        return null;
    }

    /// <summary>A remainder of the size, or what is missing to a multiple, or half of that.</summary>
    private static SymbolicInt? Rest(DynamicAxis axis, long[] sizes, long[] values)
    {
        foreach (long modulus in Divisors)
        {
            foreach ((long sign, long factor, long denominator, long addend) in Forms)
            {
                var form = new SymbolicInt(values[0], [axis], sign, denominator, 0) { Modulus = sign * modulus, Factor = factor,
                    Addend = addend };
                long offset = values[0] - At(form, sizes[0]);
                if (sizes.Zip(values).All(s => At(form, s.First) + offset == s.Second))
                {
                    return form with { Offset = offset };
                }
            }
        }

        return null;
    }

    private static readonly (long Sign, long Factor, long Denominator, long Addend)[] Forms =
    [
        (-1, 1, 1, 0), (1, 1, 1, 0), (-1, 1, 2, 0), (-1, 1, 2, 1), (1, 1, 2, 0), (1, 1, 2, 1), (1, -1, 1, 0), (-1, -1, 1, 0),
    ];

    private static long At(SymbolicInt form, long size) => form.At(new Dictionary<string, long> { [form.Axes[0].Name] = size });

    /// <summary>With an addend of at least 0 and below the divisor, so that the dividend is not negative.</summary>
    private static SymbolicInt Quotient(DynamicAxis axis, long size, long value, long factor, long numerator, long denominator, long addend)
    {
        addend -= SizeAlgebra.FloorDivide(addend, denominator) * denominator;
        long offset = value - (factor * SizeAlgebra.FloorDivide((numerator * size) + addend, denominator));
        return new SymbolicInt(value, [axis], numerator, denominator, offset) { Factor = factor, Addend = addend };
    }
}
