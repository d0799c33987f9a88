using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>Finds outputs whose size may depend on the values of inputs, such as the boxes that a detector finds.</summary>
internal sealed class DataDependentSizes
{
    private static readonly HashSet<string> Operators =
        ["NonZero", "NonMaxSuppression", "Compress", "Unique", "Loop", "Range", "StringSplit"];

    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly HashSet<string> _functions;

    public DataDependentSizes(ModelProto model)
    {
        _functions = [.. model.Functions.Where(f => f.Node.Any(IsDataDependent)).Select(f => f.Name)];
        foreach (NodeProto node in model.Graph.Node)
        {
            foreach (string output in node.Output)
            {
                _producers[output] = node;
            }
        }
    }

    /// <summary>Whether such an operator is among those that an output is computed from.</summary>
    public bool Reach(string output)
    {
        var seen = new HashSet<string>();
        var names = new Stack<string>([output]);
        while (names.TryPop(out string? name))
        {
            if (!seen.Add(name) || !_producers.TryGetValue(name, out NodeProto? node))
            {
                continue;
            }

            if (IsDataDependent(node) || _functions.Contains(node.OpType))
            {
                return true;
            }

            foreach (string input in node.Input)
            {
                names.Push(input);
            }
        }

        return false;
    }

    private static bool IsDataDependent(NodeProto node) =>
        Operators.Contains(node.OpType) || node.Attribute.Any(a => a.G is { } graph && graph.Node.Any(IsDataDependent));
}
