using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Functions of one number.</summary>
internal static class UnaryOperators
{
    public static void AddTo(OperatorTable table)
    {
        foreach ((string name, string operation) in new[] { ("exp", "Exp"), ("log", "Log"), ("sqrt", "Sqrt"), ("reciprocal", "Reciprocal"),
            ("tanh", "Tanh"), ("sigmoid", "Sigmoid"), ("special_expit", "Sigmoid") })
        {
            table.Add($"aten::{name}(Tensor self) -> Tensor", c => c.Return(Real(c, operation)));
        }

        foreach ((string name, string operation) in new[]
        {
            ("sin", "Sin"), ("cos", "Cos"), ("tan", "Tan"), ("asin", "Asin"), ("acos", "Acos"), ("atan", "Atan"),
            ("sinh", "Sinh"), ("cosh", "Cosh"), ("arcsinh", "Asinh"), ("arccosh", "Acosh"), ("arctanh", "Atanh"), ("erf", "Erf"),
                ("special_erf", "Erf"),
        })
        {
            table.Add($"aten::{name}(Tensor self) -> Tensor", c => c.Return(Single(c, operation)));
        }

        table.Add("""
            aten::erfc(Tensor self) -> Tensor
            aten::special_erfc(Tensor self) -> Tensor
            """, c => c.Return(c.Node("Sub", [c.Scalar(1, c.OutputType()), Single(c, "Erf")])));
        table.Add("aten::rsqrt(Tensor self) -> Tensor", c => c.Return(c.Node("Reciprocal", [Real(c, "Sqrt")])));
        table.Add("""
            aten::exp2(Tensor self) -> Tensor
            aten::special_exp2(Tensor self) -> Tensor
            """, c => c.Return(c.Node("Pow", [c.Scalar(2, c.OutputType()), c.Operand("self", c.OutputType())])));
        table.Add("""
            aten::expm1(Tensor self) -> Tensor
            aten::special_expm1(Tensor self) -> Tensor
            """, c => Precise(c, x => c.Node("Sub", [c.Node("Exp", [x]), One(c)])));
        table.Add("aten::log1p(Tensor self) -> Tensor", c => Precise(c, x => c.Node("Log", [c.Node("Add", [x, One(c)])])));
        table.Add("aten::log2(Tensor self) -> Tensor",
            c => Precise(c, x => c.Node("Div", [c.Node("Log", [x]), c.Scalar(Math.Log(2), ScalarType.Float64)])));
        table.Add("aten::log10(Tensor self) -> Tensor",
            c => Precise(c, x => c.Node("Div", [c.Node("Log", [x]), c.Scalar(Math.Log(10), ScalarType.Float64)])));
        foreach ((string name, string operation) in new[] { ("neg", "Neg"), ("abs", "Abs") })
        {
            table.Add($"aten::{name}(Tensor self) -> Tensor", c => c.Return(c.Arithmetic(operation, c.OutputType(), c.Tensor("self"))));
        }

        table.Add("""
            aten::sign(Tensor self) -> Tensor
            aten::sgn(Tensor self) -> Tensor
            """, Sign);

        table.Add("aten::floor(Tensor self) -> Tensor", c => c.Return(Whole(c, "Floor")));
        table.Add("aten::ceil(Tensor self) -> Tensor", c => c.Return(Whole(c, "Ceil")));
        table.Add("""
            aten::round(Tensor self) -> Tensor
            aten::round.decimals(Tensor self, *, int decimals) -> Tensor
            """, Round);
        table.Add("aten::trunc(Tensor self) -> Tensor", c => c.Return(c.Truncate(c.OutputType(), c.Tensor("self"))));
        table.Add("aten::frac(Tensor self) -> Tensor",
            c => c.Return(c.Node("Sub", [c.Tensor("self"), c.Truncate(c.OutputType(), c.Tensor("self"))])));
        table.Add("aten::signbit(Tensor self) -> Tensor",
            c => c.Return(ArithmeticOperators.Negative(c, c.ElementType("self"), c.Tensor("self"))));
        table.Add("aten::sinc(Tensor self) -> Tensor", Sinc);
        table.Add("aten::logit(Tensor self, float? eps=None) -> Tensor", Logit);
        table.Add("aten::special_entr(Tensor self) -> Tensor", Entropy);
        table.Add("aten::special_ndtr(Tensor self) -> Tensor",
            c => c.Return(
                c.Node("Mul", [c.Node("Add", [Erf(c, Math.Sqrt(0.5)), c.Scalar(1, c.OutputType())]), c.Scalar(0.5, c.OutputType())])));
        table.Add("aten::positive(Tensor(a) self) -> Tensor(a)", c => c.Return(c.Tensor("self")));
    }

