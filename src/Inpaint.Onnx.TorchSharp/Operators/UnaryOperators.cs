using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Functions of one number.</summary>
internal static class UnaryOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        foreach ((string name, string operation) in new[] { ("exp", "Exp"), ("log", "Log"), ("sqrt", "Sqrt"), ("reciprocal", "Reciprocal"), ("tanh", "Tanh"), ("sigmoid", "Sigmoid"), ("special_expit", "Sigmoid") })
        {
            table[$"aten::{name}"] = c => c.Return(Real(c, operation));
        }

        foreach ((string name, string operation) in new[]
        {
            ("sin", "Sin"), ("cos", "Cos"), ("tan", "Tan"), ("asin", "Asin"), ("acos", "Acos"), ("atan", "Atan"),
            ("sinh", "Sinh"), ("cosh", "Cosh"), ("arcsinh", "Asinh"), ("arccosh", "Acosh"), ("arctanh", "Atanh"), ("erf", "Erf"), ("special_erf", "Erf"),
        })
        {
            table[$"aten::{name}"] = c => c.Return(Single(c, operation));
        }

        table["aten::erfc"] = table["aten::special_erfc"] = c => c.Return(c.Node("Sub", [c.Scalar(1, c.OutputType()), Single(c, "Erf")]));
        table["aten::rsqrt"] = c => c.Return(c.Node("Reciprocal", [Real(c, "Sqrt")]));
        table["aten::exp2"] = table["aten::special_exp2"] = c => c.Return(c.Node("Pow", [c.Scalar(2, c.OutputType()), c.Operand(0, c.OutputType())]));
        table["aten::expm1"] = table["aten::special_expm1"] = c => Precise(c, x => c.Node("Sub", [c.Node("Exp", [x]), One(c)]));
        table["aten::log1p"] = c => Precise(c, x => c.Node("Log", [c.Node("Add", [x, One(c)])]));
        table["aten::log2"] = c => Precise(c, x => c.Node("Div", [c.Node("Log", [x]), c.Scalar(Math.Log(2), ScalarType.Float64)]));
        table["aten::log10"] = c => Precise(c, x => c.Node("Div", [c.Node("Log", [x]), c.Scalar(Math.Log(10), ScalarType.Float64)]));
        foreach ((string name, string operation) in new[] { ("neg", "Neg"), ("abs", "Abs") })
        {
            table[$"aten::{name}"] = c => c.Return(c.Arithmetic(operation, c.OutputType(), c.Tensor(0)));
        }

        table["aten::sign"] = table["aten::sgn"] = Sign;

        table["aten::floor"] = c => c.Return(Whole(c, "Floor"));
        table["aten::ceil"] = c => c.Return(Whole(c, "Ceil"));
        table["aten::round"] = Round;
        table["aten::trunc"] = c => c.Return(c.Truncate(c.OutputType(), c.Tensor(0)));
        table["aten::frac"] = c => c.Return(c.Node("Sub", [c.Tensor(0), c.Truncate(c.OutputType(), c.Tensor(0))]));
        table["aten::signbit"] = c => c.Return(ArithmeticOperators.Negative(c, c.ElementType(0), c.Tensor(0)));
        table["aten::sinc"] = Sinc;
        table["aten::logit"] = Logit;
        table["aten::special_entr"] = Entropy;
        table["aten::special_ndtr"] = c => c.Return(c.Node("Mul", [c.Node("Add", [Erf(c, Math.Sqrt(0.5)), c.Scalar(1, c.OutputType())]), c.Scalar(0.5, c.OutputType())]));
        table["aten::positive"] = c => c.Return(c.Tensor(0));
    }

    /// <summary>A function with kernels in single and double precision.</summary>
    private static string Real(OperatorContext c, string operation) =>
        c.Through(Kernels.Real(c.OutputType()), operation, c.OutputType(), c.Operand(0, c.OutputType()));

    /// <summary>A function with a kernel in single precision alone.</summary>
    private static string Single(OperatorContext c, string operation) =>
        c.Through(Kernels.Single(c.OutputType()), operation, c.OutputType(), c.Operand(0, c.OutputType()));

    /// <summary>A function written with others whose rounding would show: log1p of a small number, log2 of a power of two.</summary>
    private static void Precise(OperatorContext c, Func<string, string> function) =>
        c.Return(c.Cast(function(c.Operand(0, ScalarType.Float64)), ScalarType.Float64, c.OutputType()));

    private static string One(OperatorContext c) => c.Scalar(1, ScalarType.Float64);

    private static string Whole(OperatorContext c, string operation) => c.OutputType().IsFloat() ? Real(c, operation) : c.Tensor(0);

    // The sign of NaN is 0 in libtorch and NaN in ONNX Runtime.
    private static void Sign(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string sign = type == ScalarType.Bool ? c.Tensor(0) : c.Arithmetic("Sign", type, c.Tensor(0));
        c.Return(type.IsFloat() ? c.Choose(type, c.Node("IsNaN", [c.Tensor(0)]), c.Scalar(0, type), sign) : sign);
    }

    // self, decimals; halves go to the even neighbour in both.
    private static void Round(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        if (!type.IsFloat() || c.IsNone(1) || c.Int(1) == 0)
        {
            c.Return(Whole(c, "Round"));
            return;
        }

        string factor = c.Scalar(Math.Pow(10, Math.Abs(c.Int(1))), type);
        (string before, string after) = c.Int(1) > 0 ? ("Mul", "Div") : ("Div", "Mul");
        c.Return(c.Node(after, [c.Node("Round", [c.Node(before, [c.Tensor(0), factor])]), factor]));
    }

    private static string Erf(OperatorContext c, double factor)
    {
        ScalarType type = c.OutputType();
        return c.Through(Kernels.Single(type), "Erf", type, c.Node("Mul", [c.Operand(0, type), c.Scalar(factor, type)]));
    }

    // sin(pi x) / (pi x), and 1 at zero
    private static void Sinc(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string angle = c.Node("Mul", [c.Operand(0, type), c.Scalar(Math.PI, type)]);
        string sine = c.Through(Kernels.Single(type), "Sin", type, angle), zero = c.Node("Equal", [angle, c.Scalar(0, type)]);
        c.Return(c.Choose(type, zero, c.Scalar(1, type), c.Node("Div", [sine, angle])));
    }

    // self, eps: log(x / (1 - x)), with x kept away from 0 and 1
    private static void Logit(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand(0, type);
        x = c.IsNone(1) ? x : c.Limit(type, x, c.Scalar(c.Number(1), type), c.Scalar(1 - c.Number(1), type));
        c.Return(c.Node("Log", [c.Node("Div", [x, c.Node("Sub", [c.Scalar(1, type), x])])]));
    }

    // -x log(x), 0 at zero, and minus infinity below
    private static void Entropy(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand(0, type), zero = c.Scalar(0, type);
        string value = c.Node("Neg", [c.Node("Mul", [x, c.Node("Log", [x])])]);
        string atZero = c.Choose(type, c.Node("Equal", [x, zero]), zero, value);
        c.Return(c.Choose(type, c.Node("Less", [x, zero]), c.Scalar(double.NegativeInfinity, type), atZero));
    }
}
