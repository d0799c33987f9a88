namespace Inpaint.Onnx.Format;

/// <summary>The result of an inspection.</summary>
public sealed record GraphInspectionResult
{
    /// <summary>Version of the file format.</summary>
    public required long IrVersion { get; init; }

    /// <summary>The program that wrote the file, if known.</summary>
    public required string Producer { get; init; }

    /// <summary>Operator set by domain; the default domain is <c>ai.onnx</c>.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>
    /// The number of nodes per operator, such as <c>ai.onnx:Conv</c>, ordered by name. Nodes of subgraphs and functions are counted once.
    /// </summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>The inputs, in order, without initializers.</summary>
    public required IReadOnlyList<GraphValue> Inputs { get; init; }

    /// <summary>The outputs, in order.</summary>
    public required IReadOnlyList<GraphValue> Outputs { get; init; }

    /// <summary>The number of values in initializers and constants.</summary>
    public required long Parameters { get; init; }

    /// <summary>The size of these values in bytes, including external data of known length.</summary>
    public required long ParameterBytes { get; init; }

    /// <summary>Tensors in external files.</summary>
    public required IReadOnlyList<ExternalTensor> ExternalData { get; init; }

    /// <summary>The model's metadata; for duplicate keys, the first value.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The operator set of the default domain, if any.</summary>
    public long? Opset => Opsets.TryGetValue(GraphInspection.DefaultDomain, out long version) ? version : null;
}

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">The element type; <see cref="DataType.Undefined"/> if it is not a tensor or not specified.</param>
/// <param name="Dims">The axes; null if their number is unknown.</param>
public sealed record GraphValue(string Name, DataType ElementType, IReadOnlyList<GraphDimension>? Dims)
{
    /// <summary>Formatted as <c>image: Float [N,3,64,64]</c>.</summary>
    public override string ToString() => $"{Name}: {ElementType} {(Dims is null ? "of unknown rank" : $"[{string.Join(',', Dims)}]")}";
}

/// <summary>A tensor with values in an external file.</summary>
/// <param name="Tensor">Its location in the graph.</param>
/// <param name="Location">The file's name in the graph.</param>
/// <param name="Offset">The position of the first byte.</param>
/// <param name="Length">The number of bytes; null to the end of the file.</param>
public sealed record ExternalTensor(string Tensor, string Location, long Offset, long? Length);
