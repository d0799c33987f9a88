using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Broadcasting arithmetic, with libtorch's promotion of types.</summary>
internal static class ArithmeticOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", c => Scaled(c, "Add", "Or"));
        table.Add("aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", c => Scaled(c, "Sub", "Xor"));
        table.Add("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor", c => Binary(c, "Mul", "And"));
        table.Add("aten::minimum(Tensor self, Tensor other) -> Tensor", c => Binary(c, "Min", "And"));
        table.Add("aten::maximum(Tensor self, Tensor other) -> Tensor", c => Binary(c, "Max", "Or"));
        table.Add("aten::fmin(Tensor self, Tensor other) -> Tensor", c => NumberBeforeNaN(c, "Min"));
        table.Add("aten::fmax(Tensor self, Tensor other) -> Tensor", c => NumberBeforeNaN(c, "Max"));
        table.Add("aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor", c => c.Return(Bounded(c, "min", "max")));
        table.Add("aten::clamp_min(Tensor self, Scalar min) -> Tensor", c => c.Return(Bounded(c, "min", "")));
        table.Add("aten::clamp_max(Tensor self, Scalar max) -> Tensor", c => c.Return(Bounded(c, "", "max")));
        table.Add("aten::lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor", Lerp);
        table.Add("aten::addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", c => Accumulated(c, "Mul"));
        table.Add("aten::addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", c => Accumulated(c, "Div"));
        table.Add("aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor", Power);
        table.Add("aten::float_power.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor", Power);
        table.Add("aten::atan2(Tensor self, Tensor other) -> Tensor", Atan2);
        table.Add("aten::hypot(Tensor self, Tensor other) -> Tensor",
            c => c.Return(Hypotenuse(c, c.OutputType(), c.Operand("self", c.OutputType()), c.Operand("other", c.OutputType()))));
        table.Add("aten::logaddexp(Tensor self, Tensor other) -> Tensor", LogAddExp);
        table.Add("aten::logaddexp2(Tensor self, Tensor other) -> Tensor", LogAddExp2);
        table.Add("aten::xlogy.Tensor(Tensor self, Tensor other) -> Tensor", c => c.Return(XLogY(c, c.Operand("other", c.OutputType()))));
        table.Add("aten::special_xlog1py(Tensor self, Tensor other) -> Tensor",
            c => c.Return(XLogY(c, c.Node("Add", [c.Operand("other", c.OutputType()), c.Scalar(1, c.OutputType())]))));
        table.Add("aten::copysign.Tensor(Tensor self, Tensor other) -> Tensor", CopySign);
        table.Add("aten::heaviside(Tensor self, Tensor values) -> Tensor", Heaviside);
        table.Add("aten::ldexp.Tensor(Tensor self, Tensor other) -> Tensor",
            c => c.Return(
                c.Node("Mul",
                    [c.Operand("self", c.OutputType()),
                        c.Node("Pow", [c.Scalar(2, c.OutputType()), c.Operand("other", c.OutputType())])])));
        table.Add("aten::bitwise_left_shift.Tensor(Tensor self, Tensor other) -> Tensor", c => Shift(c, "Mul"));
        table.Add("aten::bitwise_right_shift.Tensor(Tensor self, Tensor other) -> Tensor", c => Shift(c, "Div"));
    }

    private static void Binary(OperatorContext c, string operation, string onTruth)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand("self", type), b = c.Operand("other", type);
        c.Return(type == ScalarType.Bool ? c.Node(onTruth, [a, b]) : c.Arithmetic(operation, type, a, b));
    }

    private static void Scaled(OperatorContext c, string operation, string onTruth)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand("self", type), b = c.Operand("other", type);
        c.Return(type == ScalarType.Bool ? c.Node(onTruth, [a, b]) : c.Arithmetic(operation, type, a, Times(c, b, c.Number("alpha"))));
    }

    /// <summary>The factor <c>alpha</c> of add and sub.</summary>
    private static string Times(OperatorContext c, string value, double alpha) => alpha == 1
        ? value
        : c.Arithmetic("Mul", c.OutputType(), value, c.Scalar(alpha, c.OutputType()));

    private static void NumberBeforeNaN(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand("self", type), b = c.Operand("other", type);
        string both = c.Arithmetic(operation, type, a, b);
        c.Return(!type.IsFloat() ? both : c.Choose(type, c.Node("IsNaN", [a]), b, c.Choose(type, c.Node("IsNaN", [b]), a, both)));
    }

    private static string Bounded(OperatorContext c, string min, string max)
    {
        ScalarType type = c.OutputType();
        string Bound(string name) => name.Length == 0 || c.IsNone(name) ? "" : c.Operand(name, type);
        return c.Limit(type, c.Operand("self", type), Bound(min), Bound(max));
    }

    // libtorch starts at the nearer end: a weight of 1 gives the end exactly.
    private static void Lerp(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string start = c.Operand("self", type), end = c.Operand("end", type), weight = c.Operand("weight", type);
        string way = c.Node("Sub", [end, start]);
        string FromStart() => c.Node("Add", [start, c.Node("Mul", [weight, way])]);
        string FromEnd() => c.Node("Sub", [end, c.Node("Mul", [way, c.Node("Sub", [c.Scalar(1, type), weight])])]);
        c.Return(c.IsTensor("weight")
            ? c.Choose(type, c.Node("Less", [c.Node("Abs", [weight]), c.Scalar(0.5, type)]), FromStart(), FromEnd())
            : Math.Abs(c.Number("weight")) < 0.5 ? FromStart() : FromEnd());
    }

    // self + value * (a operation b); the factor is applied to a first, so that integers divide as in libtorch.
    private static void Accumulated(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        string first = c.Operand("tensor1", type), second = c.Operand("tensor2", type);
        double value = c.Number("value");
        first = value == 1 ? first : c.Arithmetic("Mul", type, c.Scalar(value, type), first);
        c.Return(c.Arithmetic("Add", type, c.Operand("self", type), c.Arithmetic(operation, type, first, second)));
    }

    private static void Power(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string basis = c.Operand("self", type);
        double? exponent = c.IsTensor("exponent") || !type.IsFloat() ? null : c.Number("exponent");
        c.Return(exponent switch
        {
            0.5 => c.Node("Sqrt", [basis]),
            -0.5 => c.Node("Reciprocal", [c.Node("Sqrt", [basis])]),
            -1 => c.Node("Reciprocal", [basis]),
            1 => basis,
            2 => c.Node("Mul", [basis, basis]),
            _ => c.Arithmetic("Pow", type, basis, c.Operand("exponent", type)),
        });
    }

    private static void Atan2(OperatorContext c)
    {
        ScalarType type = c.OutputType(), single = Kernels.Single(type);
        c.Return(c.Cast(Angle(c, single, c.Cast(c.Operand("self", type), type, single), c.Cast(c.Operand("other", type), type, single)),
            single, type));
    }

    /// <summary>The angle of (x, y): atan(y / x), plus or minus pi where x is negative; signed zeros count.</summary>
    internal static string Angle(OperatorContext c, ScalarType type, string y, string x)
    {
        string zero = c.Scalar(0, type), pi = c.Scalar(Math.PI, type), half = c.Scalar(Math.PI / 2, type);
        string left = c.Node("Less", [x, zero]), onAxis = c.Node("Equal", [x, zero]);
        string angle = c.Node("Atan", [c.Node("Div", [y, c.Node("Where", [onAxis, c.Scalar(1, type), x])])]);
        string turned =
            c.Node("Add", [angle, c.Node("Where", [left, c.Node("Where", [Negative(c, type, y), c.Node("Neg", [pi]), pi]), zero])]);
        string upright = c.Node("Mul", [c.Node("Sign", [y]), half]);
        return c.Node("Where", [onAxis, upright, turned]);
    }

    /// <summary>The hypotenuse, scaled by the larger side, so that squares neither overflow nor vanish.</summary>
    internal static string Hypotenuse(OperatorContext c, ScalarType type, string x, string y)
    {
        string a = c.Node("Abs", [x]), b = c.Node("Abs", [y]);
        string large = c.Node("Max", [a, b]), small = c.Node("Min", [a, b]), one = c.Scalar(1, type);
        string ratio = c.Node("Div", [small, c.Choose(type, c.Node("Equal", [large, c.Scalar(0, type)]), one, large)]);
        return c.Node("Mul", [large, c.Node("Sqrt", [c.Node("Add", [one, c.Node("Mul", [ratio, ratio])])])]);
    }

    // log(e^a + e^b) = a + log(1 + e^(b - a)).
    private static void LogAddExp(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand("self", type), b = c.Operand("other", type);
        c.Return(c.Node("Add", [a, c.Through(Kernels.Single(type), "Softplus", type, c.Node("Sub", [b, a]))]));
    }

    private static void LogAddExp2(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand("self", type), b = c.Operand("other", type), log = c.Scalar(Math.Log(2), type);
        string above = c.Through(Kernels.Single(type), "Softplus", type, c.Node("Mul", [c.Node("Sub", [b, a]), log]));
        c.Return(c.Node("Add", [a, c.Node("Div", [above, log])]));
    }

    /// <summary>x * log(y), and 0 where x is 0.</summary>
    private static string XLogY(OperatorContext c, string y)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand("self", type), zero = c.Scalar(0, type);
        string product = c.Node("Mul", [x, c.Node("Log", [y])]);
        string nothing = c.Node("And", [c.Node("Equal", [x, zero]), c.Node("Not", [c.Node("IsNaN", [y])])]);
        return c.Choose(type, nothing, zero, product);
    }

    private static void CopySign(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string size = c.Node("Abs", [c.Operand("self", type)]);
        c.Return(c.Choose(type, Negative(c, type, c.Operand("other", type)), c.Node("Neg", [size]), size));
    }

    /// <summary>Whether the sign bit is set: 1 / -0 is minus infinity.</summary>
    internal static string Negative(OperatorContext c, ScalarType type, string value)
    {
        string zero = c.Scalar(0, type);
        string below = c.Compare("Less", type, value, zero);
        return type.IsFloat() ? c.Node("Or", [below, c.Node("Less", [c.Node("Div", [c.Scalar(1, type), value]), zero])]) : below;
    }

    // The values are those where self is 0.
    private static void Heaviside(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand("self", type), zero = c.Scalar(0, type);
        string step = c.Choose(type, c.Compare("Greater", type, x, zero), c.Scalar(1, type), zero);
        c.Return(c.Choose(type, c.Compare("Equal", type, x, zero), c.Operand("values", type), step));
    }

    // Multiplies or divides by powers of two, rounding down as a shift does.
    private static void Shift(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand("self", ScalarType.Int64),
            factor = c.Cast(c.Node("Pow", [c.Scalar(2, ScalarType.Float64), c.Operand("other", ScalarType.Float64)]), ScalarType.Float64,
                ScalarType.Int64);
        string result = c.Node(operation, [x, factor]);
        if (operation == "Div")
        {
            string rest = c.Node("Sub", [x, c.Node("Mul", [result, factor])]);
            result = c.Node("Sub",
                [result, c.Cast(c.Node("Less", [rest, c.Scalar(0, ScalarType.Int64)]), ScalarType.Bool, ScalarType.Int64)]);
        }

        c.Return(c.Cast(result, ScalarType.Int64, type));
    }
}
