using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>Copies a model's graph with new names, for another model.</summary>
/// <param name="from">The model to copy.</param>
/// <param name="to">The model that receives the copy; operator sets of other domains and functions are added to it.</param>
/// <param name="unique">Returns an unused name that is similar to a given one.</param>
internal sealed class GraphCopy(ModelProto from, ModelProto to, Func<string, string> unique)
{
    /// <summary>The copied graph: nodes, initializers and outputs.</summary>
    /// <param name="inputs">The new names of its inputs.</param>
    /// <exception cref="ArgumentException">The operator sets differ, or an input is unknown or missing.</exception>
    public GraphProto Make(IReadOnlyDictionary<string, string> inputs)
    {
        MergeOperatorSets();
        MergeFunctions();
        GraphProto graph = from.Graph.Clone();
        var names = new Dictionary<string, string>();
        var defaults = graph.Initializer.Select(i => i.Name).ToHashSet();
        foreach (string input in graph.Input.Select(i => i.Name))
        {
            if (inputs.TryGetValue(input, out string? value))
            {
                names.Add(input, value);
            }
            else if (!defaults.Contains(input))
            {
                throw new ArgumentException($"The graph '{graph.Name}' has the input '{input}', which was given no value; expected a value "
                    + $"for each of {string.Join(", ", graph.Input.Select(i => i.Name))}.", nameof(inputs));
            }
        }

        foreach (string name in inputs.Keys.Where(k => !names.ContainsKey(k)))
        {
            throw new ArgumentException($"The graph '{graph.Name}' has no input '{name}'; it has "
                + $"{string.Join(", ", graph.Input.Select(i => i.Name))}.", nameof(inputs));
        }

        foreach (TensorProto given in graph.Initializer.Where(i => inputs.ContainsKey(i.Name)).ToArray())
        {
            graph.Initializer.Remove(given);
        }

        Rename(graph, names, isBody: false);
        return graph;
    }

    private void MergeOperatorSets()
    {
        foreach (OperatorSetIdProto set in from.OpsetImport)
        {
            OperatorSetIdProto? own = to.OpsetImport.FirstOrDefault(o => Domain(o.Domain) == Domain(set.Domain));
            if (own is null)
            {
                to.OpsetImport.Add(set.Clone());
            }
            else if (own.Version != set.Version)
            {
                throw new ArgumentException($"The graph '{from.Graph.Name}' uses operator set {set.Version} of "
                    + $"{(Domain(set.Domain).Length == 0 ? "the default domain" : $"domain '{set.Domain}'")}, "
                    + $"and this graph {own.Version}; "
                    + $"expected the same. Export it with operator set {own.Version}, or start the GraphBuilder with {set.Version}.");
            }
        }

        to.IrVersion = Math.Max(to.IrVersion, from.IrVersion);
    }

    private void MergeFunctions()
    {
        foreach (FunctionProto function in from.Functions)
        {
            FunctionProto? own = to.Functions.FirstOrDefault(
                f => f.Domain == function.Domain && f.Name == function.Name && f.Overload == function.Overload);
            if (own is null)
            {
                to.Functions.Add(function.Clone());
            }
            else if (!own.Equals(function))
            {
                throw new ArgumentException($"Both graphs define the function '{function.Name}', differently; rename one of them.");
            }
        }
    }

    private void Rename(GraphProto graph, Dictionary<string, string> outer, bool isBody)
    {
        var names = new Dictionary<string, string>(outer);
        string New(string name) => name.Length == 0 ? name : names[name] = unique(name);
        string Old(string name) => names.GetValueOrDefault(name, name);
        foreach (TensorProto tensor in graph.Initializer)
        {
            tensor.Name = New(tensor.Name);
        }

        foreach (SparseTensorProto tensor in graph.SparseInitializer)
        {
            tensor.Values.Name = New(tensor.Values.Name);
        }

        foreach (ValueInfoProto input in isBody ? graph.Input : [])
        {
            input.Name = New(input.Name);
        }

        foreach (NodeProto node in graph.Node)
        {
            node.Name = node.Name.Length == 0 ? node.Name : unique(node.Name);
            for (int i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = Old(node.Input[i]);
            }

            foreach (AttributeProto attribute in node.Attribute)
            {
                foreach (GraphProto body in attribute.G is { } g ? [g, .. attribute.Graphs] : attribute.Graphs.ToArray())
                {
                    Rename(body, names, isBody: true);
                }
            }

            for (int i = 0; i < node.Output.Count; i++)
            {
                node.Output[i] = New(node.Output[i]);
            }
        }

        foreach (ValueInfoProto output in graph.Output)
        {
            output.Name = Old(output.Name);
        }

        graph.ValueInfo.Clear();
    }

    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;
}
