using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Broadcasting arithmetic, with libtorch's promotion of types.</summary>
internal static class ArithmeticOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::add"] = c => Scaled(c, "Add", "Or");
        table["aten::sub"] = c => Scaled(c, "Sub", "Xor");
        table["aten::mul"] = c => Binary(c, "Mul", "And");
        table["aten::minimum"] = c => Binary(c, "Min", "And");
        table["aten::maximum"] = c => Binary(c, "Max", "Or");
        table["aten::fmin"] = c => NumberBeforeNaN(c, "Min");
        table["aten::fmax"] = c => NumberBeforeNaN(c, "Max");
        table["aten::clamp"] = c => Clamp(c, 1, 2);
        table["aten::clamp_min"] = c => Clamp(c, 1, -1);
        table["aten::clamp_max"] = c => Clamp(c, -1, 1);
        table["aten::lerp"] = Lerp;
        table["aten::addcmul"] = c => Accumulated(c, "Mul");
        table["aten::addcdiv"] = c => Accumulated(c, "Div");
        table["aten::pow"] = Power;
        table["aten::float_power"] = Power;
        table["aten::atan2"] = Atan2;
        table["aten::hypot"] = c => c.Return(Hypotenuse(c, c.OutputType(), c.Operand(0, c.OutputType()), c.Operand(1, c.OutputType())));
        table["aten::logaddexp"] = LogAddExp;
        table["aten::logaddexp2"] = LogAddExp2;
        table["aten::xlogy"] = c => c.Return(XLogY(c, c.Operand(1, c.OutputType())));
        table["aten::special_xlog1py"] = c => c.Return(XLogY(c, c.Node("Add", [c.Operand(1, c.OutputType()), c.Scalar(1, c.OutputType())])));
        table["aten::copysign"] = CopySign;
        table["aten::heaviside"] = Heaviside;
        table["aten::ldexp"] = c => c.Return(c.Node("Mul", [c.Operand(0, c.OutputType()), c.Node("Pow", [c.Scalar(2, c.OutputType()), c.Operand(1, c.OutputType())])]));
        table["aten::bitwise_left_shift"] = c => Shift(c, "Mul");
        table["aten::bitwise_right_shift"] = c => Shift(c, "Div");
    }

    private static void Binary(OperatorContext c, string operation, string onTruth)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand(0, type), b = c.Operand(1, type);
        c.Return(type == ScalarType.Bool ? c.Node(onTruth, [a, b]) : c.Arithmetic(operation, type, a, b));
    }

    private static void Scaled(OperatorContext c, string operation, string onTruth)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand(0, type), b = c.Operand(1, type);
        c.Return(type == ScalarType.Bool ? c.Node(onTruth, [a, b]) : c.Arithmetic(operation, type, a, Times(c, b, 2)));
    }

    /// <summary>The factor <c>alpha</c> of add and sub.</summary>
    private static string Times(OperatorContext c, string value, int alpha) => c.IsNone(alpha) || c.Number(alpha) == 1
        ? value
        : c.Arithmetic("Mul", c.OutputType(), value, c.Scalar(c.Number(alpha), c.OutputType()));

    private static void NumberBeforeNaN(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand(0, type), b = c.Operand(1, type);
        string both = c.Arithmetic(operation, type, a, b);
        c.Return(!type.IsFloat() ? both : c.Choose(type, c.Node("IsNaN", [a]), b, c.Choose(type, c.Node("IsNaN", [b]), a, both)));
    }

    private static void Clamp(OperatorContext c, int low, int high)
    {
        ScalarType type = c.OutputType();
        string Bound(int i) => i < 0 || c.IsNone(i) ? "" : c.Operand(i, type);
        c.Return(c.Limit(type, c.Operand(0, type), Bound(low), Bound(high)));
    }

    // libtorch starts at the nearer end, so that a weight of 1 gives the end exactly.
    private static void Lerp(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string start = c.Operand(0, type), end = c.Operand(1, type), weight = c.Operand(2, type);
        string way = c.Node("Sub", [end, start]);
        string FromStart() => c.Node("Add", [start, c.Node("Mul", [weight, way])]);
        string FromEnd() => c.Node("Sub", [end, c.Node("Mul", [way, c.Node("Sub", [c.Scalar(1, type), weight])])]);
        c.Return(c.IsTensor(2)
            ? c.Choose(type, c.Node("Less", [c.Node("Abs", [weight]), c.Scalar(0.5, type)]), FromStart(), FromEnd())
            : Math.Abs(c.Number(2)) < 0.5 ? FromStart() : FromEnd());
    }

    // self + value * (a operation b); the factor goes to the first so that whole numbers divide as in libtorch.
    private static void Accumulated(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        string first = c.Operand(1, type), second = c.Operand(2, type);
        double value = c.IsNone(3) ? 1 : c.Number(3);
        first = value == 1 ? first : c.Arithmetic("Mul", type, c.Scalar(value, type), first);
        c.Return(c.Arithmetic("Add", type, c.Operand(0, type), c.Arithmetic(operation, type, first, second)));
    }

    private static void Power(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string basis = c.Operand(0, type);
        double? exponent = c.IsTensor(1) || !type.IsFloat() ? null : c.Number(1);
        c.Return(exponent switch
        {
            0.5 => c.Node("Sqrt", [basis]),
            -0.5 => c.Node("Reciprocal", [c.Node("Sqrt", [basis])]),
            -1 => c.Node("Reciprocal", [basis]),
            1 => basis,
            2 => c.Node("Mul", [basis, basis]),
            _ => c.Arithmetic("Pow", type, basis, c.Operand(1, type)),
        });
    }

    private static void Atan2(OperatorContext c)
    {
        ScalarType type = c.OutputType(), single = Kernels.Single(type);
        c.Return(c.Cast(Angle(c, single, c.Cast(c.Operand(0, type), type, single), c.Cast(c.Operand(1, type), type, single)), single, type));
    }

    /// <summary>The angle of (x, y): atan(y / x), moved by half a turn where x is negative; zeros keep their signs' meaning.</summary>
    internal static string Angle(OperatorContext c, ScalarType type, string y, string x)
    {
        string zero = c.Scalar(0, type), pi = c.Scalar(Math.PI, type), half = c.Scalar(Math.PI / 2, type);
        string left = c.Node("Less", [x, zero]), onAxis = c.Node("Equal", [x, zero]);
        string angle = c.Node("Atan", [c.Node("Div", [y, c.Node("Where", [onAxis, c.Scalar(1, type), x])])]);
        string turned = c.Node("Add", [angle, c.Node("Where", [left, c.Node("Where", [Negative(c, type, y), c.Node("Neg", [pi]), pi]), zero])]);
        string upright = c.Node("Mul", [c.Node("Sign", [y]), half]);
        return c.Node("Where", [onAxis, upright, turned]);
    }

    /// <summary>The longest side of a right triangle. Divided by the larger side first: squares of large numbers overflow, those of small ones vanish.</summary>
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
        string a = c.Operand(0, type), b = c.Operand(1, type);
        c.Return(c.Node("Add", [a, c.Through(Kernels.Single(type), "Softplus", type, c.Node("Sub", [b, a]))]));
    }

    private static void LogAddExp2(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand(0, type), b = c.Operand(1, type), log = c.Scalar(Math.Log(2), type);
        string above = c.Through(Kernels.Single(type), "Softplus", type, c.Node("Mul", [c.Node("Sub", [b, a]), log]));
        c.Return(c.Node("Add", [a, c.Node("Div", [above, log])]));
    }

    /// <summary>x * log(y), and nothing where x is nothing.</summary>
    private static string XLogY(OperatorContext c, string y)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand(0, type), zero = c.Scalar(0, type);
        string product = c.Node("Mul", [x, c.Node("Log", [y])]);
        string nothing = c.Node("And", [c.Node("Equal", [x, zero]), c.Node("Not", [c.Node("IsNaN", [y])])]);
        return c.Choose(type, nothing, zero, product);
    }

    private static void CopySign(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string size = c.Node("Abs", [c.Operand(0, type)]);
        c.Return(c.Choose(type, Negative(c, type, c.Operand(1, type)), c.Node("Neg", [size]), size));
    }

    /// <summary>Whether numbers have a minus sign; one over minus zero is minus infinity.</summary>
    internal static string Negative(OperatorContext c, ScalarType type, string value)
    {
        string zero = c.Scalar(0, type);
        string below = c.Compare("Less", type, value, zero);
        return type.IsFloat() ? c.Node("Or", [below, c.Node("Less", [c.Node("Div", [c.Scalar(1, type), value]), zero])]) : below;
    }

    // self, values (where self is nothing)
    private static void Heaviside(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand(0, type), zero = c.Scalar(0, type);
        string step = c.Choose(type, c.Compare("Greater", type, x, zero), c.Scalar(1, type), zero);
        c.Return(c.Choose(type, c.Compare("Equal", type, x, zero), c.Operand(1, type), step));
    }

    // Whole numbers times and over powers of two, rounded down as a shift rounds.
    private static void Shift(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand(0, ScalarType.Int64), factor = c.Cast(c.Node("Pow", [c.Scalar(2, ScalarType.Float64), c.Operand(1, ScalarType.Float64)]), ScalarType.Float64, ScalarType.Int64);
        string result = c.Node(operation, [x, factor]);
        if (operation == "Div")
        {
            string rest = c.Node("Sub", [x, c.Node("Mul", [result, factor])]);
            result = c.Node("Sub", [result, c.Cast(c.Node("Less", [rest, c.Scalar(0, ScalarType.Int64)]), ScalarType.Bool, ScalarType.Int64)]);
        }

        c.Return(c.Cast(result, ScalarType.Int64, type));
    }
}
