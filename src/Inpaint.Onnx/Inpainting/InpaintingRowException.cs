using System.Diagnostics.CodeAnalysis;

namespace Inpaint.Onnx.Inpainting;

/// <summary>An error of a row other than its photo; handled by the worker.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown and caught in the worker only, always with a status.")]
[SuppressMessage("Design", "CA1064", Justification = "Thrown and caught in the worker only.")]
internal sealed class InpaintingRowException(InpaintingStatus status, string message, Exception? innerException = null)
    : InpaintException(message, innerException)
{
    public InpaintingStatus Status => status;
}
