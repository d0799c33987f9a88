using System.Runtime.InteropServices;
using Inpaint.Onnx.Format;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Optimization;

/// <summary>Converts 32-bit floats to 16-bit; inputs and outputs keep their types, by casts.</summary>
internal static class HalfPrecision
{
    /// <summary>Operators without a 16-bit form in ONNX, which get casts around them.</summary>
    private static readonly HashSet<string> SingleOnly = ["Range"];

    public static void Run(GraphProto graph)
    {
        var index = new GraphIndex(graph);

        // Resize always takes 32-bit scale factors.
        var kept = new HashSet<string>(graph.Node.Where(n => n.OpType == "Resize").SelectMany(n => n.Input.Skip(1).Take(2)));
        var single =
            new HashSet<string>(graph.Initializer.Where(i => i.DataType == (int)DataType.Float && kept.Contains(i.Name))
                .Select(i => i.Name));
        foreach (TensorProto constant in graph.Initializer.Where(i => i.DataType == (int)DataType.Float && !single.Contains(i.Name)))
        {
            ToHalf(constant);
        }

        foreach (NodeProto node in graph.Node)
        {
            foreach (AttributeProto attribute in node.Attribute)
            {
                if (attribute.T is { DataType: (int)DataType.Float } tensor)
                {
                    ToHalf(tensor);
                }
                else if (node.OpType == "Cast" && attribute is { Name: "to", I: (long)DataType.Float })
                {
                    attribute.I = (long)DataType.Float16;
                }
            }
        }

        foreach (ValueInfoProto value in graph.ValueInfo.Where(v => v.Type.TensorType.ElemType == (int)DataType.Float))
        {
            value.Type.TensorType.ElemType = (int)DataType.Float16;
        }

        CastInputs(graph, index);
        CastOutputs(graph);
        CastAround(graph);
    }

    private static void CastInputs(GraphProto graph, GraphIndex index)
    {
        int place = 0;
        foreach (ValueInfoProto input in graph.Input.Where(i => i.Type.TensorType.ElemType == (int)DataType.Float
            && index.UsersOf(i.Name).Count > 0))
        {
            string half = input.Name + "/half";
            index.Redirect(input.Name, half);
            graph.Node.Insert(place++, Cast(input.Name, half, DataType.Float16));
        }
    }

    private static void CastOutputs(GraphProto graph)
    {
        foreach (ValueInfoProto output in graph.Output.Where(o => o.Type.TensorType.ElemType == (int)DataType.Float))
        {
            string half = output.Name + "/half";
            foreach (NodeProto node in graph.Node)
            {
                Replace(node.Output, output.Name, half);
                Replace(node.Input, output.Name, half);
            }

            graph.Node.Add(Cast(half, output.Name, DataType.Float));
        }
    }

    private static void CastAround(GraphProto graph)
    {
        for (int i = 0; i < graph.Node.Count; i++)
        {
            NodeProto node = graph.Node[i];
            if (!SingleOnly.Contains(node.OpType))
            {
                continue;
            }

            var halves = new HashSet<string>(graph.Initializer.Where(c => c.DataType == (int)DataType.Float16).Select(c => c.Name)
                .Concat(graph.ValueInfo.Where(v => v.Type.TensorType.ElemType == (int)DataType.Float16).Select(v => v.Name)));
            if (!node.Input.Any(halves.Contains))
            {
                continue;
            }

            string result = node.Output[0];
            for (int input = 0; input < node.Input.Count; input++)
            {
                string single = $"{result}/single{input}";
                graph.Node.Insert(i++, Cast(node.Input[input], single, DataType.Float));
                node.Input[input] = single;
            }

            node.Output[0] = result + "/single";
            graph.Node.Insert(++i, Cast(node.Output[0], result, DataType.Float16));
        }
    }

    private static NodeProto Cast(string from, string to, DataType type)
    {
        var node = new NodeProto { Name = to, OpType = "Cast", Input = { from }, Output = { to } };
        node.Attribute.Add(new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)type });
        return node;
    }

    private static void Replace(Google.Protobuf.Collections.RepeatedField<string> names, string from, string to)
    {
        for (int i = 0; i < names.Count; i++)
        {
            names[i] = names[i] == from ? to : names[i];
        }
    }

    private static void ToHalf(TensorProto tensor)
    {
        ReadOnlySpan<float> singles = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
        var halves = new Half[singles.Length];
        for (int i = 0; i < halves.Length; i++)
        {
            // Finite values stay finite, and a small epsilon does not become zero.
            float number = float.IsFinite(singles[i]) ? Math.Clamp(singles[i], (float)Half.MinValue, (float)Half.MaxValue) : singles[i];
            halves[i] = (Half)number;
            if (number != 0 && halves[i] == Half.Zero)
            {
                halves[i] = number > 0 ? Half.Epsilon : -Half.Epsilon;
            }
        }

        tensor.RawData = TensorData.Make(halves, halves.Length).Proto.RawData;
        tensor.DataType = (int)DataType.Float16;
    }
}
