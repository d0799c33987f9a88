namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// Finds the functions of one size that give a number: linear, a rounded quotient, or a remainder. Several may have the values found so
/// far; more values tell which is right.
/// </summary>
internal static class SizeFunctions
{
    // A divisor above is not found; networks reduce by 320 at most.
    private const long LargestDivisor = 1024;
    private const int MostCandidates = 800;
    private const long MostSizes = 1500;

    private static readonly long[] Numerators = [.. Enumerable.Range(1, 20).Select(n => (long)n)];

    /// <summary>Powers of two first: networks mostly halve.</summary>
    private static readonly long[] Moduli =
        [2, 4, 8, 16, 32, 64, 128, 256, .. Enumerable.Range(3, 97).Where(d => !int.IsPow2(d)).Select(d => (long)d), 160, 192, 320, 384];

    private static readonly (long Sign, long Factor, long Denominator, long Addend)[] Remainders =
    [
        (-1, 1, 1, 0), (1, 1, 1, 0), (-1, 1, 2, 0), (-1, 1, 2, 1), (1, 1, 2, 0), (1, 1, 2, 1), (1, -1, 1, 0), (-1, -1, 1, 0),
    ];

    /// <summary>The simplest function with the given values.</summary>
    /// <param name="axis">The size.</param>
    /// <param name="sizes">Its values, the first trace's first.</param>
    /// <param name="values">The number's, in the same order.</param>
    /// <returns>The function; null when no known one fits.</returns>
    public static SymbolicInt? Fit(DynamicAxis axis, long[] sizes, long[] values)
    {
        foreach (SymbolicInt candidate in All(axis, sizes, values))
        {
            return candidate;
        }

        return null;
    }

    /// <summary>A size at which functions with the given values differ.</summary>
    /// <param name="axis">The size.</param>
    /// <param name="sizes">Its values, the first trace's first.</param>
    /// <param name="values">The number's, in the same order.</param>
    /// <param name="excluded">Sizes that cannot be tried.</param>
    /// <param name="largest">The largest size of interest.</param>
    /// <returns>The size at which the fewest of them agree, a small one; null when all agree.</returns>
    public static long? Distinguishing(DynamicAxis axis, long[] sizes, long[] values, IReadOnlySet<long> excluded, long largest)
    {
        SymbolicInt[] candidates = [.. All(axis, sizes, values).Take(MostCandidates)];
        if (candidates.Length < 2)
        {
            return null;
        }

        long? best = null;
        int fewest = candidates.Length;
        var counts = new Dictionary<long, int>();

        // An odd step reaches every remainder of a power of two.
        for (long size = 1; size <= largest; size += (largest / MostSizes) | 1)
        {
            if (excluded.Contains(size))
            {
                continue;
            }

            counts.Clear();
            int most = 0;
            foreach (SymbolicInt candidate in candidates)
            {
                long value = At(candidate, size);
                int count = counts.GetValueOrDefault(value) + 1;
                counts[value] = count;
                most = Math.Max(most, count);
            }

            if (most < fewest)
            {
                (best, fewest) = (size, most);
            }
        }

        return best;
    }

