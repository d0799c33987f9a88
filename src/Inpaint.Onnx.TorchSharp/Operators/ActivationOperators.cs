using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Activations.</summary>
internal static class ActivationOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::relu"] = c => c.Return(c.OutputType().IsFloat()
            ? c.Through(Kernels.Real(c.OutputType()), "Relu", c.OutputType(), c.Tensor(0))
            : c.Limit(c.OutputType(), c.Tensor(0), c.Scalar(0, c.OutputType()), ""));
        table["aten::relu6"] = c => c.Return(Clip(c, 0, 6));
        table["aten::hardtanh"] = c => c.Return(Clip(c, c.Number(1), c.Number(2)));
        table["aten::leaky_relu"] = c => c.Return(Leaky(c, c.Number(1)));
        table["aten::rrelu"] = RandomLeaky;
        table["aten::elu"] = Elu;
        table["aten::celu"] = c => c.Return(Single(c, "Celu", ("alpha", (float)c.Number(1))));
        table["aten::selu"] = c => c.Return(Single(c, "Selu", ("alpha", 1.6732632423543772848170429916717f), ("gamma", 1.0507009873554804934193349852946f)));
        table["aten::gelu"] = Gelu;
        table["aten::silu"] = c => c.Return(c.Node("Mul", [c.Tensor(0), c.Through(Kernels.Real(c.OutputType()), "Sigmoid", c.OutputType(), c.Tensor(0))]));
        table["aten::hardsigmoid"] = c => c.Return(HardSigmoid(c));
        table["aten::hardswish"] = c => c.Return(c.Node("Mul", [c.Tensor(0), HardSigmoid(c)]));
        table["aten::log_sigmoid"] = c => c.Return(c.Node("Neg", [Softplus(c, c.Node("Neg", [c.Tensor(0)]))]));
        table["aten::softplus"] = Softplus;
        table["aten::softshrink"] = c => c.Return(c.Node("Sub", [c.Tensor(0), Clip(c, -c.Number(1), c.Number(1))]));
        table["aten::hardshrink"] = HardShrink;
        table["aten::threshold"] = Threshold;
        table["aten::prelu"] = PRelu;
        table["aten::glu"] = Glu;
    }

    /// <summary>A function of argument 0 with a kernel in single precision alone.</summary>
    private static string Single(OperatorContext c, string operation, params ReadOnlySpan<AttributePair> attributes)
    {
        ScalarType type = c.OutputType(), single = Kernels.Single(type);
        return c.Cast(c.Node(operation, [c.Operand(0, single)], attributes), single, type);
    }

    private static string Clip(OperatorContext c, double low, double high)
    {
        ScalarType type = c.OutputType();
        return c.Arithmetic("Clip", type, c.Tensor(0), c.Scalar(low, type), c.Scalar(high, type));
    }

    private static string Leaky(OperatorContext c, double slope) => Single(c, "LeakyRelu", ("alpha", (float)slope));

    // self, lower, upper, training: at rest the slope is the middle of the two.
    private static void RandomLeaky(OperatorContext c)
    {
        if (c.Flag(3))
        {
            throw c.Unsupported("random slopes (training is true)");
        }

        c.Return(Leaky(c, (c.Number(1) + c.Number(2)) / 2));
    }

    // self, alpha, scale, input_scale
    private static void Elu(OperatorContext c)
    {
        if (c.Number(3) != 1)
        {
            throw c.Unsupported($"input_scale {c.Number(3)}");
        }

        float alpha = (float)c.Number(1), scale = (float)c.Number(2);
        c.Return(scale == 1 ? Single(c, "Elu", ("alpha", alpha)) : Single(c, "Selu", ("alpha", alpha), ("gamma", scale)));
    }

    // Written in the order in which ONNX Runtime finds it and computes it in one kernel.
    private static void Gelu(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Tensor(0), approximate = c.IsNone(1) ? "none" : c.Text(1);
        if (c.Opset >= 20)
        {
            c.Return(Single(c, "Gelu", ("approximate", approximate)));
            return;
        }

        string one = c.Scalar(1, type), half = c.Scalar(0.5, type);
        if (approximate == "none")
        {
            string erf = c.Through(Kernels.Single(type), "Erf", type, c.Node("Div", [x, c.Scalar(Math.Sqrt(2), type)]));
            c.Return(c.Node("Mul", [c.Node("Mul", [x, c.Node("Add", [erf, one])]), half]));
            return;
        }

        string cubed = c.Node("Mul", [c.Scalar(0.044715, type), c.Node("Pow", [x, c.Scalar(3, type)])]);
        string tanh = c.Node("Tanh", [c.Node("Mul", [c.Scalar(Math.Sqrt(2 / Math.PI), type), c.Node("Add", [x, cubed])])]);
        c.Return(c.Node("Mul", [c.Node("Mul", [half, x]), c.Node("Add", [one, tanh])]));
    }

    private static string HardSigmoid(OperatorContext c) => Single(c, "HardSigmoid", ("alpha", 1f / 6), ("beta", 0.5f));

    private static string Softplus(OperatorContext c, string value) => c.Through(Kernels.Single(c.OutputType()), "Softplus", c.OutputType(), value);

    // self, beta, threshold: above a threshold of 20 the curve and the line are the same float.
    private static void Softplus(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        double beta = c.Number(1), threshold = c.Number(2);
        string x = c.Tensor(0), factor = c.Scalar(beta, type);
        string scaled = beta == 1 ? x : c.Node("Mul", [x, factor]);
        string curve = Softplus(c, scaled);
        curve = beta == 1 ? curve : c.Node("Div", [curve, factor]);
        c.Return(threshold >= 20 ? curve : c.Choose(type, c.Node("Greater", [scaled, c.Scalar(threshold, type)]), x, curve));
    }

    private static void HardShrink(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string small = c.Node("LessOrEqual", [c.Node("Abs", [c.Tensor(0)]), c.Scalar(c.Number(1), type)]);
        c.Return(c.Choose(type, small, c.Scalar(0, type), c.Tensor(0)));
    }

    // self, threshold, value
    private static void Threshold(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string low = c.Compare("LessOrEqual", type, c.Tensor(0), c.Scalar(c.Number(1), type));
        c.Return(c.Choose(type, low, c.Scalar(c.Number(2), type), c.Tensor(0)));
    }

    // One slope a channel, axis 1; ONNX lines shapes up at the last axis.
    private static void PRelu(OperatorContext c)
    {
        ScalarType type = c.OutputType(), single = Kernels.Single(type);
        int rank = c.Rank(0);
        long slopes = c.Rank(1) == 0 ? 1 : c.Shape(1)[0].Value;
        string slope = c.Cast(c.Tensor(1), type, single);
        slope = slopes == 1 || rank <= 2 ? slope : c.Node("Reshape", [slope, c.Vector([slopes, .. Enumerable.Repeat(1L, rank - 2)])]);
        c.Return(c.Cast(c.Node("PRelu", [c.Operand(0, single), slope]), single, type));
    }

    private static void Glu(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int axis = c.Axis(1, c.Rank(0));
        IReadOnlyList<string> halves = c.Opset >= 18
            ? c.Graph.Nodes("Split", [c.Tensor(0)], 2, ("axis", axis), ("num_outputs", 2))
            : c.Graph.Nodes("Split", [c.Tensor(0)], 2, ("axis", axis));
        c.Return(c.Node("Mul", [halves[0], c.Through(Kernels.Real(type), "Sigmoid", type, halves[1])]));
    }
}
