namespace Inpaint.Graphs;

/// <summary>A manifest is invalid, or does not match its graph. The message names the key.</summary>
public sealed class ManifestException(string message, Exception? innerException = null) : InpaintException(message, innerException);
