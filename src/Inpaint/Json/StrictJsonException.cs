namespace Inpaint.Json;

/// <summary>A JSON text is invalid or does not have the expected keys. The message names the text and the key.</summary>
public sealed class StrictJsonException(string message, Exception? innerException = null) : InpaintException(message, innerException);
