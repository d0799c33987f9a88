namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>Describes where in the module an operator is.</summary>
internal static class OperatorPlace
{
    public const string Parameter = "parameter/";

    /// <summary>
    /// The operator with its module: <c>aten::_convolution of module 'conv1'</c> where it takes that module's weights,
    /// <c>aten::relu after module 'conv1'</c> where no weights were taken since, the operator alone before all weights.
    /// </summary>
    /// <param name="nodes">The recording in order.</param>
    /// <param name="node">One of its nodes.</param>
    public static string Describe(IEnumerable<TraceNode> nodes, TraceNode node)
    {
        string? module = null;
        foreach (TraceNode before in nodes.Where(n => n.Kind.StartsWith("aten::", StringComparison.Ordinal)))
        {
            module = ModuleOf(before) ?? module;
            if (ReferenceEquals(before, node))
            {
                break;
            }
        }

        return string.IsNullOrEmpty(module) ? node.Kind : $"{node.Kind} {(ModuleOf(node) is null ? "after" : "of")} module '{module}'";
    }

    /// <summary>The module whose weights an operator takes, empty for those of the outermost; null when it takes none.</summary>
    public static string? ModuleOf(TraceNode node)
    {
        string? weight = node.Inputs.FirstOrDefault(i => i.StartsWith(Parameter, StringComparison.Ordinal));
        int dot = weight?.LastIndexOf('.') ?? -1;
        return weight is null ? null : dot < 0 ? "" : weight[Parameter.Length..dot];
    }
}
