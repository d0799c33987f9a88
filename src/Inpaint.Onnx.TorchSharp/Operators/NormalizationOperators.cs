using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Batch, instance, group and layer norm.</summary>
internal static class NormalizationOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::batch_norm"] = c => BatchNorm(c, c.Flag(5));
        table["aten::instance_norm"] = InstanceNorm;
        table["aten::group_norm"] = GroupNorm;
        table["aten::layer_norm"] = LayerNorm;
    }

    // input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled
    private static void BatchNorm(OperatorContext c, bool ownStatistics)
    {
        ScalarType type = c.OutputType();
        if (ownStatistics || c.IsNone(3))
        {
            long[] axes = [.. Enumerable.Range(0, c.Rank(0)).Where(a => a != 1).Select(a => (long)a)];
            c.Return(Affine(c, Standardized(c, c.Tensor(0), axes, c.Number(7), type), 1, 2));
            return;
        }

        long channels = c.Shape(0)[1].Value;
        string weight = c.IsNone(1) ? c.Filled("ones", 1, channels, type) : c.Operand(1, type);
        string bias = c.IsNone(2) ? c.Filled("zeros", 0, channels, type) : c.Operand(2, type);
        c.Return(c.Node("BatchNormalization", [c.Tensor(0), weight, bias, c.Operand(3, type), c.Operand(4, type)], ("epsilon", (float)c.Number(7))));
    }

    // input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled
    private static void InstanceNorm(OperatorContext c)
    {
        if (!c.Flag(5))
        {
            BatchNorm(c, ownStatistics: false);
            return;
        }

        ScalarType type = c.OutputType();
        if (type == ScalarType.Float64)
        {
            long[] axes = [.. Enumerable.Range(2, c.Rank(0) - 2).Select(a => (long)a)];
            c.Return(Affine(c, Standardized(c, c.Tensor(0), axes, c.Number(7), type), 1, 2));
            return;
        }

        long channels = c.Shape(0)[1].Value;
        string weight = c.IsNone(1) ? c.Filled("ones", 1, channels, type) : c.Operand(1, type);
        string bias = c.IsNone(2) ? c.Filled("zeros", 0, channels, type) : c.Operand(2, type);
        c.Return(c.Node("InstanceNormalization", [c.Tensor(0), weight, bias], ("epsilon", (float)c.Number(7))));
    }

    // input, num_groups, weight, bias, eps, cudnn_enabled
    private static void GroupNorm(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        long groups = c.Int(1);
        string grouped = c.Node("Reshape", [c.Tensor(0), c.Vector(0, groups, -1)]);
        string value = type == ScalarType.Float64
            ? Standardized(c, grouped, [2], c.Number(4), type)
            : c.Node("InstanceNormalization", [grouped, c.Filled("ones", 1, groups, type), c.Filled("zeros", 0, groups, type)], ("epsilon", (float)c.Number(4)));
        c.Return(Affine(c, Restored(c, value), 2, 3));
    }

    // input, normalized_shape, weight, bias, eps, cudnn_enable
    private static void LayerNorm(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        long[] shape = c.Ints(1);
        string weight;
        if (c.IsNone(2))
        {
            using Tensor one = ones(shape, type);
            weight = c.Constant("ones", GraphConverter.ToProto(one));
        }
        else
        {
            weight = c.Operand(2, type);
        }

        string[] inputs = c.IsNone(3) ? [c.Tensor(0), weight] : [c.Tensor(0), weight, c.Operand(3, type)];
        c.Return(c.Node("LayerNormalization", inputs, ("axis", -(long)shape.Length), ("epsilon", (float)c.Number(4))));
    }

    /// <summary>The value in the input's shape again.</summary>
    private static string Restored(OperatorContext c, string value) => c.Shape(0).Count(s => !s.IsConstant) > 1
        ? c.Node("Reshape", [value, c.ShapeVector(0)])
        : c.Reshape(value, c.Shape(0));

    /// <summary>Without mean and with a variance of one over some axes.</summary>
    private static string Standardized(OperatorContext c, string value, long[] axes, double epsilon, ScalarType type)
    {
        string centred = c.Node("Sub", [value, c.Reduce("ReduceMean", value, axes, keep: true)]);
        string variance = c.Reduce("ReduceMean", c.Node("Mul", [centred, centred]), axes, keep: true);
        return c.Node("Div", [centred, c.Node("Sqrt", [c.Node("Add", [variance, c.Scalar(epsilon, type)])])]);
    }

    /// <summary>Times weight and plus bias, channel by channel, where there are any.</summary>
    private static string Affine(OperatorContext c, string value, int weight, int bias)
    {
        SymbolicInt[] shape = [.. Enumerable.Repeat<SymbolicInt>(1, c.Rank(0) - 2).Prepend(-1)];
        string ByChannel(int i) => shape.Length == 1 ? c.Operand(i, c.OutputType()) : c.Node("Reshape", [c.Operand(i, c.OutputType()), c.Vector([.. shape.Select(s => s.Value)])]);
        value = c.IsNone(weight) ? value : c.Node("Mul", [value, ByChannel(weight)]);
        return c.IsNone(bias) ? value : c.Node("Add", [value, ByChannel(bias)]);
    }
}
