using Inpaint.Onnx.Format;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Optimization;

/// <summary>Removes nodes without effect, and merges nodes where possible.</summary>
internal static class NodeSimplification
{
    public static void Run(GraphProto graph)
    {
        var index = new GraphIndex(graph);
        foreach (NodeProto node in graph.Node)
        {
            JoinWithInput(index, node);
            if (!index.IsOutput(node.Output[0]) && ChangesNothing(index, node))
            {
                index.Redirect(node.Output[0], node.Input[0]);
            }
        }

        GraphOptimizer.RemoveDead(graph);
    }

    private static bool ChangesNothing(GraphIndex index, NodeProto node) => node.OpType switch
    {
        "Identity" => true,
        "Cast" => TypeOf(index, node.Input[0]) == node.Int("to", 0),
        "Transpose" => node.Get("perm") is { } order && order.Ints.Select((axis, i) => axis == i).All(same => same),
        "AveragePool" or "MaxPool" => node.Output.Count == 1
            && new[] { "kernel_shape", "strides" }.All(a => node.Get(a)?.Ints.All(i => i == 1) == true)
            && node.Get("pads")?.Ints.All(i => i == 0) != false,
        "Reshape" => SameShape(index, node.Input[0], node.Output[0]),
        _ => false,
    };

    private static void JoinWithInput(GraphIndex index, NodeProto node)
    {
        if (node.Input.Count == 0 || index.Producer(node.Input[0]) is not { } before)
        {
            JoinMatrix(index, node);
            return;
        }

        switch (node.OpType, before.OpType)
        {
            case ("Transpose", "Transpose") when node.Get("perm") is { } second && before.Get("perm") is { } first:
                long[] order = [.. second.Ints.Select(axis => first.Ints[(int)axis])];
                second.Ints.Clear();
                second.Ints.Add(order);
                index.SetInput(node, 0, before.Input[0]);
                break;

            // A zero keeps an axis of the intermediate shape, which must itself be kept.
            case ("Reshape", "Reshape") when index.Numbers(node.Input[1]) is { } shape && node.Int("allowzero", 0) == 0
                && (!shape.Contains(0)
                || (index.Numbers(before.Input[1]) is { } between && before.Int("allowzero", 0) == 0
                && shape.Index().All(s => s.Item != 0 || between[s.Index] == 0))):
                index.SetInput(node, 0, before.Input[0]);
                break;
            case ("Slice", "Slice") when index.IsUsedOnce(node.Input[0]):
                JoinSlices(index, before, node);
                break;
            default:
                JoinMatrix(index, node);
                break;
        }
    }

    /// <summary>Uses Gemm's transposition attribute, so that the weight is stored unchanged.</summary>
    private static void JoinMatrix(GraphIndex index, NodeProto node)
    {
        if (node.OpType != "Gemm" || node.Get("transB") is not null
            || index.Producer(node.Input[1]) is not { OpType: "Transpose" } transposed)
        {
            return;
        }

        node.Attribute.Add(new AttributeProto { Name = "transB", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        index.SetInput(node, 1, transposed.Input[0]);
    }

    /// <summary>Merges consecutive slices of different axes.</summary>
    private static void JoinSlices(GraphIndex index, NodeProto first, NodeProto second)
    {
        long[]?[] parts = [.. first.Input.Skip(1).Concat(second.Input.Skip(1)).Select(index.Numbers)];
        if (first.Input.Count != 5 || second.Input.Count != 5 || parts.Any(p => p is null) || parts[2]!.Intersect(parts[6]!).Any())
        {
            return;
        }

        string[] names = ["starts", "ends", "axes", "steps"];
        for (int i = 0; i < 4; i++)
        {
            long[] joined = [.. parts[i]!, .. parts[i + 4]!];
            index.SetInput(second, i + 1,
                index.AddConstant($"{second.Output[0]}/{names[i]}", TensorData.Make(joined, joined.Length).Proto));
        }

        index.SetInput(second, 0, first.Input[0]);
    }

    private static int TypeOf(GraphIndex index, string value) => index.Constant(value)?.DataType ?? index.Describe(value)?.ElemType ?? 0;

    private static bool SameShape(GraphIndex index, string a, string b) =>
        index.Describe(a)?.Shape is { } x && index.Describe(b)?.Shape is { } y && x.Dim.Count == y.Dim.Count
        && x.Dim.Zip(y.Dim).All(d => d.First.Equals(d.Second) && d.First.ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.None);
}
