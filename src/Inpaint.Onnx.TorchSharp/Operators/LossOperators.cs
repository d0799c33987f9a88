using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Losses, for graphs that give out how far they are from a target.</summary>
internal static class LossOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        // self, target, reduction
        table["aten::mse_loss"] = c => Reduced(c, Squared(c, Difference(c)), 2);
        table["aten::l1_loss"] = c => Reduced(c, c.Node("Abs", [Difference(c)]), 2);

        // self, target, reduction, beta or delta
        table["aten::smooth_l1_loss"] = c => Reduced(c, Smooth(c, c.Number(3), c.Number(3)), 2);
        table["aten::huber_loss"] = c => Reduced(c, Smooth(c, c.Number(3), 1), 2);

        // self, target, weight, reduction
        table["aten::binary_cross_entropy"] = c => Reduced(c, Weighted(c, CrossEntropy(c)), 3);

        // self, target, weight, pos_weight, reduction
        table["aten::binary_cross_entropy_with_logits"] = c => Reduced(c, Weighted(c, CrossEntropyOfLogits(c)), 4);

        // self, target, reduction, log_target
        table["aten::kl_div"] = Divergence;

        // self, target, weight, reduction, ignore_index, label_smoothing
        table["aten::cross_entropy_loss"] = ClassEntropy;
    }

    private static string Difference(OperatorContext c) => c.Node("Sub", [c.Operand(0, c.OutputType()), c.Operand(1, c.OutputType())]);

    private static string Squared(OperatorContext c, string value) => c.Node("Mul", [value, value]);

    /// <summary>None, mean or sum.</summary>
    private static void Reduced(OperatorContext c, string value, int reduction) => c.Return(c.Int(reduction) switch
    {
        0 => value,
        1 => c.Node("ReduceMean", [value], ("keepdims", 0L)),
        _ => c.Node("ReduceSum", [value], ("keepdims", 0L)),
    });

    private static string Weighted(OperatorContext c, string value) => c.IsNone(2) ? value : c.Node("Mul", [value, c.Operand(2, c.OutputType())]);

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

    // Logarithms are no smaller than -100, as in libtorch.
    private static string CrossEntropy(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand(0, type), target = c.Operand(1, type), one = c.Scalar(1, type);
        string Log(string value) => c.Node("Max", [c.Node("Log", [value]), c.Scalar(-100, type)]);
        string yes = c.Node("Mul", [target, Log(x)]), no = c.Node("Mul", [c.Node("Sub", [one, target]), Log(c.Node("Sub", [one, x]))]);
        return c.Node("Neg", [c.Node("Add", [yes, no])]);
    }

    private static string CrossEntropyOfLogits(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand(0, type), target = c.Operand(1, type), one = c.Scalar(1, type);
        string curve = c.Through(Kernels.Single(type), "Softplus", type, c.Node("Neg", [x]));
        string factor = c.IsNone(3) ? curve : c.Node("Mul", [curve, c.Node("Add", [c.Node("Mul", [c.Node("Sub", [c.Operand(3, type), one]), target]), one])]);
        return c.Node("Add", [c.Node("Mul", [c.Node("Sub", [one, target]), x]), factor]);
    }

    private static void Divergence(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand(0, type), target = c.Operand(1, type);
        string each = !c.IsNone(3) && c.Flag(3)
            ? c.Node("Mul", [c.Node("Exp", [target]), c.Node("Sub", [target, x])])
            : c.Node("Sub", [c.Node("Where", [c.Node("Equal", [target, c.Scalar(0, type)]), c.Scalar(0, type), c.Node("Mul", [target, c.Node("Log", [target])])]), c.Node("Mul", [target, x])]);
        Reduced(c, each, 2);
    }

    // Class numbers as the target, all of one weight.
    private static void ClassEntropy(OperatorContext c)
    {
        if (!c.IsNone(2) || c.Number(5) != 0 || c.ElementType(1).IsFloat())
        {
            throw c.Unsupported("weights of classes, smoothed labels or probabilities as the target");
        }

        ScalarType type = c.OutputType();
        string reduction = c.Int(3) switch { 0 => "none", 1 => "mean", _ => "sum" };
        c.Return(c.Node("SoftmaxCrossEntropyLoss", [c.Operand(0, type), c.Cast(c.Tensor(1), c.ElementType(1), ScalarType.Int64)], ("reduction", reduction), ("ignore_index", c.Int(4))));
    }
}