    /// <summary>All functions with the given values, simple ones first.</summary>
    private static IEnumerable<SymbolicInt> All(DynamicAxis axis, long[] sizes, long[] values)
    {
        if (sizes.Length < 2)
        {
            return [];
        }

        SymbolicInt? line = Line(axis, sizes, values);
        IEnumerable<SymbolicInt> lines = line is { } found ? [found] : [];
        return (line is { Denominator: 1 } && sizes.Length > 2) || sizes.Length < 4
            ? lines
            : lines.Concat(Stairs(axis, sizes, values, usual: true)).Concat(Rest(axis, sizes, values))
                .Concat(Complements(axis, sizes, values)).Concat(Rounded(axis, sizes, values))
                .Concat(Stairs(axis, sizes, values, usual: false));
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

    /// <summary>
    /// <c>Factor * floor((Numerator * size + Addend) / Denominator) + Offset</c>: with the usual addends, which round down or up, or with
    /// the smallest and the largest that are possible.
    /// </summary>
    private static IEnumerable<SymbolicInt> Stairs(DynamicAxis axis, long[] sizes, long[] values, bool usual)
    {
        if (!IsMonotonic(sizes, values))
        {
            yield break;
        }

        int last = Array.IndexOf(sizes, sizes.Max()), least = Array.IndexOf(sizes, sizes.Min());
        long run = sizes[last] - sizes[least], rise = Math.Abs(values[last] - values[least]), sign = values[last] < values[least] ? -1 : 1;
        long common = values.Aggregate(0L, (g, v) => SizeAlgebra.Gcd(g, v - values[0]));
        foreach (long factor in DivisorsOf(common))
        {
            // So many steps fit into the run only with such a divisor.
            long steps = rise / factor;
            foreach (long numerator in factor == 1 && steps > 2 ? Numerators : [1])
            {
                long from = Math.Max(2, numerator * run / (steps + 1)),
                    to = steps > 1 ? Math.Min(LargestDivisor, (numerator * run / (steps - 1)) + 1) : LargestDivisor;
                IEnumerable<long> all = Enumerable.Range((int)from, (int)Math.Max(0, to - from + 1)).Select(d => (long)d);
                foreach (long denominator in all.OrderBy(d => long.IsPow2(d) ? 0 : 1))
                {
                    if (SizeAlgebra.Gcd(numerator, denominator) == 1)
                    {
                        foreach (long addend in Addends(sizes, values, sign * factor, numerator, denominator, usual))
                        {
                            yield return Quotient(axis, sizes[0], values[0], sign * factor, numerator, denominator, addend);
                        }
                    }
                }
            }
        }
    }

    /// <summary>What a quotient leaves: <c>size - size / d</c>, rounded down or up.</summary>
    private static IEnumerable<SymbolicInt> Complements(DynamicAxis axis, long[] sizes, long[] values)
    {
        for (long denominator = 2; denominator <= LargestDivisor; denominator++)
        {
            foreach (long addend in Addends(sizes, values, 1, denominator - 1, denominator, usual: true))
            {
                yield return Quotient(axis, sizes[0], values[0], 1, denominator - 1, denominator, addend);
            }
        }
    }

    private static bool IsMonotonic(long[] sizes, long[] values)
    {
        int[] order = [.. Enumerable.Range(0, sizes.Length).OrderBy(i => sizes[i])];
        int sign = Math.Sign(values[order[^1]] - values[order[0]]);
        for (int i = 1; i < order.Length; i++)
        {
            if ((values[order[i]] - values[order[i - 1]]) * sign < 0)
            {
                return false;
            }
        }

        return sign != 0;
    }

    private static IEnumerable<long> Addends(long[] sizes, long[] values, long factor, long numerator, long denominator, bool usual)
    {
        long low = long.MinValue, high = long.MaxValue;
        for (int i = 0; i < sizes.Length; i++)
        {
            long least = ((values[i] - values[0]) / factor * denominator) - (numerator * sizes[i]);
            low = Math.Max(low, least);
            high = Math.Min(high, least + denominator - 1);
            if (low > high)
            {
                return [];
            }
        }

        // Multiples of the divisor, and the numbers before them.
        long down = SizeAlgebra.FloorDivide(low + denominator - 1, denominator) * denominator,
            up = (SizeAlgebra.FloorDivide(low + denominator, denominator) * denominator) - 1;
        return usual ? ((long[])[down, up]).Where(a => a >= low && a <= high) : ((long[])[low, high]).Distinct();
    }

    /// <summary>A remainder of the size, or what is missing to a multiple, or half of that.</summary>
    private static IEnumerable<SymbolicInt> Rest(DynamicAxis axis, long[] sizes, long[] values)
    {
        long spread = values.Max() - values.Min();
        foreach (long modulus in Moduli.Where(m => m > spread))
        {
            foreach ((long sign, long factor, long denominator, long addend) in Remainders)
            {
                var form = new SymbolicInt(values[0], [axis], sign, denominator, 0) { Modulus = sign * modulus, Factor = factor,
                    Addend = addend };
                long offset = values[0] - At(form, sizes[0]);
                if (sizes.Zip(values).All(s => At(form, s.First) + offset == s.Second))
                {
                    yield return form with { Offset = offset };
                }
            }
        }
    }

    /// <summary>A quotient rounded to the nearest number, as <see cref="Math.Round(double)"/> does.</summary>
    private static IEnumerable<SymbolicInt> Rounded(DynamicAxis axis, long[] sizes, long[] values)
    {
        foreach (long denominator in (long[])[2, 4, 6, 8, 10, 12, 16, 20, 32, 64])
        {
            foreach (long numerator in Numerators.Where(n => SizeAlgebra.Gcd(n, denominator) == 1))
            {
                var form = new SymbolicInt(values[0], [axis], numerator, denominator, 0) { RoundsToEven = true };
                long offset = values[0] - At(form, sizes[0]);
                if (sizes.Zip(values).All(s => At(form, s.First) + offset == s.Second))
                {
                    yield return form with { Offset = offset };
                }
            }
        }
    }

    private static IEnumerable<long> DivisorsOf(long number)
    {
        for (long d = 1; d <= Math.Min(number, LargestDivisor); d++)
        {
            if (number % d == 0)
            {
                yield return d;
            }
        }
    }

    private static long At(SymbolicInt form, long size) => form.OfProduct(size);

    /// <summary>With an addend of at least 0 and below the divisor, so that the dividend is not negative.</summary>
    private static SymbolicInt Quotient(DynamicAxis axis, long size, long value, long factor, long numerator, long denominator, long addend)
    {
        addend -= SizeAlgebra.FloorDivide(addend, denominator) * denominator;
        long offset = value - (factor * SizeAlgebra.FloorDivide((numerator * size) + addend, denominator));
        return new SymbolicInt(value, [axis], numerator, denominator, offset) { Factor = factor, Addend = addend };
    }
}
