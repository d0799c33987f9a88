namespace Inpaint.Onnx.Runtime;

/// <summary>A graph cannot be loaded or run.</summary>
public sealed class GraphException(string message, Exception? innerException = null) : InpaintException(message, innerException)
{
    /// <summary>Whether the run was stopped at its deadline, so that another attempt would also take that long.</summary>
    public bool PastDeadline { get; init; }
}
