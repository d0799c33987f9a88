namespace Inpaint.Onnx.Format;

/// <summary>The options of an inspection.</summary>
public sealed record InspectionOptions
{
    /// <summary>The defaults: no external data.</summary>
    public static InspectionOptions Default { get; } = new();

    /// <summary>
    /// Whether the graph may have external data. Each file must be a regular file in <see cref="Folder"/> itself, not a link, with a link
    /// count of 1, so that a graph cannot read other files. The count is only available on Linux; elsewhere external data is rejected.
    /// The folder must not be writable by others between inspection and loading. Default false.
    /// </summary>
    public bool AllowExternalData { get; init; }

    /// <summary>
    /// The graph's folder, for external data. <see cref="GraphInspection.Inspect(string, InspectionOptions?)"/> sets it. Default none.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The largest file in bytes; larger files are rejected before parsing. Default 2 GiB.</summary>
    public long MaxBytes { get; init; } = OnnxModel.MaxBytes;

    /// <summary>The maximum number of nodes with all functions inlined. Default 1,000,000.</summary>
    public long MaxNodes { get; init; } = 1_000_000;
}
