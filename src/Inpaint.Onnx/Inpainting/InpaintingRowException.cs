using System.Diagnostics.CodeAnalysis;

namespace Inpaint.Onnx.Inpainting;

/// <summary>What is wrong with a row, other than its photo; never leaves the worker.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown and caught in the worker only, always with a status.")]
[SuppressMessage("Design", "CA1064", Justification = "Thrown and caught in the worker only.")]
internal sealed class InpaintingRowException(InpaintingStatus status, string message, Exception? innerException = null) : InpaintException(message, innerException)
{
    public InpaintingStatus Status => status;
}
