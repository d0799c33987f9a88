using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

internal static class ActivationOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::relu(Tensor self) -> Tensor", c => c.Return(c.OutputType().IsFloat()
            ? c.Through(Kernels.Real(c.OutputType()), "Relu", c.OutputType(), c.Tensor("self"))
            : c.Limit(c.OutputType(), c.Tensor("self"), c.Scalar(0, c.OutputType()), "")));
        table.Add("aten::relu6(Tensor self) -> Tensor", c => c.Return(Clip(c, 0, 6)));
        table.Add("aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor",
            c => c.Return(Clip(c, c.Number("min_val"), c.Number("max_val"))));
        table.Add("aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor",
            c => c.Return(Leaky(c, c.Number("negative_slope"))));
        table.Add("""
            aten::rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.3333333333333333, bool training=False,
                Generator? generator=None) -> Tensor
            """, RandomLeaky);
        table.Add("aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor", Elu);
        table.Add("aten::celu(Tensor self, Scalar alpha=1.0) -> Tensor",
            c => c.Return(Single(c, "Celu", ("alpha", (float)c.Number("alpha")))));
        table.Add("aten::selu(Tensor self) -> Tensor",
            c => c.Return(Single(c, "Selu", ("alpha", 1.6732632423543772848170429916717f), ("gamma", 1.0507009873554804934193349852946f))));
        table.Add("aten::gelu(Tensor self, *, str approximate='none') -> Tensor", Gelu);
        table.Add("aten::silu(Tensor self) -> Tensor",
            c => c.Return(
                c.Node("Mul", [c.Tensor("self"), c.Through(Kernels.Real(c.OutputType()), "Sigmoid", c.OutputType(), c.Tensor("self"))])));
        table.Add("aten::hardsigmoid(Tensor self) -> Tensor", c => c.Return(HardSigmoid(c)));
        table.Add("aten::hardswish(Tensor self) -> Tensor", c => c.Return(c.Node("Mul", [c.Tensor("self"), HardSigmoid(c)])));
        table.Add("aten::log_sigmoid(Tensor self) -> Tensor",
            c => c.Return(c.Node("Neg", [Softplus(c, c.Node("Neg", [c.Tensor("self")]))])));
        table.Add("aten::softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor", Softplus);
        table.Add("aten::softshrink(Tensor self, Scalar lambd=0.5) -> Tensor",
            c => c.Return(c.Node("Sub", [c.Tensor("self"), Clip(c, -c.Number("lambd"), c.Number("lambd"))])));
        table.Add("aten::hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor", HardShrink);
        table.Add("aten::threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor", Threshold);
        table.Add("aten::prelu(Tensor self, Tensor weight) -> Tensor", PRelu);
        table.Add("aten::glu(Tensor self, int dim=-1) -> Tensor", Glu);
    }

    /// <summary>A function with a single-precision kernel only.</summary>
    private static string Single(OperatorContext c, string operation, params ReadOnlySpan<AttributePair> attributes)
    {
        ScalarType type = c.OutputType(), single = Kernels.Single(type);
        return c.Cast(c.Node(operation, [c.Operand("self", single)], attributes), single, type);
    }

    private static string Clip(OperatorContext c, double low, double high)
    {
        ScalarType type = c.OutputType();
        return c.Arithmetic("Clip", type, c.Tensor("self"), c.Scalar(low, type), c.Scalar(high, type));
    }

    private static string Leaky(OperatorContext c, double slope) => Single(c, "LeakyRelu", ("alpha", (float)slope));

    // In evaluation mode the slope is the mean of the two.
    private static void RandomLeaky(OperatorContext c)
    {
        if (c.Flag("training"))
        {
            throw c.Unsupported("random slopes (training is true)");
        }

        c.Return(Leaky(c, (c.Number("lower") + c.Number("upper")) / 2));
    }

    private static void Elu(OperatorContext c)
    {
        if (c.Number("input_scale") != 1)
        {
            throw c.Unsupported($"input_scale {c.Number("input_scale")}");
        }

        float alpha = (float)c.Number("alpha"), scale = (float)c.Number("scale");
        c.Return(scale == 1 ? Single(c, "Elu", ("alpha", alpha)) : Single(c, "Selu", ("alpha", alpha), ("gamma", scale)));
    }

    // The operand order that ONNX Runtime recognizes and fuses into one kernel.
    private static void Gelu(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Tensor("self"), approximate = c.Text("approximate");
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

    private static string Softplus(OperatorContext c, string value) =>
        c.Through(Kernels.Single(c.OutputType()), "Softplus", c.OutputType(), value);

    // Above a threshold of 20 both branches give the same float.
    private static void Softplus(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        double beta = c.Number("beta"), threshold = c.Number("threshold");
        string x = c.Tensor("self"), factor = c.Scalar(beta, type);
        string scaled = beta == 1 ? x : c.Node("Mul", [x, factor]);
        string curve = Softplus(c, scaled);
        curve = beta == 1 ? curve : c.Node("Div", [curve, factor]);
        c.Return(threshold >= 20 ? curve : c.Choose(type, c.Node("Greater", [scaled, c.Scalar(threshold, type)]), x, curve));
    }

    private static void HardShrink(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string small = c.Node("LessOrEqual", [c.Node("Abs", [c.Tensor("self")]), c.Scalar(c.Number("lambd"), type)]);
        c.Return(c.Choose(type, small, c.Scalar(0, type), c.Tensor("self")));
    }

    private static void Threshold(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string low = c.Compare("LessOrEqual", type, c.Tensor("self"), c.Scalar(c.Number("threshold"), type));
        c.Return(c.Choose(type, low, c.Scalar(c.Number("value"), type), c.Tensor("self")));
    }

    // One slope per channel, axis 1; ONNX aligns shapes at the last axis.
    private static void PRelu(OperatorContext c)
    {
        ScalarType type = c.OutputType(), single = Kernels.Single(type);
        int rank = c.Rank("self");
        long slopes = c.Rank("weight") == 0 ? 1 : c.Shape("weight")[0].Value;
        string slope = c.Cast(c.Tensor("weight"), type, single);
        slope = slopes == 1 || rank <= 2 ? slope : c.Node("Reshape", [slope, c.Vector([slopes, .. Enumerable.Repeat(1L, rank - 2)])]);
        c.Return(c.Cast(c.Node("PRelu", [c.Operand("self", single), slope]), single, type));
    }

    private static void Glu(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int axis = c.Axis("dim", c.Rank("self"));
        IReadOnlyList<string> halves = c.Opset >= 18
            ? c.Graph.Nodes("Split", [c.Tensor("self")], 2, ("axis", axis), ("num_outputs", 2))
            : c.Graph.Nodes("Split", [c.Tensor("self")], 2, ("axis", axis));
        c.Return(c.Node("Mul", [halves[0], c.Through(Kernels.Real(type), "Sigmoid", type, halves[1])]));
    }
}
