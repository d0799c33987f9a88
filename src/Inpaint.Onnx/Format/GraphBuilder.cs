using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>
/// Builds an ONNX graph node by node. Values are referred to by name: every method that creates a value returns its name.
/// Names are unique and deterministic: the same calls produce the same model, byte for byte.
/// </summary>
/// <example>
/// <code>
/// var builder = new GraphBuilder("double");
/// string x = builder.Input("x", DataType.Float, "N", 3);
/// builder.Output("y", builder.Node("Mul", [x, builder.Constant("two", [2f])]), DataType.Float, "N", 3);
/// OnnxModel model = builder.Build();
/// </code>
/// </example>
public sealed class GraphBuilder
{
    private readonly GraphProto graph;
    private readonly ModelProto model;
    private readonly HashSet<string> names;
    private readonly HashSet<string> own = [];
    private readonly GraphBuilder? parent;
    private readonly Dictionary<string, NodeProto> producers = [];
    private readonly List<string> scopes;
    private readonly HashSet<string> described = [];

    /// <summary>Creates an empty graph.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="opset">Operator set of the default domain, 11 to 23. Default 17.</param>
    public GraphBuilder(string name, int opset = 17) : this(name, opset, null)
    {
    }

    private GraphBuilder(string name, int opset, GraphBuilder? parent)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (this.parent, names, scopes) = (parent, parent?.names ?? [], parent?.scopes ?? []);
        graph = new GraphProto { Name = name };
        model = new ModelProto
        {
            IrVersion = IrVersionOf(opset),
            ProducerName = "Inpaint",
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
        };
    }

    /// <summary>
    /// Starts the body of an If, a Loop or a Scan, to be passed to its node as an attribute: <c>("body", body.Build())</c>. The body can
    /// read every value of this graph; its names are unique in the whole model. An If's branches have no inputs.
    /// </summary>
    /// <param name="name">The body's name.</param>
    public GraphBuilder Body(string name) => new(name, (int)model.OpsetImport[0].Version, this);

    /// <summary>Adds an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Element type.</param>
    /// <param name="dims">The axes: numbers if fixed, names if dynamic.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public string Input(string name, DataType type, params ReadOnlySpan<GraphDimension> dims)
    {
        graph.Input.Add(ValueInfo(Take(name), type, dims));
        return name;
    }

    /// <summary>
    /// Makes a value an output. The value is renamed, or copied by an Identity node if it is an input, a constant or already an output.
    /// </summary>
    /// <param name="name">The output's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">Element type.</param>
    /// <param name="dims">The axes: numbers if fixed, names if dynamic.</param>
    /// <exception cref="ArgumentException">The name is taken, or the value does not exist.</exception>
    public void Output(string name, string value, DataType type, params ReadOnlySpan<GraphDimension> dims)
    {
        Require(value, name);
        Take(name);
        if (producers.TryGetValue(value, out NodeProto? producer) && graph.Output.All(o => o.Name != value))
        {
            Rename(producer, value, name);
        }
        else
        {
            var identity = new NodeProto { Name = name, OpType = "Identity", Input = { value }, Output = { name } };
            graph.Node.Add(identity);
            producers[name] = identity;
        }

        graph.Output.Add(ValueInfo(name, type, dims));
    }

    /// <summary>Adds an initializer.</summary>
    /// <param name="name">Its name; a number is appended if it is taken.</param>
    /// <param name="tensor">Its values.</param>
    public string Constant(string name, TensorData tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Proto.Name = Unique(name);
        own.Add(tensor.Name);
        graph.Initializer.Add(tensor.Proto);
        return tensor.Name;
    }

    /// <summary>Adds a vector of floats.</summary>
    public string Constant(string name, ReadOnlySpan<float> values) => Constant(name, TensorData.Make(values, values.Length));

    /// <summary>Adds a vector of integers.</summary>
    public string Constant(string name, ReadOnlySpan<long> values) => Constant(name, TensorData.Make(values, values.Length));

    /// <summary>Adds a node with one output and returns the output's name: the operator's, with a number if it is taken.</summary>
    /// <param name="operation">Operator of the default domain.</param>
    /// <param name="inputs">Names of values; empty for omitted optional inputs.</param>
    /// <param name="attributes">Pairs of names and values.</param>
    /// <exception cref="ArgumentException">One of the inputs does not exist.</exception>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributePair> attributes) =>
        Nodes(operation, inputs, 1, attributes)[0];

    /// <summary>Adds a node with several outputs and returns their names.</summary>
    /// <inheritdoc cref="Node"/>
    public IReadOnlyList<string> Nodes(string operation, ReadOnlySpan<string> inputs, int outputs,
        params ReadOnlySpan<AttributePair> attributes)
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        foreach (string input in inputs)
        {
            if (input.Length > 0)
            {
                Require(input, operation);
            }
        }

        var node = new NodeProto { OpType = operation, Input = { inputs.ToArray() } };
        for (int i = 0; i < outputs; i++)
        {
            string output = Unique(operation);
            own.Add(output);
            node.Output.Add(output);
            producers.Add(output, node);
        }

        node.Name = node.Output[0];
        foreach (AttributePair attribute in attributes)
        {
            node.Attribute.Add(attribute.Proto);
        }

        graph.Node.Add(node);
        return node.Output;
    }

    /// <summary>
    /// Adds a copy of another model, such as an exported network, between values of this graph: pre-processing before it and
    /// post-processing after it become one graph.
    /// </summary>
    /// <param name="other">The model; its operator set must be this builder's.</param>
    /// <param name="inputs">The value of this graph for each of its inputs.</param>
    /// <returns>The names of its outputs' values here, by the outputs' names there.</returns>
    /// <exception cref="ArgumentException">The operator sets differ, or an input is unknown or missing.</exception>
    public IReadOnlyDictionary<string, string> Append(OnnxModel other, IReadOnlyDictionary<string, string> inputs)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (string value in inputs.Values)
        {
            Require(value, other.Proto.Graph.Name);
        }

        using IDisposable scope = Scope(other.Proto.Graph.Name);
        GraphProto copy = new GraphCopy(other.Proto, model, Unique).Make(inputs);
        GraphBuilder top = this;
        while (top.parent is { } outer)
        {
            top = outer;
        }

        top.graph.Initializer.Add(copy.Initializer);
        top.own.UnionWith(copy.Initializer.Select(i => i.Name));
        graph.Node.Add(copy.Node);
        foreach (NodeProto node in copy.Node)
        {
            foreach (string output in node.Output.Where(o => o.Length > 0))
            {
                own.Add(output);
                producers.Add(output, node);
            }
        }

        return other.Proto.Graph.Output.Zip(copy.Output, (there, here) => (there.Name, Here: here.Name))
            .ToDictionary(o => o.Name, o => o.Here);
    }

    /// <summary>Declares the type and shape of a node's result that is not an output.</summary>
    /// <param name="value">The value's name.</param>
    /// <param name="type">Element type.</param>
    /// <param name="dims">The axes; <c>default</c> for unknown axes.</param>
    public void Describe(string value, DataType type, params ReadOnlySpan<GraphDimension> dims)
    {
        if (producers.ContainsKey(value) && described.Add(value) && graph.Output.All(o => o.Name != value))
        {
            graph.ValueInfo.Add(ValueInfo(value, type, dims));
        }
    }

    /// <summary>Opens a scope: until it is disposed, names of new values start with <paramref name="name"/> and a slash.</summary>
    public IDisposable Scope(string name)
    {
        scopes.Add(name);
        return new ScopeEnd(scopes);
    }

    /// <summary>Adds an entry to the model's metadata.</summary>
    public GraphBuilder Metadata(string key, string value)
    {
        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return this;
    }

    /// <summary>Returns a copy of the model so far.</summary>
    /// <exception cref="InvalidOperationException">The graph has no output.</exception>
    public OnnxModel Build() => graph.Output.Count > 0
        ? new OnnxModel(model.Clone())
        : throw new InvalidOperationException($"The graph '{graph.Name}' has no output; call Output first.");

    // Versions of the same release, from the ONNX release table.
    private static int IrVersionOf(int opset) => opset switch
    {
        11 => 6,
        >= 12 and <= 14 => 7,
        >= 15 and <= 18 => 8,
        19 or 20 => 9,
        21 or 22 => 10,
        23 => 11,
        _ => throw new ArgumentOutOfRangeException(nameof(opset), opset, "Expected an operator set of 11 to 23."),
    };

    private static ValueInfoProto ValueInfo(string name, DataType type, ReadOnlySpan<GraphDimension> dims)
    {
        var shape = new TensorShapeProto();
        foreach (GraphDimension dim in dims)
        {
            shape.Dim.Add(dim.ToProto());
        }

        return new ValueInfoProto { Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }

    private string Take(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return names.Add(name) && own.Add(name) ? name
            : throw new ArgumentException($"The name '{name}' is taken; expected a unique name.", nameof(name));
    }

    private string Unique(string name)
    {
        string scoped = string.Concat(scopes.Select(s => s + "/")) + name, unique = scoped;
        for (int i = 2; !names.Add(unique); i++)
        {
            unique = $"{scoped}_{i}";
        }

        return unique;
    }

    private bool Sees(string value) => own.Contains(value) || (parent?.Sees(value) ?? false);

    private void Require(string value, string by)
    {
        if (!Sees(value))
        {
            throw new ArgumentException(
                $"'{by}' reads '{value}', which does not exist here; expected the name of an input, a constant or an earlier node's "
                + "output.");
        }
    }

    private void Rename(NodeProto producer, string from, string to)
    {
        producer.Output[producer.Output.IndexOf(from)] = to;
        producers.Remove(from);
        producers[to] = producer;
        Rename(graph, from, to);
    }

    private static void Rename(GraphProto graph, string from, string to)
    {
        foreach (NodeProto node in graph.Node)
        {
            for (int i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i] == from ? to : node.Input[i];
            }

            foreach (AttributeProto attribute in node.Attribute)
            {
                if (attribute.G is { } body)
                {
                    Rename(body, from, to);
                }
            }
        }
    }

    private sealed class ScopeEnd(List<string> scopes) : IDisposable
    {
        private bool ended;

        public void Dispose()
        {
            if (!ended)
            {
                ended = true;
                scopes.RemoveAt(scopes.Count - 1);
            }
        }
    }
}
