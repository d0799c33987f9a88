namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>A module cannot be exported. The message names the operator and the module, and what to change.</summary>
public sealed class ExportException(string message, Exception? innerException = null) : InpaintException(message, innerException);