    /// <summary>A function with kernels in single and double precision.</summary>
    private static string Real(OperatorContext c, string operation) =>
        c.Through(Kernels.Real(c.OutputType()), operation, c.OutputType(), c.Operand("self", c.OutputType()));

    /// <summary>A function with a kernel in single precision alone.</summary>
    private static string Single(OperatorContext c, string operation) =>
        c.Through(Kernels.Single(c.OutputType()), operation, c.OutputType(), c.Operand("self", c.OutputType()));

    /// <summary>A function composed of others in double precision: log1p of a small number, log2 of a power of two.</summary>
    private static void Precise(OperatorContext c, Func<string, string> function) =>
        c.Return(c.Cast(function(c.Operand("self", ScalarType.Float64)), ScalarType.Float64, c.OutputType()));

    private static string One(OperatorContext c) => c.Scalar(1, ScalarType.Float64);

    private static string Whole(OperatorContext c, string operation) => c.OutputType().IsFloat() ? Real(c, operation) : c.Tensor("self");

    // The sign of NaN is 0 in libtorch and NaN in ONNX Runtime.
    private static void Sign(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string sign = type == ScalarType.Bool ? c.Tensor("self") : c.Arithmetic("Sign", type, c.Tensor("self"));
        c.Return(type.IsFloat() ? c.Choose(type, c.Node("IsNaN", [c.Tensor("self")]), c.Scalar(0, type), sign) : sign);
    }

    // self, decimals; both round half to even.
    private static void Round(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        if (!type.IsFloat() || c.IsNone("decimals") || c.Int("decimals") == 0)
        {
            c.Return(Whole(c, "Round"));
            return;
        }

        string factor = c.Scalar(Math.Pow(10, Math.Abs(c.Int("decimals"))), type);
        (string before, string after) = c.Int("decimals") > 0 ? ("Mul", "Div") : ("Div", "Mul");
        c.Return(c.Node(after, [c.Node("Round", [c.Node(before, [c.Tensor("self"), factor])]), factor]));
    }

    private static string Erf(OperatorContext c, double factor)
    {
        ScalarType type = c.OutputType();
        return c.Through(Kernels.Single(type), "Erf", type, c.Node("Mul", [c.Operand("self", type), c.Scalar(factor, type)]));
    }

    // sin(pi x) / (pi x), and 1 at zero
    private static void Sinc(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string angle = c.Node("Mul", [c.Operand("self", type), c.Scalar(Math.PI, type)]);
        string sine = c.Through(Kernels.Single(type), "Sin", type, angle), zero = c.Node("Equal", [angle, c.Scalar(0, type)]);
        c.Return(c.Choose(type, zero, c.Scalar(1, type), c.Node("Div", [sine, angle])));
    }

    // Log(x / (1 - x)), with x kept away from 0 and 1
    private static void Logit(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand("self", type);
        x = c.IsNone("eps") ? x : c.Limit(type, x, c.Scalar(c.Number("eps"), type), c.Scalar(1 - c.Number("eps"), type));
        c.Return(c.Node("Log", [c.Node("Div", [x, c.Node("Sub", [c.Scalar(1, type), x])])]));
    }

    // -x log(x), 0 at zero, and minus infinity below
    private static void Entropy(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string x = c.Operand("self", type), zero = c.Scalar(0, type);
        string value = c.Node("Neg", [c.Node("Mul", [x, c.Node("Log", [x])])]);
        string atZero = c.Choose(type, c.Node("Equal", [x, zero]), zero, value);
        c.Return(c.Choose(type, c.Node("Less", [x, zero]), c.Scalar(double.NegativeInfinity, type), atZero));
    }
}
