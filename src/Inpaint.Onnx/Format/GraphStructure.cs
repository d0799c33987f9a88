using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>
/// Compares what graphs compute from their inputs and weights: two values have the same number if the same operators, with the same
/// attributes, compute them from the same inputs, equal constants, and weights (floating-point initializers) of the same names.
/// </summary>
internal sealed class GraphStructure
{
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>
    /// The first node of a graph that reads a weight of several numbers and computes something that the other graph does not; null if there
    /// is none.
    /// </summary>
    public NodeProto? FirstMissing(GraphProto graph, GraphProto other)
    {
        HashSet<int> known = [.. Values(other).Values];
        var weights = graph.Initializer.Where(i => IsWeight(i) && i.Dims.Any(d => d > 1)).Select(i => i.Name).ToHashSet();
        Dictionary<string, int> values = Values(graph);
        return graph.Node.FirstOrDefault(n => n.Input.Any(weights.Contains) && !n.Output.All(o => known.Contains(values[o])));
    }

    public static bool IsWeight(TensorProto initializer) => (DataType)initializer.DataType is DataType.Float or DataType.Float16;

    private Dictionary<string, int> Values(GraphProto graph)
    {
        var values = new Dictionary<string, int> { [""] = Number("omitted") };
        foreach (ValueInfoProto input in graph.Input)
        {
            values[input.Name] = Number($"input {input.Name}");
        }

        foreach (TensorProto constant in graph.Initializer)
        {
            string content = IsWeight(constant) ? $"weight {constant.Name}" : $"constant {constant.RawData.ToBase64()}";
            values[constant.Name] = Number($"{content} {constant.DataType} [{string.Join(',', constant.Dims)}]");
        }

        // Nodes are in topological order.
        foreach (NodeProto node in graph.Node)
        {
            IEnumerable<string> attributes = node.Attribute.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => a.ToString());
            string inputs = string.Join(", ", node.Input.Select(i => values[i]));
            string key = $"{node.Domain}:{node.OpType}({inputs}) {string.Join(' ', attributes)}";
            for (int i = 0; i < node.Output.Count; i++)
            {
                values[node.Output[i]] = Number($"{key} output {i}");
            }
        }

        return values;
    }

    private int Number(string key)
    {
        if (!_numbers.TryGetValue(key, out int number))
        {
            _numbers[key] = number = _numbers.Count;
        }

        return number;
    }
}
