using System.Runtime.InteropServices;
using Inpaint.Onnx.Format;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Optimization;

/// <summary>
/// Folds batch norms into the preceding convolution, transposed convolution or matrix product: weights and bias are scaled
/// per channel, in 64-bit arithmetic.
/// </summary>
internal static class BatchNormFolding
{
    public static void Run(GraphProto graph)
    {
        var index = new GraphIndex(graph);
        foreach (NodeProto norm in graph.Node.Where(n => n.OpType == "BatchNormalization").ToArray())
        {
            if (index.Producer(norm.Input[0]) is { } before && index.IsUsedOnce(norm.Input[0]) && Fold(index, before, norm))
            {
                graph.Node.Remove(norm);
                before.Output[0] = norm.Output[0];
                index = new GraphIndex(graph);
            }
        }
    }

    private static bool Fold(GraphIndex index, NodeProto node, NodeProto norm)
    {
        bool product = node.OpType is "Gemm" or "MatMul";
        if (!product && node.OpType is not ("Conv" or "ConvTranspose"))
        {
            return false;
        }

        if (node.OpType == "Gemm" && (node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1 || node.Int("transA", 0) != 0))
        {
            return false;
        }

        // Channels are axis 1: the columns of a product of matrices, but not of a batch of them.
        if (node.OpType == "MatMul" && index.Describe(norm.Output[0])?.Shape?.Dim.Count != 2)
        {
            return false;
        }

        bool hasBias = node.Input.Count > 2 && node.Input[2].Length > 0;
        float[]? weight = Own(index, node, 1), bias = hasBias ? Own(index, node, 2) : [];
        float[]?[] numbers = [.. norm.Input.Skip(1).Select(i => Floats(index.Constant(i)))];
        if (weight is null || bias is null || numbers.Any(n => n is null) || index.Constant(node.Input[1])!.Dims.Count < 2)
        {
            return false;
        }

        int channels = numbers[0]!.Length;
        if (hasBias && bias.Length != channels)
        {
            return false;
        }

        var scale = new double[channels];
        var shift = new float[channels];
        double epsilon = norm.Float("epsilon", 1e-5f);
        for (int i = 0; i < channels; i++)
        {
            scale[i] = numbers[0]![i] / Math.Sqrt(numbers[3]![i] + epsilon);
            shift[i] = (float)((((hasBias ? bias[i] : 0.0) - numbers[2]![i]) * scale[i]) + numbers[1]![i]);
        }

        TensorProto old = index.Constant(node.Input[1])!;
        Scale(node, weight, [.. old.Dims], scale);
        TensorProto scaled = TensorData.Make(weight, [.. old.Dims]).Proto;
        old.RawData = scaled.RawData;
        if (hasBias)
        {
            index.Constant(node.Input[2])!.RawData = TensorData.Make(shift, channels).Proto.RawData;
            return true;
        }

        string name = old.Name.EndsWith(".weight", StringComparison.Ordinal) ? old.Name[..^"weight".Length] + "bias" : old.Name + ".bias";
        string added = index.AddConstant(name, TensorData.Make(shift, channels).Proto);
        if (node.OpType == "MatMul")
        {
            node.OpType = "Gemm";
        }

        while (node.Input.Count > 2)
        {
            node.Input.RemoveAt(2);
        }

        node.Input.Add(added);
        return true;
    }

    private static void Scale(NodeProto node, float[] weight, long[] dims, double[] scale)
    {
        // The output channel of the weight at a flat index.
        Func<long, long> channel;
        long inner = weight.LongLength / dims[0];
        if (node.OpType == "ConvTranspose")
        {
            long groups = node.Int("group", 1), each = dims[0] / groups, perGroup = dims[1], kernel = inner / perGroup;
            channel = at => (at / inner / each * perGroup) + (at / kernel % perGroup);
        }
        else if (node.OpType == "Conv" || node.Int("transB", 0) == 1)
        {
            channel = at => at / inner;
        }
        else
        {
            channel = at => at % dims[1];
        }

        for (long at = 0; at < weight.LongLength; at++)
        {
            weight[at] = (float)(weight[at] * scale[channel(at)]);
        }
    }

    /// <summary>The values of a constant that only this node reads.</summary>
    private static float[]? Own(GraphIndex index, NodeProto node, int input) => index.IsUsedOnce(node.Input[input])
        ? Floats(index.Constant(node.Input[input])) : null;

    private static float[]? Floats(TensorProto? constant) => constant is { DataType: (int)DataType.Float }
        ? MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray()
        : null;
}
