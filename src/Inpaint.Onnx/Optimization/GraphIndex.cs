using Inpaint.Onnx.Format;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Optimization;

/// <summary>The producers and users of the values of a graph, for passes that change it.</summary>
internal sealed class GraphIndex
{
    private readonly GraphProto _graph;
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, List<NodeProto>> _users = [];
    private readonly Dictionary<string, TensorProto> _constants;
    private readonly Dictionary<string, ValueInfoProto> _described;
    private readonly HashSet<string> _outputs;

    public GraphIndex(GraphProto graph)
    {
        _graph = graph;
        _constants = graph.Initializer.ToDictionary(i => i.Name);
        _outputs = [.. graph.Output.Select(o => o.Name)];
        _described = graph.ValueInfo.Concat(graph.Input).Concat(graph.Output).DistinctBy(v => v.Name).ToDictionary(v => v.Name);
        foreach (NodeProto node in graph.Node)
        {
            foreach (string output in node.Output)
            {
                _producers[output] = node;
            }

            foreach (string input in node.Input.Distinct())
            {
                UsersOf(input).Add(node);
            }
        }
    }

    /// <summary>The node that computes a value; null for inputs and constants.</summary>
    public NodeProto? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The constant with this name, if any.</summary>
    public TensorProto? Constant(string value) => _constants.GetValueOrDefault(value);

    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>The nodes that read a value, each once.</summary>
    public List<NodeProto> UsersOf(string value)
    {
        if (!_users.TryGetValue(value, out List<NodeProto>? users))
        {
            _users[value] = users = [];
        }

        return users;
    }

    /// <summary>Whether only one node reads a value, and it is not an output.</summary>
    public bool IsUsedOnce(string value) => UsersOf(value).Count == 1 && !IsOutput(value);

    /// <summary>The declared type and shape of a value, if any.</summary>
    public TypeProto.Types.Tensor? Describe(string value) => _described.GetValueOrDefault(value)?.Type?.TensorType;

    /// <summary>The integers of a constant vector; null for other values.</summary>
    public long[]? Numbers(string value) => Constant(value) is { DataType: (int)DataType.Int64 } constant
        ? System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(constant.RawData.Span).ToArray()
        : null;

    /// <summary>Replaces a value by another in all its users.</summary>
    public void Redirect(string from, string to)
    {
        foreach (NodeProto node in UsersOf(from))
        {
            SetInputs(node, from, to);
            if (!UsersOf(to).Contains(node))
            {
                UsersOf(to).Add(node);
            }
        }

        UsersOf(from).Clear();
    }

    public void SetInput(NodeProto node, int place, string value)
    {
        string before = node.Input[place];
        node.Input[place] = value;
        if (!node.Input.Contains(before))
        {
            UsersOf(before).Remove(node);
        }

        if (!UsersOf(value).Contains(node))
        {
            UsersOf(value).Add(node);
        }
    }

    /// <summary>Adds a constant; a number is appended to the name if it is taken.</summary>
    public string AddConstant(string name, TensorProto tensor)
    {
        string unique = name;
        for (int i = 2; _constants.ContainsKey(unique) || _producers.ContainsKey(unique) || _described.ContainsKey(unique); i++)
        {
            unique = $"{name}_{i}";
        }

        tensor.Name = unique;
        _constants.Add(unique, tensor);
        _graph.Initializer.Add(tensor);
        return unique;
    }

    private static void SetInputs(NodeProto node, string from, string to)
    {
        for (int i = 0; i < node.Input.Count; i++)
        {
            node.Input[i] = node.Input[i] == from ? to : node.Input[i];
        }
    }
}

internal static class NodeAttributes
{
    public static AttributeProto? Get(this NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    public static long Int(this NodeProto node, string name, long otherwise) => node.Get(name)?.I ?? otherwise;

    public static float Float(this NodeProto node, string name, float otherwise) => node.Get(name)?.F ?? otherwise;
}
