using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Batch, instance, group and layer norm.</summary>
internal static class NormalizationOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training,
                float momentum, float eps, bool cudnn_enabled) -> Tensor
            """, c => BatchNorm(c, c.Flag("training")));
        table.Add("""
            aten::instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var,
                bool use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor
            """, InstanceNorm);
        table.Add("""
            aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05,
                bool cudnn_enabled=True) -> Tensor
            """, GroupNorm);
        table.Add("""
            aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1e-05,
                bool cudnn_enable=True) -> Tensor
            """, LayerNorm);
    }

    private static void BatchNorm(OperatorContext c, bool ownStatistics)
    {
        ScalarType type = c.OutputType();
        if (ownStatistics || c.IsNone("running_mean"))
        {
            long[] axes = [.. Enumerable.Range(0, c.Rank("input")).Where(a => a != 1).Select(a => (long)a)];
            c.Return(Affine(c, Standardized(c, c.Tensor("input"), axes, c.Number("eps"), type)));
            return;
        }

        long channels = c.Shape("input")[1].Value;
        string weight = c.IsNone("weight") ? c.Filled("ones", 1, channels, type) : c.Operand("weight", type);
        string bias = c.IsNone("bias") ? c.Filled("zeros", 0, channels, type) : c.Operand("bias", type);
        c.Return(c.Node("BatchNormalization",
            [c.Tensor("input"), weight, bias, c.Operand("running_mean", type), c.Operand("running_var", type)],
                ("epsilon", (float)c.Number("eps"))));
    }

    private static void InstanceNorm(OperatorContext c)
    {
        if (!c.Flag("use_input_stats"))
        {
            BatchNorm(c, ownStatistics: false);
            return;
        }

        ScalarType type = c.OutputType();
        if (type == ScalarType.Float64)
        {
            long[] axes = [.. Enumerable.Range(2, c.Rank("input") - 2).Select(a => (long)a)];
            c.Return(Affine(c, Standardized(c, c.Tensor("input"), axes, c.Number("eps"), type)));
            return;
        }

        long channels = c.Shape("input")[1].Value;
        string weight = c.IsNone("weight") ? c.Filled("ones", 1, channels, type) : c.Operand("weight", type);
        string bias = c.IsNone("bias") ? c.Filled("zeros", 0, channels, type) : c.Operand("bias", type);
        c.Return(c.Node("InstanceNormalization", [c.Tensor("input"), weight, bias], ("epsilon", (float)c.Number("eps"))));
    }

    private static void GroupNorm(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        long groups = c.Int("num_groups");
        string grouped = c.Node("Reshape", [c.Tensor("input"), c.Vector(0, groups, -1)]);
        string value = type == ScalarType.Float64
            ? Standardized(c, grouped, [2], c.Number("eps"), type)
            : c.Node("InstanceNormalization", [grouped, c.Filled("ones", 1, groups, type), c.Filled("zeros", 0, groups, type)],
                ("epsilon", (float)c.Number("eps")));
        c.Return(Affine(c, Restored(c, value)));
    }

    private static void LayerNorm(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        long[] shape = c.Ints("normalized_shape");
        string weight;
        if (c.IsNone("weight"))
        {
            using Tensor one = ones(shape, type);
            weight = c.Constant("ones", one);
        }
        else
        {
            weight = c.Operand("weight", type);
        }

        string[] inputs = c.IsNone("bias") ? [c.Tensor("input"), weight] : [c.Tensor("input"), weight, c.Operand("bias", type)];
        c.Return(c.Node("LayerNormalization", inputs, ("axis", -(long)shape.Length), ("epsilon", (float)c.Number("eps"))));
    }

    /// <summary>The value, reshaped to the input's shape.</summary>
    private static string Restored(OperatorContext c, string value) => c.Shape("input").Count(s => !s.IsConstant) > 1
        ? c.Node("Reshape", [value, c.ShapeVector("input")])
        : c.Reshape(value, c.Shape("input"));

    /// <summary>Standardizes over some axes: mean 0, variance 1.</summary>
    private static string Standardized(OperatorContext c, string value, long[] axes, double epsilon, ScalarType type)
    {
        string centred = c.Node("Sub", [value, c.Reduce("ReduceMean", value, axes, keep: true)]);
        string variance = c.Reduce("ReduceMean", c.Node("Mul", [centred, centred]), axes, keep: true);
        return c.Node("Div", [centred, c.Node("Sqrt", [c.Node("Add", [variance, c.Scalar(epsilon, type)])])]);
    }

    /// <summary>Times weight and plus bias, channel by channel, where there are any.</summary>
    private static string Affine(OperatorContext c, string value)
    {
        SymbolicInt[] shape = [.. Enumerable.Repeat<SymbolicInt>(1, c.Rank("input") - 2).Prepend(-1)];
        string ByChannel(string name) => shape.Length == 1
            ? c.Operand(name, c.OutputType())
            : c.Node("Reshape", [c.Operand(name, c.OutputType()), c.Vector([.. shape.Select(s => s.Value)])]);
        value = c.IsNone("weight") ? value : c.Node("Mul", [value, ByChannel("weight")]);
        return c.IsNone("bias") ? value : c.Node("Add", [value, ByChannel("bias")]);
    }
}
