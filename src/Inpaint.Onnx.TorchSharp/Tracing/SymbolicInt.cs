namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// An integer of the trace that may depend on the inputs' dynamic sizes:
/// <c>Factor * floor((Numerator * (product of Axes) + Addend) / Denominator) + Offset</c>, where the product may be taken modulo
/// <c>Modulus</c>.
/// </summary>
/// <param name="Value">The number in the first trace.</param>
/// <param name="Axes">The dynamic sizes that it follows; none for a constant.</param>
/// <param name="Numerator">Factor.</param>
/// <param name="Denominator">Divisor, at least 1.</param>
/// <param name="Offset">Added last.</param>
public readonly record struct SymbolicInt(long Value, IReadOnlyList<DynamicAxis> Axes, long Numerator, long Denominator, long Offset)
{
    /// <summary>Multiplies the quotient, after it was rounded down. Default 1.</summary>
    public long Factor { get; init; } = 1;

    /// <summary>Added before the division. Default 0.</summary>
    public long Addend { get; init; }

    /// <summary>
    /// What the product is taken modulo, with a rest of this number's sign: -8 gives minus what is missing to a multiple of 8. Default 0,
    /// for none.
    /// </summary>
    public long Modulus { get; init; }

    /// <summary>
    /// Whether the quotient is rounded to the nearest number, and to the even one of two, rather than down. Default false.
    /// </summary>
    public bool RoundsToEven { get; init; }

    /// <summary>The numbers to multiply instead of the axes, one per axis; null for the axes themselves.</summary>
    public IReadOnlyList<SymbolicInt>? Sides { get; init; }

    /// <summary>Whether it is a multiple of the axes' product and a constant, without division, rest or rounding.</summary>
    public bool IsPolynomial => Denominator == 1 && Modulus == 0 && Sides is null;

    /// <summary>Whether it is the same whatever the inputs' sizes.</summary>
    public bool IsConstant => Axes.Count == 0;

    /// <summary>A constant.</summary>
    public static implicit operator SymbolicInt(long value) => new(value, [], 1, 1, 0);

    /// <summary>A constant.</summary>
    public static SymbolicInt FromInt64(long value) => value;

    /// <summary>The number and <paramref name="more"/> in one.</summary>
    public SymbolicInt Plus(long more) => IsConstant ? Value + more : this with { Value = Value + more, Offset = Offset + more };

    /// <summary>Whether both are the same number at all sizes, as far as is known.</summary>
    public bool Equals(SymbolicInt other) => Value == other.Value
        && (Numerator, Denominator, Offset) == (other.Numerator, other.Denominator, other.Offset)
        && (Factor, Addend, Modulus, RoundsToEven) == (other.Factor, other.Addend, other.Modulus, other.RoundsToEven)
        && Axes.Select(a => a.Name).SequenceEqual(other.Axes.Select(a => a.Name))
        && (Sides ?? []).SequenceEqual(other.Sides ?? []);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Value, Axes.Count, Numerator, Denominator, Offset);

    /// <summary>Such as <c>8</c>, <c>batch</c> or <c>2*height-1</c>.</summary>
    public override string ToString()
    {
        if (IsConstant)
        {
            return Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        string text = Sides is null ? string.Join("*", Axes.Select(a => a.Name)) : string.Join("*", Sides.Select(s => $"({s})"));
        text = Modulus == 0 ? text : $"({text} mod {Modulus})";
        text = Numerator == 1 ? text : $"{Numerator}*{text}";
        text = Addend == 0 ? text : $"({text}{Addend:+0;-0})";
        text = Denominator == 1 ? text : RoundsToEven ? $"round({text}/{Denominator})" : $"{text}/{Denominator}";
        string factor = Factor == 1 ? "" : $"{Factor}*", offset = Offset == 0 ? "" : $"{Offset:+0;-0}";
        return $"{factor}{(Factor == 1 || Denominator == 1 ? text : $"({text})")}{offset}";
    }

    /// <summary>Whether it is <paramref name="times"/> times the other number at all sizes, rounding included.</summary>
    internal bool IsTimes(long times, SymbolicInt other) => Axes.SequenceEqual(other.Axes)
        && (Sides ?? []).SequenceEqual(other.Sides ?? [])
        && Offset == times * other.Offset
        && (Denominator, Modulus, RoundsToEven) == (other.Denominator, other.Modulus, other.RoundsToEven)
        && (Denominator == 1
            ? Factor * Numerator == times * other.Factor * other.Numerator && Factor * Addend == times * other.Factor * other.Addend
            : (Numerator, Addend, Factor) == (other.Numerator, other.Addend, times * other.Factor));

    /// <summary>The number at given sizes.</summary>
    /// <param name="sizes">The dynamic sizes by name.</param>
    internal long At(IReadOnlyDictionary<string, long> sizes)
    {
        if (IsConstant)
        {
            return Value;
        }

        long product = Sides is null ? Axes.Aggregate(1L, (p, a) => checked(p * sizes[a.Name]))
            : Sides.Aggregate(1L, (p, s) => checked(p * s.At(sizes)));
        return OfProduct(product);
    }

    /// <summary>The number for a product of the axes.</summary>
    internal long OfProduct(long product)
    {
        long rest = Modulus == 0 ? product : product - (SizeAlgebra.FloorDivide(product, Modulus) * Modulus);
        long dividend = (Numerator * rest) + Addend;
        return (Factor * (RoundsToEven ? SizeAlgebra.RoundDivide(dividend, Denominator) : SizeAlgebra.FloorDivide(dividend, Denominator)))
            + Offset;
    }
}

/// <summary>A size of an input that may differ from run to run.</summary>
/// <param name="Input">Which input.</param>
/// <param name="Axis">Which of its axes.</param>
/// <param name="Name">Its name in the graph, such as <c>batch</c>; sizes of the same name are always equal.</param>
public sealed record DynamicAxis(int Input, int Axis, string Name);
