using System.Diagnostics.CodeAnalysis;

namespace Inpaint.Onnx.Inpainting;

/// <summary>What is wrong with a row, other than its photo; never leaves the lane.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown and caught in the lane alone, always with a status.")]
[SuppressMessage("Design", "CA1064", Justification = "Thrown and caught in the lane alone.")]
internal sealed class InpaintingRowException(InpaintingStatus status, string message, Exception? innerException = null) : InpaintException(message, innerException)
{
    public InpaintingStatus Status => status;
}
