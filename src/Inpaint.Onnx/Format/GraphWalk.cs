using Google.Protobuf.Collections;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>Traverses a model once: checks names and node order in each graph, and collects statistics.</summary>
internal sealed class GraphWalk(ModelProto model, string what)
{
    // The nesting of graphs. Parsers stop at about 33; the same limit applies to models built in memory.
    private const int DeepestGraph = 32;

    private FunctionCalls.Body body = null!;

    public SortedDictionary<string, int> Operators { get; } = new(StringComparer.Ordinal);

    public List<ExternalTensor> ExternalData { get; } = [];

    public FunctionCalls Calls { get; } = new();

    public long Parameters { get; private set; }

    public long ParameterBytes { get; private set; }

    public void Model()
    {
        foreach (FunctionProto function in model.Functions)
        {
            string where = $"function '{function.Name}'";
            body = Calls.Add(FunctionCalls.Key(function.Domain, function.Name, function.Overload))
                ?? throw Error(where, "found it twice, expected a unique name per domain; export the graph again");
            var scope = new GraphScope(null);
            foreach (string input in function.Input)
            {
                Define(scope, input, where, "an input");
            }

            foreach (AttributeProto attribute in function.AttributeProto)
            {
                Attribute(attribute, where, scope, 0);
            }

            Nodes(function.Node, scope, where, 0);
            Outputs(function.Output, scope, where);
        }

        body = Calls.Main;
        if (model.Graph.Output.Count == 0)
        {
            throw Error("the graph", "found no output, expected at least one; export it again with its outputs named");
        }

        Graph(model.Graph, null, "the graph", 0);
    }

    private void Graph(GraphProto graph, GraphScope? outer, string where, int depth)
    {
        if (depth > DeepestGraph)
        {
            throw Error(where, $"found graphs nested deeper than {DeepestGraph}, which no exporter makes; do not use this file");
        }

        var scope = new GraphScope(outer);
        foreach (ValueInfoProto input in graph.Input)
        {
            Define(scope, input.Name, where, "an input");
        }

        // An initializer with the name of an input is its default value.
        var initializers = new HashSet<string>();
        foreach (TensorProto tensor in graph.Initializer.Concat(graph.SparseInitializer.Select(s => s.Values ?? new TensorProto())))
        {
            if (tensor.Name.Length == 0 || !initializers.Add(tensor.Name))
            {
                throw Error(where, $"found the initializer '{tensor.Name}' {(tensor.Name.Length == 0 ? "without a name" : "twice")}, "
                    + "expected unique names; export the graph again");
            }

            scope.Add(tensor.Name);
        }

        foreach (TensorProto tensor in graph.Initializer)
        {
            Tensor(tensor, $"initializer '{tensor.Name}'", where);
        }

        foreach (SparseTensorProto sparse in graph.SparseInitializer)
        {
            Sparse(sparse, $"sparse initializer '{sparse.Values?.Name}'", where);
        }

        Nodes(graph.Node, scope, where, depth);
        Outputs(graph.Output.Select(o => o.Name), scope, where);
    }

    private void Nodes(RepeatedField<NodeProto> nodes, GraphScope scope, string where, int depth)
    {
        for (int i = 0; i < nodes.Count; i++)
        {
            NodeProto node = nodes[i];
            string name = NodeName(node, i);
            foreach (string input in node.Input)
            {
                if (input.Length > 0 && !scope.Has(input))
                {
                    throw Error(where, $"{name} reads '{input}', {NodeOrder.WhyMissing(nodes, i, input)}; export the graph again");
                }
            }

            string operation = $"{GraphInspection.Domain(node.Domain)}:{node.OpType}";
            Operators[operation] = Operators.GetValueOrDefault(operation) + 1;
            body.Add(FunctionCalls.Key(node.Domain, node.OpType, node.Overload));
            foreach (AttributeProto attribute in node.Attribute)
            {
                Attribute(attribute, $"{name}, attribute '{attribute.Name}'", scope, depth);
            }

            foreach (string output in node.Output)
            {
                if (output.Length > 0)
                {
                    Define(scope, output, where, $"an output of {name}");
                }
            }
        }
    }

    private void Attribute(AttributeProto attribute, string where, GraphScope scope, int depth)
    {
        foreach (TensorProto tensor in attribute.T is null ? attribute.Tensors : attribute.Tensors.Prepend(attribute.T))
        {
            Tensor(tensor, "the tensor", where);
        }

        foreach (SparseTensorProto sparse in attribute.SparseTensor is null ? attribute.SparseTensors
            : attribute.SparseTensors.Prepend(attribute.SparseTensor))
        {
            Sparse(sparse, "the sparse tensor", where);
        }

        foreach (GraphProto graph in attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
        {
            Graph(graph, scope, where, depth + 1);
        }
    }

    private void Sparse(SparseTensorProto sparse, string name, string where)
    {
        foreach (TensorProto? part in (TensorProto?[])[sparse.Values, sparse.Indices])
        {
            if (part is not null)
            {
                Tensor(part, name, where);
            }
        }
    }

    private void Tensor(TensorProto tensor, string name, string where)
    {
        try
        {
            (long count, long bytes) = TensorSizes.Measure(tensor);
            if (TensorSizes.IsExternal(tensor))
            {
                ExternalTensor external = TensorSizes.External(tensor, $"{where}: {name}");
                ExternalData.Add(external);
                bytes = external.Length ?? bytes;
            }

            Parameters = checked(Parameters + count);
            ParameterBytes = checked(ParameterBytes + bytes);
        }
        catch (OverflowException e)
        {
            throw new OnnxFormatException($"{what}: {where}: {name} has the shape [{string.Join(',', tensor.Dims.Take(16))}], more than "
                + "fits into memory; do not use this file.", e);
        }
        catch (FormatException e)
        {
            throw new OnnxFormatException($"{what}: {where}: {name}: {e.Message}; copy or export the file again.", e);
        }
    }

    private void Outputs(IEnumerable<string> outputs, GraphScope scope, string where)
    {
        var seen = new HashSet<string>();
        foreach (string output in outputs)
        {
            if (!seen.Add(output))
            {
                throw Error(where, $"found the output '{output}' twice, expected unique names; export the graph again");
            }

            if (!scope.HasOwn(output))
            {
                throw Error(
                    where, $"found the output '{output}', which no node computes, expected a node's output; export the graph again");
            }
        }
    }

    private void Define(GraphScope scope, string name, string where, string by)
    {
        if (!scope.Add(name))
        {
            throw Error(where, $"found '{name}' again as {by}, expected unique names; export the graph again");
        }
    }

    private static string NodeName(NodeProto node, int index) => node.Name.Length > 0 ? $"node '{node.Name}' ({node.OpType})"
        : $"node {index} ({node.OpType})";

    private OnnxFormatException Error(string where, string message) => new($"{what}: {where}: {message}.");
}
