using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>Makes a converted graph good: constants folded, batch norms folded, what does nothing gone, halves where asked for.</summary>
internal static class GraphPasses
{
    public static void Run(ModelProto model, bool foldBatchNorm, bool float16)
    {
        RemoveDead(model.Graph);
        GraphSimplification.Run(model.Graph);
        ConstantFolding.Run(model);
        if (foldBatchNorm)
        {
            BatchNormFolding.Run(model.Graph);
        }

        RemoveDead(model.Graph);
        if (float16)
        {
            HalfPrecision.Run(model.Graph);
        }
    }

    /// <summary>Drops nodes, weights and descriptions that no output is computed from.</summary>
    internal static void RemoveDead(GraphProto graph)
    {
        var needed = new HashSet<string>(graph.Output.Select(o => o.Name));
        for (int i = graph.Node.Count - 1; i >= 0; i--)
        {
            if (graph.Node[i].Output.Any(needed.Contains))
            {
                needed.UnionWith(graph.Node[i].Input);
            }
            else
            {
                graph.Node.RemoveAt(i);
            }
        }

        RemoveWhere(graph.Initializer, i => !needed.Contains(i.Name));
        var made = new HashSet<string>(graph.Node.SelectMany(n => n.Output));
        RemoveWhere(graph.ValueInfo, v => !made.Contains(v.Name));
    }

    private static void RemoveWhere<T>(IList<T> list, Predicate<T> drop)
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (drop(list[i]))
            {
                list.RemoveAt(i);
            }
        }
    }
}
