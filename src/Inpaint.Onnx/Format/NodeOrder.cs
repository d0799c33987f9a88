using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>Explains why a node's input does not exist when the node runs.</summary>
internal static class NodeOrder
{
    /// <summary>A clause that follows "reads 'value', ".</summary>
    /// <param name="nodes">The graph's nodes.</param>
    /// <param name="reader">The node that reads the value.</param>
    /// <param name="value">The value.</param>
    public static string WhyMissing(IReadOnlyList<NodeProto> nodes, int reader, string value)
    {
        var producers = new Dictionary<string, int>();
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string output in nodes[i].Output)
            {
                producers.TryAdd(output, i);
            }
        }

        return !producers.TryGetValue(value, out int producer) ? "which does not exist"
            : DependsOn(nodes, producers, producer, reader)
                ? $"which depends on it: the nodes form a cycle through '{nodes[producer].Name}' ({nodes[producer].OpType})"
            : $"which a later node computes ('{nodes[producer].Name}', {nodes[producer].OpType}), expected nodes in topological "
                + "order";
    }

    private static bool DependsOn(IReadOnlyList<NodeProto> nodes, Dictionary<string, int> producers, int node, int on)
    {
        var seen = new HashSet<int> { node };
        var open = new Stack<int>(seen);
        while (open.TryPop(out int current))
        {
            if (current == on)
            {
                return true;
            }

            foreach (string input in nodes[current].Input)
            {
                if (producers.TryGetValue(input, out int next) && seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }
}
