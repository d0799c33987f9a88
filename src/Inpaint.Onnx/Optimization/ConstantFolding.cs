using Google.Protobuf;
using Inpaint.Onnx.Format;
using Inpaint.Onnx.Proto;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Optimization;

/// <summary>Folds constants with ONNX Runtime, and keeps the result unless it is larger.</summary>
internal static class ConstantFolding
{
    /// <summary>Results up to this size are always kept; larger ones if the constants that they replace are as large.</summary>
    private const long SmallBytes = 1 << 16;

    private const long GroupBytes = 256L << 20;

    public static void Run(ModelProto model)
    {
        GraphProto graph = model.Graph;
        var index = new GraphIndex(graph);
        List<NodeProto> foldable = Foldable(graph, index);
        string[] wanted =
            [.. foldable.SelectMany(n => n.Output).Where(o => index.IsOutput(o) || index.UsersOf(o).Any(u => !foldable.Contains(u)))];

        // An output of the graph stays the output of a node.
        wanted = [.. wanted.Where(w => !index.IsOutput(w))];
        if (wanted.Length == 0)
        {
            return;
        }

        List<(string Name, TensorProto Value)> results =
            [.. Groups(index, wanted).SelectMany(group => Compute(model, index, NodesFor(index, foldable, group), group))];

        // A constant with several large results is replaced by at most one of them.
        Dictionary<string,
            HashSet<string>> origins = results.Where(r => r.Value.RawData.Length > SmallBytes)
                .ToDictionary(r => r.Name, r => Origins(index, r.Name));
        Dictionary<string, int> shares = origins.Values.SelectMany(o => o).GroupBy(o => o).ToDictionary(g => g.Key, g => g.Count());
        foreach ((string name, TensorProto value) in results)
        {
            if (origins.TryGetValue(name, out HashSet<string>? from)
                && value.RawData.Length > from.Sum(o => index.UsersOf(o).All(foldable.Contains)
                ? index.Constant(o)!.RawData.Length / shares[o] : 0))
            {
                continue;
            }

            // A weight that was only transposed keeps its name.
            string called = index.Producer(name) is { OpType: "Transpose" } turned && index.Constant(turned.Input[0]) is { } weight
                ? $"{weight.Name}.transposed" : name + "/value";
            index.Redirect(name, index.AddConstant(called, value));
        }

        GraphOptimizer.RemoveDead(graph);
    }

    private static List<NodeProto> Foldable(GraphProto graph, GraphIndex index)
    {
        var known = new HashSet<string>(graph.Initializer.Select(i => i.Name)) { "" };
        var foldable = new List<NodeProto>();
        foreach (NodeProto node in graph.Node)
        {
            bool constant = node.Input.Count > 0 && node.Input.All(known.Contains) && node.Input.Any(i => i.Length > 0)
                && !node.OpType.StartsWith("Random", StringComparison.Ordinal) && node.Attribute.All(a => a.G is null);

            // A weight that other nodes read untransposed would be stored twice.
            bool doubles = node.OpType == "Transpose" && index.Constant(node.Input[0]) is { } weight && weight.RawData.Length > SmallBytes
                && index.UsersOf(weight.Name).Count > 1;
            if (constant && !doubles)
            {
                foldable.Add(node);
                known.UnionWith(node.Output);
            }
        }

        return foldable;
    }

    /// <summary>Groups of results whose constants together fit into one message.</summary>
    private static IEnumerable<string[]> Groups(GraphIndex index, string[] wanted)
    {
        var group = new List<string>();
        long bytes = 0;
        foreach (string name in wanted)
        {
            long more = Origins(index, name).Sum(o => (long)index.Constant(o)!.RawData.Length);
            if (group.Count > 0 && bytes + more > GroupBytes)
            {
                yield return [.. group];
                group.Clear();
                bytes = 0;
            }

            group.Add(name);
            bytes += more;
        }

        if (group.Count > 0)
        {
            yield return [.. group];
        }
    }

    private static List<NodeProto> NodesFor(GraphIndex index, List<NodeProto> foldable, string[] wanted)
    {
        var needed = new HashSet<NodeProto>();
        var open = new Stack<string>(wanted);
        while (open.TryPop(out string? name))
        {
            if (index.Producer(name) is { } node && needed.Add(node))
            {
                foreach (string input in node.Input)
                {
                    open.Push(input);
                }
            }
        }

        return [.. foldable.Where(needed.Contains)];
    }

    private static List<(string Name, TensorProto Value)> Compute(ModelProto model, GraphIndex index, List<NodeProto> nodes,
        string[] wanted)
    {
        var small =
            new ModelProto { IrVersion = model.IrVersion, ProducerName = model.ProducerName,
                Graph = new GraphProto { Name = "constants" } };
        small.OpsetImport.Add(model.OpsetImport);
        small.Graph.Node.Add(nodes);
        small.Graph.Initializer.Add(nodes.SelectMany(n => n.Input).Distinct().Select(index.Constant).OfType<TensorProto>());
        small.Graph.Output.Add(wanted.Select(w => new ValueInfoProto { Name = w }));
        using var session = new InferenceSession(small.ToByteArray());
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, [], [], wanted);
        return [.. wanted.Zip(results, (name, value) => (name, ToProto(value)))];
    }

    private static TensorProto ToProto(OrtValue value)
    {
        // ONNX Runtime numbers element types as ONNX does.
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        var proto =
            new TensorProto { DataType = (int)info.ElementDataType, RawData = ByteString.CopyFrom(value.GetTensorDataAsSpan<byte>()) };
        proto.Dims.Add(info.Shape);
        return proto;
    }

    /// <summary>The constants that a value depends on.</summary>
    private static HashSet<string> Origins(GraphIndex index, string value)
    {
        var constants = new HashSet<string>();
        var open = new Stack<string>([value]);
        var seen = new HashSet<string>();
        while (open.TryPop(out string? name))
        {
            if (!seen.Add(name))
            {
                continue;
            }

            if (index.Constant(name) is not null)
            {
                constants.Add(name);
            }
            else if (index.Producer(name) is { } node)
            {
                foreach (string input in node.Input)
                {
                    open.Push(input);
                }
            }
        }

        return constants;
    }
}
