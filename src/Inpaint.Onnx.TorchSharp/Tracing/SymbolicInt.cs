namespace Inpaint.Onnx.TorchSharp;

/// <summary>
/// A whole number of the trace that may follow the inputs' dynamic sizes: <c>Numerator / Denominator * (product of Axes) + Offset</c>.
/// </summary>
/// <param name="Value">The number in the first trace.</param>
/// <param name="Axes">The dynamic sizes that it follows; none for a constant.</param>
/// <param name="Numerator">Factor.</param>
/// <param name="Denominator">Divisor, at least 1.</param>
/// <param name="Offset">Added last.</param>
public readonly record struct SymbolicInt(long Value, IReadOnlyList<DynamicAxis> Axes, long Numerator, long Denominator, long Offset)
{
    /// <summary>Whether it is the same whatever the inputs' sizes.</summary>
    public bool IsConstant => Axes.Count == 0;

    /// <summary>A constant.</summary>
    public static implicit operator SymbolicInt(long value) => new(value, [], 1, 1, 0);

    /// <summary>A constant.</summary>
    public static SymbolicInt FromInt64(long value) => value;

    /// <summary>The number and <paramref name="more"/> in one.</summary>
    public SymbolicInt Plus(long more) => IsConstant ? Value + more : this with { Value = Value + more, Offset = Offset + more };

    /// <summary>Whether both are the same number at all sizes, as far as is known.</summary>
    public bool Equals(SymbolicInt other) => Value == other.Value && (Numerator, Denominator, Offset) == (other.Numerator, other.Denominator, other.Offset)
        && Axes.Select(a => a.Name).SequenceEqual(other.Axes.Select(a => a.Name));

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Value, Axes.Count, Numerator, Denominator, Offset);

    /// <summary>Such as <c>8</c>, <c>batch</c> or <c>2*height-1</c>.</summary>
    public override string ToString()
    {
        if (IsConstant)
        {
            return Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        string product = string.Join("*", Axes.Select(a => a.Name));
        return $"{(Numerator == 1 ? "" : $"{Numerator}*")}{product}{(Denominator == 1 ? "" : $"/{Denominator}")}{(Offset == 0 ? "" : $"{Offset:+0;-0}")}";
    }
}

/// <summary>A size of an input that may differ from run to run.</summary>
/// <param name="Input">Which input.</param>
/// <param name="Axis">Which of its axes.</param>
/// <param name="Name">Its name in the graph, such as <c>batch</c>; sizes of the same name are always equal.</param>
public sealed record DynamicAxis(int Input, int Axis, string Name);

/// <summary>Finds out, from traces at different sizes, which numbers follow which sizes.</summary>
internal sealed class SizeAlgebra
{
    private readonly IReadOnlyList<(DynamicAxis Axis, long First, long Second)> _axes;

    /// <param name="axes">The dynamic sizes, with their value in the first trace and in the trace that changes them alone.</param>
    public SizeAlgebra(IReadOnlyList<(DynamicAxis Axis, long First, long Second)> axes) => _axes = axes;

    /// <summary>Explains a number.</summary>
    /// <param name="first">Its value in the first trace.</param>
    /// <param name="changed">Its value in the traces that change one dynamic size each, in the order of the axes.</param>
    /// <returns>The number as a function of the sizes; null when it is none that is known.</returns>
    public SymbolicInt? Explain(long first, ReadOnlySpan<long> changed)
    {
        var follows = new List<int>();
        for (int i = 0; i < changed.Length; i++)
        {
            if (changed[i] != first)
            {
                follows.Add(i);
            }
        }

        return follows.Count switch
        {
            0 => first,
            1 => Line(first, changed[follows[0]], _axes[follows[0]]),
            _ => Product(first, changed, follows),
        };
    }

    private static SymbolicInt? Line(long first, long second, (DynamicAxis Axis, long First, long Second) axis)
    {
        // slope = rise / run, as a fraction in lowest terms; floor divisions such as (h + 1) / 2 are caught by the export's check.
        long rise = second - first, run = axis.Second - axis.First;
        long divisor = Gcd(Math.Abs(rise), Math.Abs(run));
        long numerator = rise / divisor, denominator = run / divisor;
        if (denominator < 0)
        {
            (numerator, denominator) = (-numerator, -denominator);
        }

        long offset = first - FloorDivide(numerator * axis.First, denominator);
        return FloorDivide(numerator * axis.Second, denominator) + offset == second
            ? new SymbolicInt(first, [axis.Axis], numerator, denominator, offset)
            : null;
    }

    /// <summary>A number that follows several sizes is a multiple or a fraction of their product.</summary>
    private SymbolicInt? Product(long first, ReadOnlySpan<long> changed, List<int> follows)
    {
        long product = 1;
        foreach (int i in follows)
        {
            product = checked(product * _axes[i].First);
        }

        long divisor = Gcd(Math.Abs(first), product);
        long numerator = first / divisor, denominator = product / divisor;
        foreach (int i in follows)
        {
            if (FloorDivide(numerator * (product / _axes[i].First * _axes[i].Second), denominator) != changed[i])
            {
                return null;
            }
        }

        return new SymbolicInt(first, [.. follows.Select(i => _axes[i].Axis)], numerator, denominator, 0);
    }

    private static long FloorDivide(long a, long b) => (long)Math.Floor((double)a / b);

    private static long Gcd(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return Math.Max(1, a);
    }
}
