using Inpaint.Onnx.TorchSharp.Tracing;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>The names of a graph's inputs and outputs, which no other value of it may have.</summary>
internal static class GraphNames
{
    /// <returns>The outputs' names: those stated, or <c>output</c>, or <c>output0</c>, <c>output1</c>, ...</returns>
    /// <exception cref="ExportException">There are not as many names as outputs, or two values would have one name.</exception>
    public static IReadOnlyList<string> OfOutputs(Traces traces, IReadOnlyList<string> inputNames, IReadOnlyList<string> outputNames)
    {
        int count = traces.Outputs.Count;
        if (outputNames.Count > 0 && outputNames.Count != count)
        {
            throw new ExportException($"{outputNames.Count} output names for {count} outputs; expected one for each.");
        }

        string[] names =
            [.. Enumerable.Range(0, count).Select(i => outputNames.Count > 0 ? outputNames[i] : count == 1 ? "output" : $"output{i}")];
        var taken = traces.Parameters.Keys.ToDictionary(p => p[OperatorPlace.Parameter.Length..], p =>
            $"the module's weight or buffer '{p[OperatorPlace.Parameter.Length..]}'");
        TakeAll(inputNames, "input", "InputNames", taken);
        TakeAll(names, "output", "OutputNames", taken);
        return names;
    }

    private static void TakeAll(IReadOnlyList<string> names, string kind, string option, Dictionary<string, string> taken)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (!taken.TryAdd(names[i], $"{kind} {i}"))
            {
                throw new ExportException(
                    $"The name '{names[i]}' of {kind} {i} is taken by {taken[names[i]]}. Give it another one ({option}).");
            }
        }
    }
}
