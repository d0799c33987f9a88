namespace Inpaint.Onnx.Format;

/// <summary>What a graph is, as far as its file tells.</summary>
public sealed record GraphInspectionResult
{
    /// <summary>Version of the file format.</summary>
    public required long IrVersion { get; init; }

    /// <summary>The program that wrote the file, where it says so.</summary>
    public required string Producer { get; init; }

    /// <summary>Operator set by domain; the default domain is <c>ai.onnx</c>.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>
    /// Nodes by operator, as <c>ai.onnx:Conv</c>, in the order of the names; those of subgraphs and functions count once each.
    /// </summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>What must be given to a run, in order; initializers are left out.</summary>
    public required IReadOnlyList<GraphValue> Inputs { get; init; }

    /// <summary>What a run gives, in order.</summary>
    public required IReadOnlyList<GraphValue> Outputs { get; init; }

    /// <summary>Numbers in initializers and constants.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of these numbers, external data included where its length is stated.</summary>
    public required long ParameterBytes { get; init; }

    /// <summary>Tensors that are kept in other files.</summary>
    public required IReadOnlyList<ExternalTensor> ExternalData { get; init; }

    /// <summary>The model's own metadata; of a key that stands twice, the first value.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Operator set of the default domain; null when there is none.</summary>
    public long? Opset => Opsets.TryGetValue(GraphInspection.DefaultDomain, out long version) ? version : null;
}

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">Element type; <see cref="DataType.Undefined"/> when it is no tensor or does not say.</param>
/// <param name="Dims">The axes; null when their number is unknown.</param>
public sealed record GraphValue(string Name, DataType ElementType, IReadOnlyList<GraphDimension>? Dims)
{
    /// <summary>Such as <c>image: Float [N,3,64,64]</c>.</summary>
    public override string ToString() => $"{Name}: {ElementType} {(Dims is null ? "of unknown rank" : $"[{string.Join(',', Dims)}]")}";
}

/// <summary>A tensor whose numbers are in another file.</summary>
/// <param name="Tensor">Where in the graph it is.</param>
/// <param name="Location">The file, as the graph says it.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes; null to the file's end.</param>
public sealed record ExternalTensor(string Tensor, string Location, long Offset, long? Length);
