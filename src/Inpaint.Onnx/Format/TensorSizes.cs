using System.Globalization;
using Inpaint.Onnx.Proto;
using static Inpaint.Onnx.Proto.TensorProto.Types;

namespace Inpaint.Onnx.Format;

/// <summary>Computes the declared size of a tensor, and checks that its data matches.</summary>
internal static class TensorSizes
{
    public static bool IsExternal(TensorProto tensor) => tensor.DataLocation == DataLocation.External || tensor.ExternalData.Count > 0;

    /// <summary>The number of values and bytes.</summary>
    /// <exception cref="OverflowException">The number of values exceeds 64 bits.</exception>
    /// <exception cref="FormatException">A length is negative, or the data does not match the shape.</exception>
    public static (long Count, long Bytes) Measure(TensorProto tensor)
    {
        long count = tensor.Dims.Contains(0) ? 0 : 1;
        foreach (long dim in tensor.Dims)
        {
            count = dim >= 0 ? checked(count * dim) : throw new FormatException($"found the length {dim} in its shape, expected 0 or more");
        }

        if ((DataType)tensor.DataType == DataType.String && !IsExternal(tensor))
        {
            return tensor.StringData.Count == count
                ? (count, tensor.StringData.Sum(s => (long)s.Length))
                : throw new FormatException(
                    $"found {tensor.StringData.Count} strings, expected {count} for its shape [{string.Join(',', tensor.Dims)}]");
        }

        int? size = SizeOf((DataType)tensor.DataType);
        if (size is not { } bytesEach || IsExternal(tensor))
        {
            return (count, size is null ? tensor.RawData.Length : checked(count * size.Value));
        }

        (long found, long expected, string unit) = tensor.HasRawData
            ? (tensor.RawData.Length, checked(count * bytesEach), "bytes")
            : (TypedCount(tensor), checked(count * Parts((DataType)tensor.DataType)), "values");
        return found == expected
            ? (count, checked(count * bytesEach))
            : throw new FormatException($"found {found} {unit}, expected {expected} for its shape [{string.Join(',', tensor.Dims)}]");
    }

    /// <summary>The location of external data.</summary>
    /// <exception cref="FormatException">The location is missing, or a number is invalid.</exception>
    public static ExternalTensor External(TensorProto tensor, string name)
    {
        Dictionary<string, string> entries = tensor.ExternalData.DistinctBy(e => e.Key).ToDictionary(e => e.Key, e => e.Value);
        return entries.Count == tensor.ExternalData.Count && entries.TryGetValue("location", out string? location)
            ? new ExternalTensor(name, location, Number("offset") ?? 0, Number("length"))
            : throw new FormatException(
                "found external data without a location or with a duplicate key, expected location, offset and length");

        long? Number(string key) => !entries.TryGetValue(key, out string? text) ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : throw new FormatException($"found {key} '{text}' in its external data, expected a number of bytes");
    }

    // Bytes per value; null for packed and unknown types.
    private static int? SizeOf(DataType type) => type switch
    {
        DataType.Uint8 or DataType.Int8 or DataType.Bool => 1,
        DataType.Uint16 or DataType.Int16 or DataType.Float16 or DataType.Bfloat16 => 2,
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        DataType.Double or DataType.Int64 or DataType.Uint64 or DataType.Complex64 => 8,
        DataType.Complex128 => 16,
        _ => null,
    };

    private static int Parts(DataType type) => type is DataType.Complex64 or DataType.Complex128 ? 2 : 1;

    private static long TypedCount(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Float or DataType.Complex64 => tensor.FloatData.Count,
        DataType.Double or DataType.Complex128 => tensor.DoubleData.Count,
        DataType.Int64 => tensor.Int64Data.Count,
        DataType.Uint32 or DataType.Uint64 => tensor.Uint64Data.Count,
        _ => tensor.Int32Data.Count,
    };
}
