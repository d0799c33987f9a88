using Google.Protobuf;
using Inpaint.Onnx.Proto;
using static Inpaint.Onnx.Proto.AttributeProto.Types;

namespace Inpaint.Onnx.Format;

/// <summary>A node's attribute; pairs of a name and a value convert to it: <c>("kernel_shape", new long[] { 3, 3 })</c>.</summary>
public sealed class AttributePair
{
    private AttributePair(AttributeProto proto) => Proto = proto;

    internal AttributeProto Proto { get; }

    /// <summary>An INT attribute.</summary>
    public static implicit operator AttributePair((string Name, int Value) pair) => (pair.Name, (long)pair.Value);

    /// <summary>An INT attribute.</summary>
    public static implicit operator AttributePair((string Name, long Value) pair) =>
        new(new AttributeProto { Name = pair.Name, Type = AttributeType.Int, I = pair.Value });

    /// <summary>A FLOAT attribute.</summary>
    public static implicit operator AttributePair((string Name, float Value) pair) =>
        new(new AttributeProto { Name = pair.Name, Type = AttributeType.Float, F = pair.Value });

    /// <summary>A STRING attribute, written as UTF-8.</summary>
    public static implicit operator AttributePair((string Name, string Value) pair) =>
        new(new AttributeProto { Name = pair.Name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(pair.Value) });

    /// <summary>An INTS attribute.</summary>
    public static implicit operator AttributePair((string Name, long[] Value) pair) =>
        new(new AttributeProto { Name = pair.Name, Type = AttributeType.Ints, Ints = { pair.Value } });

    /// <summary>A FLOATS attribute.</summary>
    public static implicit operator AttributePair((string Name, float[] Value) pair) =>
        new(new AttributeProto { Name = pair.Name, Type = AttributeType.Floats, Floats = { pair.Value } });

    /// <summary>A STRINGS attribute, each written as UTF-8.</summary>
    public static implicit operator AttributePair((string Name, string[] Value) pair) =>
        new(new AttributeProto { Name = pair.Name, Type = AttributeType.Strings,
            Strings = { pair.Value.Select(ByteString.CopyFromUtf8) } });

    /// <summary>A TENSOR attribute.</summary>
    public static implicit operator AttributePair((string Name, TensorData Value) pair) =>
        new(new AttributeProto { Name = pair.Name, Type = AttributeType.Tensor, T = pair.Value.Proto });

    /// <summary>A GRAPH attribute: the body of an If, a Loop or a Scan.</summary>
    public static implicit operator AttributePair((string Name, OnnxModel Value) pair) =>
        new(new AttributeProto { Name = pair.Name, Type = AttributeType.Graph, G = pair.Value.Proto.Graph });
}
