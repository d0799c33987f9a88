namespace Inpaint.Onnx.Format;

/// <summary>What an inspection lets pass.</summary>
public sealed record InspectionOptions
{
    /// <summary>The defaults: no external data.</summary>
    public static InspectionOptions Default { get; } = new();

    /// <summary>
    /// Let the graph keep tensors in files beside it. Each must be a plain file in <see cref="Folder"/> itself, no link,
    /// with a link count of 1, so that a graph cannot read other files of the machine. The count can be read on Linux;
    /// elsewhere external data is refused. Nobody else may write to the folder between inspection and loading. Default no.
    /// </summary>
    public bool AllowExternalData { get; init; }

    /// <summary>
    /// The graph's folder, where external data may lie. <see cref="GraphInspection.Inspect(string, InspectionOptions?)"/> sets it. Default
    /// none.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Larger files are refused before they are parsed, in bytes. Default 2 GiB.</summary>
    public long MaxBytes { get; init; } = OnnxModel.MaxBytes;

    /// <summary>The most nodes when every function is written out where it is called. Default 1,000,000.</summary>
    public long MaxNodes { get; init; } = 1_000_000;
}
