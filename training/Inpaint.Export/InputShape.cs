using System.Globalization;
using static TorchSharp.torch;

namespace Inpaint.Export;

/// <summary>An input of forward, as given on the command line.</summary>
/// <param name="Name">Its name in the graph; null for that of forward's parameter.</param>
/// <param name="Sizes">The example's sizes.</param>
/// <param name="Type">Its element type. Default float32.</param>
/// <param name="Low">The smallest value. Default 0.</param>
/// <param name="High">The largest value. Default 1.</param>
internal sealed record InputShape(string? Name, long[] Sizes, ScalarType Type, double Low, double High)
{
    private const string Form = "[NAME=]SIZES[:TYPE[:LOW..HIGH]], such as 1,3,64,64 or tokens=1,16:int64:0..49999";

    private static readonly Dictionary<string, ScalarType> Types = new()
    {
        ["float32"] = ScalarType.Float32, ["float64"] = ScalarType.Float64, ["float16"] = ScalarType.Float16,
        ["int64"] = ScalarType.Int64, ["int32"] = ScalarType.Int32, ["uint8"] = ScalarType.Byte, ["bool"] = ScalarType.Bool,
    };

    /// <summary>Reads <c>[NAME=]SIZES[:TYPE[:LOW..HIGH]]</c>.</summary>
    /// <exception cref="UsageException">The format is wrong.</exception>
    public static InputShape Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string? name = equals > 0 ? text[..equals] : null;
        string[] parts = text[(equals + 1)..].Split(':');
        long[] sizes =
            [.. parts[0].Split(',')
                .Select(s => long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : -1)];
        if (parts.Length > 3 || parts[0].Length == 0 || sizes.Any(s => s < 0))
        {
            throw new UsageException($"--shape {text}: expected {Form}.");
        }

        string type = parts.Length > 1 && parts[1].Length > 0 ? parts[1] : "float32";
        if (!Types.TryGetValue(type, out ScalarType element))
        {
            throw new UsageException($"--shape {text}: unknown type '{type}'; expected {string.Join(", ", Types.Keys)}.");
        }

        (double low, double high) = parts.Length > 2 ? Range(parts[2], text) : (0, 1);
        return new InputShape(name, sizes, element, low, high);
    }

    /// <summary>An example that contains both ends of the range, as the comparison draws values from it.</summary>
    public Tensor Draw()
    {
        if (Type == ScalarType.Bool)
        {
            return rand(Sizes) < 0.5;
        }

        bool whole = Type is ScalarType.Int64 or ScalarType.Int32 or ScalarType.Byte;
        Tensor values = whole
            ? randint((long)Low, (long)High + 1, Sizes, ScalarType.Int64)
            : (rand(Sizes, ScalarType.Float64) * (High - Low)) + Low;
        if (values.numel() > 1)
        {
            Tensor flat = values.view(-1);
            flat[0] = tensor(Low, values.dtype);
            flat[-1] = tensor(High, values.dtype);
        }

        return values.to(Type);
    }

    /// <summary>An example of 0, 1, 2, ..., wrapping at the end of the range, such as offsets.</summary>
    public Tensor CountUp() =>
        arange(Sizes.Aggregate(1L, (a, b) => a * b), ScalarType.Int64).remainder(Math.Max(1, (long)High + 1)).reshape(Sizes).to(Type);

    private static (double Low, double High) Range(string range, string text)
    {
        string[] ends = range.Split("..");
        return ends.Length == 2
            && double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double low)
            && double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double high) && low <= high
            ? (low, high)
            : throw new UsageException($"--shape {text}: '{range}' is not a range; expected two numbers such as 0..49999.");
    }
}
