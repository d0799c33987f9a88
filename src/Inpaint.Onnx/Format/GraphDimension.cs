using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>An axis of a tensor: a fixed length, a named dynamic length, or unknown (the default value).</summary>
/// <param name="Value">The length, if fixed; 0 or more.</param>
/// <param name="Name">The name, if dynamic. Axes with the same name have the same length.</param>
public readonly record struct GraphDimension(long? Value, string? Name)
{
    /// <summary>A fixed length.</summary>
    public static implicit operator GraphDimension(long value) => new(value, null);

    /// <summary>A dynamic length.</summary>
    public static implicit operator GraphDimension(string name) => new(null, name);

    /// <summary>Equivalent to the conversion from a number.</summary>
    public static GraphDimension FromInt64(long value) => value;

    /// <summary>Equivalent to the conversion from a name.</summary>
    public static GraphDimension FromString(string name) => name;

    /// <summary>The length, the name, or <c>?</c>.</summary>
    public override string ToString() => Value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Name ?? "?";

    internal static GraphDimension Read(TensorShapeProto.Types.Dimension dimension) => dimension.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue => new(dimension.DimValue, null),
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dimension.DimParam.Length > 0 => new(null, dimension.DimParam),
        _ => default,
    };

    internal TensorShapeProto.Types.Dimension ToProto()
    {
        var proto = new TensorShapeProto.Types.Dimension();
        if (Value is { } value)
        {
            proto.DimValue = value;
        }
        else if (Name is not null)
        {
            proto.DimParam = Name;
        }

        return proto;
    }
}
