using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>What happens when a row cannot be completed.</summary>
public enum OnError
{
    /// <summary>The row has a status and a message instead of a picture, and the pass continues.</summary>
    Row,

    /// <summary>The pass ends with an error that names the row and the file.</summary>
    Fail,
}

/// <summary>Whether a saved pipeline contains its graph.</summary>
public enum GraphStorage
{
    /// <summary>The graph and its manifest are embedded.</summary>
    Embed,

    /// <summary>The saved file contains the graph's name or path; replacing the graph's files replaces the graph.</summary>
    Reference,
}

/// <summary>
/// How photos are completed. Every setting, except the two hooks of <see cref="Execution"/>, is kept when a pipeline is saved.
/// </summary>
public sealed record InpaintingOptions
{
    /// <summary>The defaults.</summary>
    public static InpaintingOptions Default { get; } = new();

    /// <summary>Device, batch size, workers and deadline.</summary>
    public ExecutionOptions Execution { get; init; } = ExecutionOptions.Default;

    /// <summary>How photos and masks are decoded.</summary>
    public PhotoDecodingOptions Decoding { get; init; } = PhotoDecodingOptions.Default;

    /// <summary>How the hole is read, filled and blended.</summary>
    public FillOptions Fill { get; init; } = FillOptions.Default;

    /// <summary>What is returned.</summary>
    public OutputOptions Output { get; init; } = OutputOptions.Default;

    /// <summary>What happens when a row cannot be completed. Default: the pass ends.</summary>
    [Setting("A photo that cannot be completed: record it and continue, or stop.")]
    public OnError OnError { get; init; } = OnError.Fail;

    /// <summary>
    /// With <see cref="OnError.Row"/>: whether a row that failed has a blank image, one black pixel, instead of none. ML.NET's image
    /// transforms, such as <c>ResizeImages</c>, need an image in every row. Default no.
    /// </summary>
    public bool BlankBadRows { get; init; }

    /// <summary>Whether a saved pipeline contains the graph. Default: it does.</summary>
    [Setting("Whether a saved pipeline contains the graph or refers to it.")]
    public GraphStorage Storage { get; init; } = GraphStorage.Embed;
}
