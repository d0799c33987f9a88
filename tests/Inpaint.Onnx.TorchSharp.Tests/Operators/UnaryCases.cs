using static Inpaint.Onnx.TorchSharp.Tests.OperatorCase;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Functions of one number, in each element type that libtorch takes.</summary>
internal static class UnaryCases
{
    private static readonly (string Name, Func<Tensor, Tensor> Function)[] Anywhere =
    [
        ("exp", a => exp(a)), ("exp2", a => exp2(a)), ("expm1", a => expm1(a)), ("sin", a => sin(a)), ("cos", a => cos(a)),
            ("atan", a => atan(a)),
        ("sinh", a => sinh(a * 0.5)), ("cosh", a => cosh(a * 0.5)), ("arcsinh", a => asinh(a)), ("tanh", a => tanh(a)),
            ("sigmoid", a => sigmoid(a)),
        ("erf", a => erf(a)), ("erfc", a => erfc(a)),
    ];

    private static readonly (string Name, Func<Tensor, Tensor> Function)[] AboveZero =
    [
        ("log", a => log(a)), ("log2", a => log2(a)), ("log10", a => log10(a)), ("log1p", a => log1p(a)), ("sqrt", a => sqrt(a)),
        ("rsqrt", a => rsqrt(a)), ("reciprocal", a => a.reciprocal()),
    ];

    private static readonly (string Name, Func<Tensor, Tensor> Function)[] NearZero =
    [
        ("tan", a => tan(a)), ("asin", a => asin(a)), ("acos", a => acos(a)), ("arctanh", a => atanh(a * 0.9)),
    ];

    private static readonly (string Name, Func<Tensor, Tensor> Function)[] Kept =
    [
        ("neg", a => neg(a)), ("abs", a => abs(a)), ("sign", a => sign(a)), ("sgn", a => sgn(a)),
    ];

    private static readonly (string Name, Func<Tensor, Tensor> Function)[] Rounded =
    [
        ("floor", a => floor(a)), ("ceil", a => ceil(a)), ("trunc", a => trunc(a)),
    ];

    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("signbit", "aten::signbit", a => signbit(Edges(a).nan_to_num(0)), Real(2, 9)),
        OperatorCase.Of("signbit of integers", "aten::signbit", a => signbit(a), Whole(int32, 2, 9)),
        OperatorCase.Of("sinc", "aten::sinc", a => sinc(a.round()) + sinc(a), Real(2, 9)),
        OperatorCase.Of("logit", "aten::logit", a => logit(a), () => rand(2, 9)),
        OperatorCase.Of("logit kept away from the ends", "aten::logit", a => logit(a, 0.1), Unit(2, 9)),
        OperatorCase.Of("special_entr", "aten::special_entr", a => special.entr(a), Few(float32, 2, 9)),
        OperatorCase.Of("special_entr below zero", "aten::special_entr", a => special.entr(a), Real(2, 9)),
        OperatorCase.Of("special_ndtr", "aten::special_ndtr", a => special.ndtr(a), Real(2, 9)),
        .. Anywhere.SelectMany(f => Types(f, Real(2, 3, 9), Double(2, 9), Whole(int64, 2, 9)).Append(Edge(f))),
        .. AboveZero.SelectMany(f => Types(f, Positive(2, 3, 9), () => rand([2, 9], float64) + 0.1, Natural(int32, 2, 9)).Append(Edge(f))),
        .. NearZero.SelectMany(f => Types(f, Unit(2, 3, 9), () => (rand([2, 9], float64) * 2) - 1, Few(int64, 2, 9))),
        .. Kept.SelectMany(f =>
        Types(f, Real(2, 3, 9), Double(2, 9), Whole(int64, 2, 9)).Append(Edge(f))
            .Append(Of($"{f.Name} int8", $"aten::{f.Name}", f.Function, Whole(int8, 2, 9)))),
        .. Rounded.SelectMany(f => Types(f, Real(2, 3, 9), Double(2, 9), Whole(int64, 2, 9)).Append(Edge(f))),
        Of("acosh", "aten::arccosh", a => acosh(a + 1), Positive(2, 9)),
        Of("square", "aten::pow", a => square(a), Real(2, 9)),
        Of("round float32", "aten::round", a => round(a), Real(2, 9)),
        Of("round float64", "aten::round", a => round(a * 4), Double(2, 9)),
        Of("round edges", "aten::round", a => round(Edges(a)), Real(2, 9)),
        Of("frac", "aten::frac", a => frac(a), Real(2, 9)),
        Of("frac double", "aten::frac", a => frac(a), Double(2, 9)),
        Of("round to 2 decimals", "aten::round", a => round(a, 2), Real(2, 9)),
        Of("round to tens", "aten::round", a => round(a * 10, -1), Real(2, 9)),
        Of("fix", "aten::trunc", a => fix(a), Real(2, 9)),
        Of("positive", "aten::positive", a => positive(a) + 1, Real(2, 9)),
        Of("log1p of small numbers", "aten::log1p", a => log1p(a * 1e-10) * 1e10, Real(2, 9)),
        Of("expm1 of small numbers", "aten::expm1", a => expm1(a * 1e-10) * 1e10, Real(2, 9)),
        Of("log2 of powers of two", "aten::log2", a => floor(log2(exp2(a))), Whole(float32, 2, 9)),
        Of("exp of bool", "aten::exp", a => exp(a), Truth(2, 9)),
        Of("sign of bool", "aten::sign", a => sign(a).logical_not(), Truth(2, 9)),
        Of("special expit", "aten::special_expit", a => special.expit(a), Real(2, 9)),
        Of("special exp2", "aten::special_exp2", a => special.exp2(a), Real(2, 9)),
        Of("special expm1", "aten::special_expm1", a => special.expm1(a), Real(2, 9)),
        Of("special erf", "aten::special_erf", a => special.erf(a), Real(2, 9)),
        Of("special erfc", "aten::special_erfc", a => special.erfc(a), Real(2, 9)),
    ];

    private static IEnumerable<OperatorCase> Types((string Name, Func<Tensor, Tensor> Function) f, Func<Tensor> single, Func<Tensor> twice,
        Func<Tensor> whole) =>
    [
        Of($"{f.Name} float32", $"aten::{f.Name}", f.Function, single),
        Of($"{f.Name} float64", $"aten::{f.Name}", f.Function, twice),
        Of($"{f.Name} integers", $"aten::{f.Name}", f.Function, whole),
    ];

    private static OperatorCase Edge((string Name, Func<Tensor, Tensor> Function) f) =>
        Of($"{f.Name} edges", $"aten::{f.Name}", a => f.Function(Edges(a)), Real(2, 9));
}
