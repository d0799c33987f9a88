namespace Inpaint.Onnx.TorchSharp;

/// <summary>The names of a graph's inputs and outputs, which no other value of it may have.</summary>
internal static class GraphNames
{
    /// <returns>The outputs' names: those stated, or <c>output</c>, or <c>output0</c>, <c>output1</c>, ...</returns>
    /// <exception cref="ExportException">There are not as many names as outputs, or two values would have one name.</exception>
    public static IReadOnlyList<string> OfOutputs(Traces traces, ExportInputs inputs, OnnxExportOptions options)
    {
        int count = traces.Outputs.Count;
        if (options.OutputNames.Count > 0 && options.OutputNames.Count != count)
        {
            throw new ExportException($"{options.OutputNames.Count} output names for {count} outputs; expected one for each.");
        }

        string[] names = [.. Enumerable.Range(0, count).Select(i => options.OutputNames.Count > 0 ? options.OutputNames[i] : count == 1 ? "output" : $"output{i}")];
        var taken = traces.Parameters.Keys.ToDictionary(p => p[OperatorPlace.Parameter.Length..], p => $"the module's weight or buffer '{p[OperatorPlace.Parameter.Length..]}'");
        TakeAll(inputs.Names, "input", nameof(options.InputNames), taken);
        TakeAll(names, "output", nameof(options.OutputNames), taken);
        return names;
    }

    private static void TakeAll(IReadOnlyList<string> names, string kind, string option, Dictionary<string, string> taken)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (!taken.TryAdd(names[i], $"{kind} {i}"))
            {
                throw new ExportException($"The name '{names[i]}' of {kind} {i} is taken by {taken[names[i]]}. Give it another one ({option}).");
            }
        }
    }
}
