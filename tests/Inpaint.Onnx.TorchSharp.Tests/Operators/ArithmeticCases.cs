using static Inpaint.Onnx.TorchSharp.Tests.OperatorCase;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Arithmetic of two and three tensors, with promotion of types.</summary>
internal static class ArithmeticCases
{
    private static readonly ScalarType[] Types = [@bool, uint8, int8, int16, int32, int64, float32, float64];

    public static IEnumerable<OperatorCase> All =>
        [.. Addition, .. Multiplication, .. Powers, .. Limits, .. Mixtures, .. Promotion, .. Signs];

    private static IEnumerable<OperatorCase> Signs =>
    [
        Of("copysign", "aten::copysign", (a, b) => a.copysign(b), Real(2, 9), Real(2, 9)),
        Of("copysign edges", "aten::copysign", a => Edges(a).copysign(-ReversedEdges(a).nan_to_num()), Real(2, 3)),
        Of("heaviside", "aten::heaviside", (a, b) => a.heaviside(b), Few(float32, 2, 9), Real(2, 9)),
        Of("heaviside of integers", "aten::heaviside", (a, b) => a.heaviside(b), Few(int64, 2, 9), Whole(int64, 2, 9)),
        Of("ldexp", "aten::ldexp", (a, b) => a.ldexp(b), Real(2, 9), Whole(int64, 2, 9)),
        Of("bitwise_left_shift", "aten::bitwise_left_shift", (a, b) => a.bitwise_left_shift(b), Whole(int64, 2, 9), Natural(int64, 2, 9)),
        Of("bitwise_right_shift of negative numbers too", "aten::bitwise_right_shift", (a, b) => a.bitwise_right_shift(b), () =>
            randint(-1000, 1000, [2, 9], int32), Natural(int32, 2, 9)),
        Of("logaddexp2", "aten::logaddexp2", (a, b) => a.logaddexp2(b), Real(2, 9), Real(2, 9)),
        Of("special_xlog1py", "aten::special_xlog1py", (a, b) => special.xlog1py(a, b), Few(float32, 2, 9), Positive(2, 9)),
    ];

    private static IEnumerable<OperatorCase> Addition =>
    [
        Of("add broadcast", "aten::add", (a, b) => a + b, Real(2, 3, 4), Real(2, 1, 4)),
        Of("add other rank", "aten::add", (a, b) => a + b, Real(2, 3, 4), Real(4)) with { Dynamic = new() { ["x0"] = [0] } },
        Of("add alpha", "aten::add", (a, b) => add(a, b, 0.123456789), Double(2, 3), Double(2, 3)),
        Of("add alpha int64", "aten::add", (a, b) => add(a, b, 3), Whole(int64, 2, 3), Whole(int64, 2, 3)),
        Of("add number to int64", "aten::add", a => a + 1.5f, Whole(int64, 2, 3)),
        Of("add number to uint8 wraps", "aten::add", a => a + 250, Natural(uint8, 2, 3)),
        Of("add bool is or", "aten::add", (a, b) => a + b, Truth(2, 8), Truth(2, 8)),
        Of("add in place", "aten::add", (a, b) => (a * 1).add_(b), Real(2, 3), Real(2, 3)),
        Of("add tensor without axes", "aten::add", (a, b) => a + b.sum(), Real(2, 3), Double(2, 3)),
        Of("add size that follows the batch", "aten::add", a => a + a.shape[0], Real(2, 3)),
        Of("add large number to int64", "aten::add", a => a + 9007199254740993, Whole(int64, 2, 3)),
        Of("add float16", "aten::add", (a, b) => a + (b * 0.5), Half(2, 3), Half(2, 3)) with { Tolerance = 1e-3f },
        Of("add exact number", "aten::add", a => (a + 1234567.890123) - 1234567, Double(2, 3)) with { Tolerance = 1e-9f },
        Of("sub", "aten::sub", (a, b) => a - b, Real(2, 3, 4), Real(2, 3, 4)),
        Of("sub int8", "aten::sub", (a, b) => a - b, Whole(int8, 2, 3), Whole(int8, 2, 3)),
        Of("sub number", "aten::sub", a => a - 2.5, Real(2, 3)),
        Of("number minus tensor", "aten::add", a => 2.5 - a, Real(2, 3)),
    ];

