using Inpaint.Onnx.TorchSharp.Tracing;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>
/// Operators that change a tensor in place are recorded as if they returned a new one, which is correct unless the
/// same memory is read through another tensor afterwards: an earlier view, or the base of a view. Such writes are rejected.
/// </summary>
internal static class InPlaceRules
{
    /// <summary>Operators whose result may share memory with their first argument without an alias in their schema.</summary>
    private static readonly HashSet<string> Views =
    [
        "alpha_dropout", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_tensors", "dropout", "feature_alpha_dropout",
            "feature_dropout",
        "type_as", "unsafe_chunk", "unsafe_split", "unsafe_split_with_sizes",
    ];

    public static void Check(Traces traces, OperatorTable operators)
    {
        // Names of the same memory have the same root.
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
        bool IsLastUse(string name, int at) =>
            roots.Where(r => r.Value == Root(name)).Select(r => r.Key).Append(Root(name)).All(n => lastUse.GetValueOrDefault(n, -1) <= at);
        for (int i = 0; i < nodes.Length; i++)
        {
            TraceNode node = nodes[i];
            string operation = node.Kind[(node.Kind.IndexOf("::", StringComparison.Ordinal) + 2)..];
            bool inPlace = operation.EndsWith('_') && !operation.EndsWith("__", StringComparison.Ordinal)
                && node.Kind.StartsWith("aten::", StringComparison.Ordinal);
            if (inPlace && node.Inputs.Count > 0)
            {
                string written = node.Inputs[0];
                if (Root(written).StartsWith(OperatorPlace.Parameter, StringComparison.Ordinal))
                {
                    throw new ExportException($"{OperatorPlace.Describe(nodes, node)} changes "
                        + $"'{Root(written)[OperatorPlace.Parameter.Length..]}', a weight or buffer of the module, and a graph keeps no "
                        + "state between runs. Do it in training only (if (training) ...).");
                }

                string? seen = roots.Where(r => r.Value == Root(written) && r.Key != written).Select(r => r.Key).Append(Root(written))
                    .FirstOrDefault(n => n != written && lastUse.GetValueOrDefault(n, -1) > i);
                if (seen is not null || (Root(written) != written && lastUse.GetValueOrDefault(Root(written), -1) > i))
                {
                    throw new ExportException($"{OperatorPlace.Describe(nodes, node)} writes into memory that is read through another "
                        + $"tensor afterwards (computed by {traces.NodeOf(seen ?? Root(written)).Kind}), which cannot be recorded "
                        + "faithfully. "
                        + "Use the operator without the underscore, torch.where, cat or masked_fill instead of writing into a view.");
                }
            }

            // Disjoint parts of a tensor that is not used again do not alias anything.
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
