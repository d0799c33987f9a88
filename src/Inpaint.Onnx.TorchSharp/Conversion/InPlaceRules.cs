using Inpaint.Onnx.TorchSharp.Tracing;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>
/// Operators that change a tensor in place are recorded as if they gave a new one. That is right as long as nobody looks at the
/// same memory through another name afterwards: a view taken before, or the whole behind a view. Such writes are refused.
/// </summary>
internal static class InPlaceRules
{
    /// <summary>Operators whose result may share memory with their first argument though their schema does not say so.</summary>
    private static readonly HashSet<string> Views =
    [
        "alpha_dropout", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_tensors", "dropout", "feature_alpha_dropout", "feature_dropout",
        "type_as", "unsafe_chunk", "unsafe_split", "unsafe_split_with_sizes",
    ];

    public static void Check(Traces traces, OperatorTable operators)
    {
        // Names that stand for the same memory carry the same root.
        var roots = new Dictionary<string, string>();
        var lastUse = new Dictionary<string, int>();
        var pieces = new HashSet<string>();
        TraceNode[] nodes = [.. traces.Nodes];
        for (int i = 0; i < nodes.Length; i++)
        {
            foreach (string input in nodes[i].Inputs)
            {
                lastUse[input] = i;
            }
        }

        foreach (string output in traces.Outputs)
        {
            lastUse[output] = nodes.Length;
        }

        string Root(string name) => roots.GetValueOrDefault(name, name);
        bool IsLastUse(string name, int at) => roots.Where(r => r.Value == Root(name)).Select(r => r.Key).Append(Root(name)).All(n => lastUse.GetValueOrDefault(n, -1) <= at);
        for (int i = 0; i < nodes.Length; i++)
        {
            TraceNode node = nodes[i];
            string operation = node.Kind[(node.Kind.IndexOf("::", StringComparison.Ordinal) + 2)..];
            bool inPlace = operation.EndsWith('_') && !operation.EndsWith("__", StringComparison.Ordinal) && node.Kind.StartsWith("aten::", StringComparison.Ordinal);
            if (inPlace && node.Inputs.Count > 0)
            {
                string written = node.Inputs[0];
                if (Root(written).StartsWith(OperatorPlace.Parameter, StringComparison.Ordinal))
                {
                    throw new ExportException($"{OperatorPlace.Describe(nodes, node)} changes '{Root(written)[OperatorPlace.Parameter.Length..]}', a weight or buffer of the module, and a graph has no memory from run to run. Do it in training only (if (training) ...).");
                }

                string? seen = roots.Where(r => r.Value == Root(written) && r.Key != written).Select(r => r.Key).Append(Root(written)).FirstOrDefault(n => n != written && lastUse.GetValueOrDefault(n, -1) > i);
                if (seen is not null || (Root(written) != written && lastUse.GetValueOrDefault(Root(written), -1) > i))
                {
                    throw new ExportException($"{OperatorPlace.Describe(nodes, node)} writes into memory that is seen through another tensor afterwards (made by {traces.NodeOf(seen ?? Root(written)).Kind}), which cannot be recorded faithfully. Use the operator without the underscore, torch.where, cat or masked_fill instead of writing into a view.");
                }
            }

            // Pieces that do not overlap, of a tensor that nobody looks at again, are memory of their own.
            bool apart = operation is "unsafe_chunk" or "unsafe_split" or "unsafe_split_with_sizes" && IsLastUse(node.Inputs[0], i);
            if (node.Kind == "prim::ListUnpack" && pieces.Contains(node.Inputs[0]))
            {
                continue;
            }

            if (apart)
            {
                pieces.Add(node.Outputs[0].Name);
            }
            else if (node.Inputs.Count > 0 && (inPlace || Views.Contains(operation) || node.Kind == "prim::ListUnpack"
                || operators.Find(node.Kind)?.Overloads.Any(o => o.Schema.IsView) == true))
            {
                foreach (TraceValue output in node.Outputs)
                {
                    roots[output.Name] = Root(node.Inputs[0]);
                }
            }
        }
    }
}