    private static IEnumerable<OperatorCase> Multiplication =>
    [
        Of("mul broadcast", "aten::mul", (a, b) => a * b, Real(2, 3, 4), Real(2, 3, 1)),
        Of("mul int32", "aten::mul", (a, b) => a * b, Whole(int32, 2, 3), Whole(int32, 2, 3)),
        Of("mul int16 by float number", "aten::mul", a => a * 0.5, Whole(int16, 2, 3)),
        Of("mul bool is and", "aten::mul", (a, b) => a * b, Truth(2, 8), Truth(2, 8)),
        Of("mul bool by float", "aten::mul", (a, b) => a * b, Truth(2, 8), Real(2, 8)),
        Of("div", "aten::div", (a, b) => a / b, Real(2, 3), Positive(2, 3)),
        Of("div edges", "aten::div", a => Edges(a) / ReversedEdges(a), Real(2, 3)),
        Of("div by zero", "aten::div", (a, b) => a / b, Few(float32, 2, 9), Few(float32, 2, 9)),
        Of("div int64 gives floats", "aten::div", (a, b) => a / b, Whole(int64, 2, 3), Natural(int64, 2, 3)),
        Of("div by number", "aten::div", a => a / 7, Whole(int32, 2, 3)),
        Of("true_divide", "aten::true_divide", (a, b) => true_divide(a, b), Whole(int64, 2, 3), Natural(int64, 2, 3)),
        Of("div double", "aten::div", (a, b) => a / b, Double(2, 3), () => rand([2, 3], float64) + 1),
        Of("div floor", "aten::div", (a, b) => div(a, b, RoundingMode.floor), Real(2, 9), Real(2, 9)),
        Of("div floor of tenths", "aten::div", a => div(a, 0.1f, RoundingMode.floor), Few(float32, 2, 9)),
        Of("div floor by negative number", "aten::div", a => div(a, -1.5f, RoundingMode.floor), Real(2, 9)),
        Of("div floor by zero", "aten::div", (a, b) => div(a, b, RoundingMode.floor), Real(2, 9), Few(float32, 2, 9)),
        Of("div floor int64", "aten::div", (a, b) => div(a, b, RoundingMode.floor), Whole(int64, 2, 20), Natural(int64, 2, 20)),
        Of("div floor int64 by negative", "aten::div", a => div(a, -4, RoundingMode.floor), Whole(int64, 2, 20)),
        Of("div floor uint8", "aten::div", (a, b) => div(a, b, RoundingMode.floor), Natural(uint8, 2, 20), Natural(uint8, 2, 20)),
        Of("div trunc", "aten::div", (a, b) => div(a, b, RoundingMode.trunc), Real(2, 9), Real(2, 9)),
        Of("div trunc int32", "aten::div", (a, b) => div(a, b, RoundingMode.trunc), Whole(int32, 2, 20), Natural(int32, 2, 20)),
        Of("floor_divide", "aten::floor_divide", (a, b) => floor_divide(a, b), Real(2, 9), Real(2, 9)),
        Of("floor_divide int64", "aten::floor_divide", a => a.floor_divide(-3), Whole(int64, 2, 20)),
        Of("remainder", "aten::remainder", (a, b) => remainder(a, b), Real(2, 20), Real(2, 20)),
        Of("remainder by number", "aten::remainder", a => remainder(a, 1.5), Real(2, 20)),
        Of("remainder by negative number", "aten::remainder", a => a % -1.5, Real(2, 20)),
        Of("remainder int64", "aten::remainder", (a, b) => remainder(a, b), Whole(int64, 2, 20), Natural(int64, 2, 20)),
        Of("remainder int32 by negative number", "aten::remainder", a => remainder(a, -4), Whole(int32, 2, 20)),
        Of("remainder int8", "aten::remainder", (a, b) => remainder(a, b), Whole(int8, 2, 20), Natural(int8, 2, 20)),
        Of("fmod", "aten::fmod", (a, b) => fmod(a, b), Real(2, 20), Real(2, 20)),
        Of("fmod by number", "aten::fmod", a => fmod(a, 1.5), Double(2, 20)),
        Of("fmod int64", "aten::fmod", (a, b) => fmod(a, b), Whole(int64, 2, 20), Natural(int64, 2, 20)),
        Of("fmod int16", "aten::fmod", a => fmod(a, -4), Whole(int16, 2, 20)),
    ];

