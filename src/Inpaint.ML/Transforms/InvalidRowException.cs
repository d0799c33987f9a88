namespace Inpaint.ML.Transforms;

/// <summary>A row that cannot be given to the graph; the others can.</summary>
internal sealed class InvalidRowException(string message) : InpaintException(message);
