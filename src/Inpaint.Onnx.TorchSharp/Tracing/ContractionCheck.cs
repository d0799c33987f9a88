namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// Matrix products of inputs whose sizes must agree. libtorch aborts the process if they do not, so this is checked on a
/// recording at the examples' own sizes, before any size is changed.
/// </summary>
internal static class ContractionCheck
{
    private static readonly HashSet<string> Products = ["aten::matmul", "aten::mm", "aten::bmm", "aten::mv", "aten::dot", "aten::linear"];

    /// <exception cref="ExportException">A dynamic size of an input is combined with one that does not change with it.</exception>
    public static void Check(TraceGraph graph, ExportInputs inputs)
    {
        var origins = new Dictionary<string, DynamicAxis?[]>();
        for (int i = 0; i < inputs.Count; i++)
        {
            origins[$"input/{i}"] = inputs.Axes[i];
        }

        Dictionary<string,
            IReadOnlyList<long>> shapes = graph.Nodes.SelectMany(n => n.Outputs).Where(o => o.Shape is not null)
                .ToDictionary(o => o.Name, o => o.Shape!);
        foreach (TraceNode node in graph.Nodes)
        {
            if (Products.Contains(node.Kind))
            {
                Meet(graph, node, inputs, origins);
            }

            Follow(graph, node, origins, shapes);
        }
    }

    private static void Meet(TraceGraph graph, TraceNode node, ExportInputs inputs, Dictionary<string, DynamicAxis?[]> origins)
    {
        if (!origins.TryGetValue(node.Inputs[0], out DynamicAxis?[]? left)
            || !origins.TryGetValue(node.Inputs[1], out DynamicAxis?[]? right) || left.Length == 0 || right.Length == 0)
        {
            return;
        }

        DynamicAxis? a = left[^1], b = node.Kind == "aten::linear" || right.Length == 1 ? right[^1] : right[^2];
        if (a?.Name != b?.Name)
        {
            DynamicAxis changing = (b ?? a)!;
            throw new ExportException(
                $"{OperatorPlace.Describe(graph.Nodes, node)} sums over axis {changing.Axis} of '{inputs.Names[changing.Input]}', "
                + "which may change independently of the size that it is combined with. State in DynamicAxes the axes "
                + "that vary, and omit that axis: "
                + $"DynamicAxes = {{ [\"{inputs.Names[changing.Input == 0 ? 1 : 0]}\"] = [0] }}.");
        }
    }

    /// <summary>Axes go through operators that keep the shape of their only tensor, and through transpositions.</summary>
    private static void Follow(TraceGraph graph, TraceNode node, Dictionary<string, DynamicAxis?[]> origins, Dictionary<string,
        IReadOnlyList<long>> shapes)
    {
        string[] tensors = [.. node.Inputs.Where(shapes.ContainsKey)];
        if (node.Outputs.Count != 1 || tensors.Length == 0 || !origins.TryGetValue(tensors[0], out DynamicAxis?[]? from)
            || node.Outputs[0].Shape is not { } shape || shape.Count != from.Length)
        {
            return;
        }

        if (node.Kind is "aten::t" or "aten::numpy_T" or "aten::mT")
        {
            origins[node.Outputs[0].Name] = from.Length == 2 ? [from[1], from[0]] : from;
        }
        else if (node.Kind == "aten::transpose")
        {
            var to = (DynamicAxis?[])from.Clone();
            int[] swapped = [.. node.Inputs.Skip(1).Select(i => Number(graph, i)).Select(a => a < 0 ? a + from.Length : a)];
            (to[swapped[0]], to[swapped[1]]) = (from[swapped[1]], from[swapped[0]]);
            origins[node.Outputs[0].Name] = to;
        }
        else if (tensors.Length == 1 && node.Kind != "aten::permute" && shape.SequenceEqual(shapes[tensors[0]]))
        {
            origins[node.Outputs[0].Name] = from;
        }
    }

    private static int Number(TraceGraph graph, string name) => int.Parse(
        graph.Nodes.First(n => n.Outputs.Any(o => o.Name == name)).Attribute!, System.Globalization.CultureInfo.InvariantCulture);
}