    private static IEnumerable<OperatorCase> Powers =>
    [
        Of("pow tensor", "aten::pow", (a, b) => pow(a, b), Positive(2, 9), Unit(2, 9)),
        Of("pow 2", "aten::pow", a => a.pow(2), Real(2, 9)),
        Of("pow 3", "aten::pow", a => a.pow(3), Real(2, 9)),
        Of("pow half", "aten::pow", a => a.pow(0.5), Positive(2, 9)),
        Of("pow -0.5", "aten::pow", a => a.pow(-0.5), Positive(2, 9)),
        Of("pow -1 double", "aten::pow", a => a.pow(-1), () => rand([2, 9], float64) + 0.1),
        Of("pow 1", "aten::pow", a => a.pow(1) + 1, Real(2, 9)),
        Of("pow fraction of negative is NaN", "aten::pow", a => a.pow(1.7), Real(2, 9)),
        Of("pow edges", "aten::pow", a => Edges(a).pow(0.5), Real(2, 9)),
        Of("pow int64", "aten::pow", a => a.pow(3), Whole(int64, 2, 9)),
        Of("pow int64 tensors", "aten::pow", (a, b) => pow(a, b), Whole(int64, 2, 9), Few(int64, 2, 9)),
        Of("pow int32 by float number", "aten::pow", a => a.pow(1.5), Natural(int32, 2, 9)),
        Of("pow uint8", "aten::pow", a => a.pow(2), Natural(uint8, 2, 9)),
        Of("float_power int64", "aten::float_power", (a, b) => float_power(a, b), Natural(int64, 2, 9), Few(int64, 2, 9)),
        Of("atan2", "aten::atan2", (a, b) => atan2(a, b), Real(2, 40), Real(2, 40)),
        Of("atan2 on the axes", "aten::atan2", (a, b) => atan2(a - 1, b - 1), Few(float32, 2, 40), Few(float32, 2, 40)),
        Of("hypot", "aten::hypot", (a, b) => hypot(a, b), Real(2, 9), Real(2, 9)),
        Of("hypot of large numbers", "aten::hypot", (a, b) => hypot(a * 1e30, b * 1e30), Few(float32, 2, 9), Few(float32, 2, 9)),
        Of("logaddexp", "aten::logaddexp", (a, b) => logaddexp(a * 20, b * 20), Real(2, 9), Real(2, 9)),
        Of("xlogy", "aten::xlogy", (a, b) => xlogy(a, b), Few(float32, 2, 9), Few(float32, 2, 9)),
        Of("xlogy number", "aten::xlogy", a => xlogy(a, 2.5), Real(2, 9)),
    ];

