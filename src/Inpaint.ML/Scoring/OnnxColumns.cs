namespace Inpaint.ML.Scoring;

/// <summary>The columns of a step that scores a graph, and the names of its tensors where they differ.</summary>
/// <param name="Outputs">The columns added; empty for all outputs.</param>
/// <param name="OutputTensors">The outputs' names in the graph; null for those of the columns.</param>
/// <param name="Inputs">The columns read; empty for all inputs.</param>
/// <param name="InputTensors">The inputs' names in the graph; null for those of the columns.</param>
internal sealed record OnnxColumns(string[] Outputs, string?[] OutputTensors, string[] Inputs, string?[] InputTensors)
{
    public static OnnxColumns All { get; } = new([], [], [], []);

    public static OnnxColumns Named(string[] outputs, string[] inputs) =>
        new(outputs, new string?[outputs.Length], inputs, new string?[inputs.Length]);
}
