namespace Inpaint.Onnx.Format;

/// <summary>A file is not a usable ONNX model. The message names the node and the value, if any.</summary>
public sealed class OnnxFormatException(string message, Exception? innerException = null) : InpaintException(message, innerException);
