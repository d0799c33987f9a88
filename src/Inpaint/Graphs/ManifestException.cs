namespace Inpaint.Graphs;

/// <summary>A manifest, or the graph beside it, is not valid. The message names the key.</summary>
public sealed class ManifestException(string message, Exception? innerException = null) : InpaintException(message, innerException);
