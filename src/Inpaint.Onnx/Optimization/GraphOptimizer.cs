using Inpaint.Onnx.Format;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Optimization;

/// <summary>Makes graphs smaller and faster without changing what they compute.</summary>
public static class GraphOptimizer
{
    /// <summary>
    /// Removes what no output needs and what changes nothing, joins nodes that can be one, and computes what follows from constants alone.
    /// </summary>
    /// <param name="model">The model, which is changed. Its constants have raw data inside.</param>
    /// <param name="foldBatchNorm">Whether a batch norm becomes a part of the convolution or the product of matrices before it.</param>
    /// <param name="halfPrecision">Whether 32-bit floats become 16-bit ones; inputs and outputs stay as they are.</param>
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
