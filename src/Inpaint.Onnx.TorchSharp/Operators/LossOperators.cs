using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Losses, for graphs that return their distance from a target.</summary>
internal static class LossOperators
{
    public static void AddTo(OperatorTable table)
    {        table.Add(
            "aten::mse_loss(Tensor self, Tensor target, int reduction=Mean) -> Tensor",
            c => Reduced(c, Squared(c, Difference(c))));
        table.Add("aten::l1_loss(Tensor self, Tensor target, int reduction=Mean) -> Tensor",
            c => Reduced(c, c.Node("Abs", [Difference(c)])));
        table.Add("aten::smooth_l1_loss(Tensor self, Tensor target, int reduction=Mean, float beta=1.0) -> Tensor",
            c => Reduced(c, Smooth(c, c.Number("beta"), c.Number("beta"))));
        table.Add("aten::huber_loss(Tensor self, Tensor target, int reduction=Mean, float delta=1.0) -> Tensor",
            c => Reduced(c, Smooth(c, c.Number("delta"), 1)));
        table.Add("aten::binary_cross_entropy(Tensor self, Tensor target, Tensor? weight=None, int reduction=Mean) -> Tensor",
            c => Reduced(c, Weighted(c, CrossEntropy(c))));
        table.Add("""
            aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None,
                int reduction=Mean) -> Tensor
            """, c => Reduced(c, Weighted(c, CrossEntropyOfLogits(c))));
        table.Add("aten::kl_div(Tensor self, Tensor target, int reduction=Mean, *, bool log_target=False) -> Tensor", Divergence);
        table.Add("""
            aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=Mean, SymInt ignore_index=-100,
                float label_smoothing=0.0) -> Tensor
            """, ClassEntropy);
    }

    private static string Difference(OperatorContext c) =>
        c.Node("Sub", [c.Operand("self", c.OutputType()), c.Operand("target", c.OutputType())]);

    private static string Squared(OperatorContext c, string value) => c.Node("Mul", [value, value]);

    /// <summary>None, mean or sum.</summary>
    private static void Reduced(OperatorContext c, string value) => c.Return(c.Int("reduction") switch
    {
        0 => value,
        1 => c.Node("ReduceMean", [value], ("keepdims", 0L)),
        _ => c.Node("ReduceSum", [value], ("keepdims", 0L)),
    });

    private static string Weighted(OperatorContext c, string value) => c.IsNone("weight") ? value
        : c.Node("Mul", [value, c.Operand("weight", c.OutputType())]);

    /// <summary>A parabola near zero and a line beyond <paramref name="edge"/>, over <paramref name="divisor"/>.</summary>
    private static string Smooth(OperatorContext c, double edge, double divisor)
    {
        ScalarType type = c.OutputType();
        string size = c.Node("Abs", [Difference(c)]);
        if (edge == 0)
        {
            return size;
        }

        string Over(string value) => divisor == 1 ? value : c.Node("Div", [value, c.Scalar(divisor, type)]);
        string parabola = Over(c.Node("Mul", [Squared(c, size), c.Scalar(0.5, type)]));
        string line = Over(c.Node("Mul", [c.Node("Sub", [size, c.Scalar(0.5 * edge, type)]), c.Scalar(edge, type)]));
        return c.Node("Where", [c.Node("Less", [size, c.Scalar(edge, type)]), parabola, line]);
    }

    // Logarithms are clamped at -100, as in libtorch.
    private static string CrossEntropy(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand("self", type), target = c.Operand("target", type), one = c.Scalar(1, type);
        string Log(string value) => c.Node("Max", [c.Node("Log", [value]), c.Scalar(-100, type)]);
        string yes = c.Node("Mul", [target, Log(x)]), no = c.Node("Mul", [c.Node("Sub", [one, target]), Log(c.Node("Sub", [one, x]))]);
        return c.Node("Neg", [c.Node("Add", [yes, no])]);
    }

    private static string CrossEntropyOfLogits(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand("self", type), target = c.Operand("target", type), one = c.Scalar(1, type);
        string curve = c.Through(Kernels.Single(type), "Softplus", type, c.Node("Neg", [x]));
        string factor = c.IsNone("pos_weight") ? curve
            : c.Node("Mul", [curve, c.Node("Add", [c.Node("Mul", [c.Node("Sub", [c.Operand("pos_weight", type), one]), target]), one])]);
        return c.Node("Add", [c.Node("Mul", [c.Node("Sub", [one, target]), x]), factor]);
    }

    private static void Divergence(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand("self", type), target = c.Operand("target", type);
        string each = c.Flag("log_target")
            ? c.Node("Mul", [c.Node("Exp", [target]), c.Node("Sub", [target, x])])
            : c.Node("Sub",
                [c.Node("Where",
                    [c.Node("Equal", [target, c.Scalar(0, type)]), c.Scalar(0, type), c.Node("Mul", [target, c.Node("Log", [target])])]),
                        c.Node("Mul", [target, x])]);
        Reduced(c, each);
    }

    // Class indices as the target, without class weights.
    private static void ClassEntropy(OperatorContext c)
    {
        if (!c.IsNone("weight") || c.Number("label_smoothing") != 0 || c.ElementType("target").IsFloat())
        {
            throw c.Unsupported("weights of classes, smoothed labels or probabilities as the target");
        }

        ScalarType type = c.OutputType();
        string reduction = c.Int("reduction") switch { 0 => "none", 1 => "mean", _ => "sum" };
        c.Return(c.Node("SoftmaxCrossEntropyLoss",
            [c.Operand("self", type), c.Cast(c.Tensor("target"), c.ElementType("target"), ScalarType.Int64)], ("reduction", reduction),
                ("ignore_index", c.Int("ignore_index"))));
    }
}
