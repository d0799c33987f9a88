using Inpaint.Onnx.Format;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Optimization;

/// <summary>Makes graphs smaller and faster without changing what they compute.</summary>
public static class GraphOptimizer
{
    /// <summary>Removes unused nodes and nodes without effect, merges nodes, and folds constants.</summary>
    /// <param name="model">The model; it is modified. Its constants must be stored as raw data in the model.</param>
    /// <param name="foldBatchNorm">Whether to fold batch norms into preceding convolutions and matrix products.</param>
    /// <param name="halfPrecision">Whether to convert 32-bit floats to 16 bits, except inputs and outputs.</param>
    public static void Optimize(OnnxModel model, bool foldBatchNorm, bool halfPrecision)
    {
        ArgumentNullException.ThrowIfNull(model);
        GraphProto graph = model.Proto.Graph;
        RemoveDead(graph);
        NodeSimplification.Run(graph);
        ConstantFolding.Run(model.Proto);
        if (foldBatchNorm)
        {
            BatchNormFolding.Run(graph);
        }

        RemoveDead(graph);
        if (halfPrecision)
        {
            HalfPrecision.Run(graph);
        }
    }

    /// <summary>Removes nodes, weights and descriptions that no output depends on.</summary>
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