    private static IEnumerable<OperatorCase> Limits =>
    [
        Of("clamp", "aten::clamp", a => a.clamp(-1, 1), Real(2, 9)),
        Of("clamp edges keeps NaN", "aten::clamp", a => Edges(a).clamp(-1, 1), Real(2, 9)),
        Of("clamp low above high", "aten::clamp", a => a.clamp(2, 1), Real(2, 9)),
        Of("clamp low alone", "aten::clamp", a => a.clamp(min: -1), Real(2, 9)),
        Of("clamp high alone", "aten::clamp", a => a.clamp(max: 1), Real(2, 9)),
        Of("clamp int64", "aten::clamp", a => a.clamp(-3, 3), Whole(int64, 2, 9)),
        Of("clamp int64 to float numbers", "aten::clamp", a => a.clamp(-2.5, 2.5), Whole(int64, 2, 9)),
        Of("clamp uint8", "aten::clamp", a => a.clamp(3, 5), Natural(uint8, 2, 9)),
        Of("clamp tensors", "aten::clamp", (a, b) => a.clamp(b, b + 1), Real(2, 3, 4), Real(2, 1, 4)),
        Of("clip", "aten::clamp", a => a.clip(-1, 1), Double(2, 9)),
        Of("clamp_min", "aten::clamp_min", a => a.clamp_min(0.5), Real(2, 9)),
        Of("clamp_max", "aten::clamp_max", a => a.clamp_max(0.5), Real(2, 9)),
        Of("clamp_max int32", "aten::clamp_max", a => a.clamp_max(2), Whole(int32, 2, 9)),
        Of("minimum", "aten::minimum", (a, b) => minimum(a, b), Real(2, 3, 4), Real(2, 1, 4)),
        Of("minimum bool", "aten::minimum", (a, b) => minimum(a, b), Truth(2, 9), Truth(2, 9)),
        Of("minimum int8", "aten::minimum", (a, b) => minimum(a, b), Whole(int8, 2, 9), Whole(int8, 2, 9)),
        Of("maximum", "aten::maximum", (a, b) => maximum(a, b), Double(2, 9), Double(2, 9)),
        Of("maximum keeps NaN", "aten::maximum", a => maximum(Edges(a), ReversedEdges(a)), Real(2, 9)),
        Of("maximum int64 and float", "aten::maximum", (a, b) => maximum(a, b), Whole(int64, 2, 9), Real(2, 9)),
        Of("max of two", "aten::maximum", (a, b) => max(a, b), Real(2, 9), Real(2, 9)),
        Of("min of two int16", "aten::minimum", (a, b) => min(a, b), Whole(int16, 2, 9), Whole(int16, 2, 9)),
        Of("fmin", "aten::fmin", a => fmin(Edges(a), ReversedEdges(a)), Real(2, 9)),
        Of("fmax", "aten::fmax", a => fmax(Edges(a), ReversedEdges(a)), Real(2, 9)),
        Of("fmax int64", "aten::fmax", (a, b) => fmax(a, b), Whole(int64, 2, 9), Whole(int64, 2, 9)),
    ];

    private static IEnumerable<OperatorCase> Mixtures =>
    [
        new("lerp", ["aten::lerp"], x => [lerp(x[0], x[1], x[2])], () => [Real(2, 9)(), Real(2, 9)(), Unit(2, 9)()]),
        new("lerp broadcast double", ["aten::lerp"], x => [lerp(x[0], x[1], x[2])], () =>
            [Double(2, 3, 4)(), Double(2, 3, 4)(), Double(2, 1, 4)()]),
        new("addcmul", ["aten::addcmul"], x => [addcmul(x[0], x[1], x[2], 0.5)], () => [Real(2, 3, 4)(), Real(2, 1, 4)(), Real(2, 3, 1)()]),
        new("addcmul int64", ["aten::addcmul"], x => [addcmul(x[0], x[1], x[2], 3)], () =>
            [Whole(int64, 2, 9)(), Whole(int64, 2, 9)(), Whole(int64, 2, 9)()]),
        new("addcdiv", ["aten::addcdiv"], x => [addcdiv(x[0], x[1], x[2], 0.5)], () => [Real(2, 9)(), Real(2, 9)(), Positive(2, 9)()]),
        new("addcdiv without factor", ["aten::addcdiv"], x => [x[0].addcdiv(x[1], x[2])], () =>
            [Real(2, 9)(), Real(2, 9)(), Positive(2, 9)()]),
    ];

    private static IEnumerable<OperatorCase> Promotion =>
        from first in Types
        select new OperatorCase($"mul {first} and each other type", ["aten::mul"], x =>
            [.. Types.Select(second => x[0] * x[1].to(second))], () => [Few(first, 2, 3)(), Few(int32, 2, 3)()]);
}
