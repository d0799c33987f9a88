using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.OperatorCase;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Comparison, logic, and choices by booleans.</summary>
internal static class ComparisonCases
{
    private static readonly (string Name, Func<Tensor, Tensor, Tensor> Tensors, Func<Tensor, Scalar, Tensor> Number)[] Comparisons =
    [
        ("eq", (a, b) => a.eq(b), (a, b) => a.eq(b)),
        ("ne", (a, b) => a.ne(b), (a, b) => a.ne(b)),
        ("lt", (a, b) => a.lt(b), (a, b) => a.lt(b)),
        ("le", (a, b) => a.le(b), (a, b) => a.le(b)),
        ("gt", (a, b) => a.gt(b), (a, b) => a.gt(b)),
        ("ge", (a, b) => a.ge(b), (a, b) => a.ge(b)),
    ];

    public static IEnumerable<OperatorCase> All => [.. Compared, .. Logic, .. Tests, .. Choices];

    private static IEnumerable<OperatorCase> Compared => Comparisons.SelectMany(c => new[]
    {
        Of($"{c.Name} float32", $"aten::{c.Name}", c.Tensors, Few(float32, 2, 3, 9), Few(float32, 2, 1, 9)),
        Of($"{c.Name} float64", $"aten::{c.Name}", c.Tensors, Few(float64, 2, 9), Few(float64, 2, 9)),
        Of($"{c.Name} int64 and float32", $"aten::{c.Name}", c.Tensors, Few(int64, 2, 9), Few(float32, 2, 9)),
        Of($"{c.Name} int32 and uint8", $"aten::{c.Name}", c.Tensors, Few(int32, 2, 9), Few(uint8, 2, 9)),
        Of($"{c.Name} uint8 and int8", $"aten::{c.Name}", c.Tensors, () => randint(0, 256, [2, 9], uint8), Whole(int8, 2, 9)),
        Of($"{c.Name} bool", $"aten::{c.Name}", c.Tensors, Truth(2, 9), Truth(2, 9)),
        Of($"{c.Name} number", $"aten::{c.Name}", a => c.Number(a, 1), Few(float32, 2, 9)),
        Of($"{c.Name} int64 and float number", $"aten::{c.Name}", a => c.Number(a, 0.5), Few(int64, 2, 9)),
        Of($"{c.Name} edges", $"aten::{c.Name}", a => c.Tensors(Edges(a), ReversedEdges(a)), Real(2, 9)),
    });

    private static IEnumerable<OperatorCase> Logic =>
    [
        Of("logical_and", "aten::logical_and", (a, b) => logical_and(a, b), Truth(2, 9), Truth(2, 9)),
        Of("logical_and float and int64", "aten::logical_and", (a, b) => logical_and(a, b), Few(float32, 2, 9), Few(int64, 2, 9)),
        Of("logical_or broadcast", "aten::logical_or", (a, b) => logical_or(a, b), Truth(2, 3, 9), Truth(2, 1, 9)),
        Of("logical_or of edges", "aten::logical_or", a => logical_or(Edges(a), Edges(a)), Real(2, 9)),
        Of("logical_xor", "aten::logical_xor", (a, b) => logical_xor(a, b), Truth(2, 9), Few(uint8, 2, 9)),
        Of("logical_not", "aten::logical_not", a => logical_not(a), Truth(2, 9)),
        Of("logical_not float", "aten::logical_not", a => logical_not(a), Few(float32, 2, 9)),
        Of("bitwise_and bool", "aten::bitwise_and", (a, b) => a & b, Truth(2, 9), Truth(2, 9)),
        Of("bitwise_or bool", "aten::bitwise_or", (a, b) => a | b, Truth(2, 9), Truth(2, 9)),
        Of("bitwise_xor bool", "aten::bitwise_xor", (a, b) => a ^ b, Truth(2, 9), Truth(2, 9)),
        Of("bitwise_not bool", "aten::bitwise_not", a => ~a, Truth(2, 9)),
        Of("bitwise_not int64", "aten::bitwise_not", a => ~a, Whole(int64, 2, 9)),
        Of("bitwise_not uint8", "aten::bitwise_not", a => ~a, Natural(uint8, 2, 9)),
        Of("bitwise_and int64 in operator set 18", "aten::bitwise_and", (a, b) =>
            a & b, Whole(int64, 2, 9), Whole(int64, 2, 9)) with { Opset = 18 },
        Of("bitwise_xor uint8 in operator set 18", "aten::bitwise_xor", (a, b) =>
            a ^ b, Natural(uint8, 2, 9), Natural(uint8, 2, 9)) with { Opset = 18 },
    ];

    private static IEnumerable<OperatorCase> Tests =>
    [
        Of("isnan", "aten::isnan", a => isnan(Edges(a)), Real(2, 9)),
        Of("isnan double", "aten::isnan", a => isnan(a.log()), Double(2, 9)),
        Of("isnan int64", "aten::isnan", a => isnan(a), Few(int64, 2, 9)),
        Of("isinf", "aten::isinf", a => isinf(Edges(a)), Real(2, 9)),
        Of("isinf double", "aten::isinf", a => isinf(1 / a), Few(float64, 2, 9)),
        Of("isposinf", "aten::isposinf", a => isposinf(Edges(a)), Real(2, 9)),
        Of("isneginf", "aten::isneginf", a => isneginf(Edges(a)), Real(2, 9)),
        Of("isfinite", "aten::isfinite", a => isfinite(Edges(a)), Real(2, 9)),
        Of("isfinite int32", "aten::isfinite", a => isfinite(a), Few(int32, 2, 9)),
        Of("nan_to_num", "aten::nan_to_num", a => nan_to_num(Edges(a)), Real(2, 9)),
        Of("nan_to_num stated", "aten::nan_to_num", a => nan_to_num(Edges(a), 7, 8, -9), Real(2, 9)),
        Of("nan_to_num high alone", "aten::nan_to_num", a => nan_to_num(Edges(a), posinf: 8), Real(2, 9)),
        Of("nan_to_num double", "aten::nan_to_num", a => nan_to_num(a.log()), Double(2, 9)),
        Of("nan_to_num int64", "aten::nan_to_num", a => nan_to_num(a) + 1, Few(int64, 2, 9)),
    ];

    private static IEnumerable<OperatorCase> Choices =>
    [
        new("where broadcast", ["aten::where"], x => [where(x[0], x[1], x[2])], () => [Truth(2, 3, 4)(), Real(2, 1, 4)(), Real(2, 3, 1)()]),
        new("where int64 and float", ["aten::where"], x => [where(x[0], x[1], x[2])], () =>
            [Truth(2, 9)(), Whole(int64, 2, 9)(), Real(2, 9)()]),
        new("where bool", ["aten::where"], x => [where(x[0], x[1], x[2])], () => [Truth(2, 9)(), Truth(2, 9)(), Truth(2, 9)()]),
        new("where int16", ["aten::where"], x => [where(x[0], x[1], x[2])], () =>
            [Truth(2, 9)(), Whole(int16, 2, 9)(), Whole(int16, 2, 9)()]),
        new("where constant", ["aten::where", "aten::scalar_tensor"], x => [where(x[0] > 0, x[0], tensor(-5f))], () => [Real(2, 9)()]),
        Of("masked_fill", "aten::masked_fill", (a, b) => a.masked_fill(b, float.NegativeInfinity), Real(2, 3, 4), Truth(2, 1, 4)),
        Of("masked_fill int64", "aten::masked_fill", (a, b) => a.masked_fill(b, -7), Whole(int64, 2, 9), Truth(2, 9)),
        Of("masked_fill bool", "aten::masked_fill", (a, b) => a.masked_fill(b, true), Truth(2, 9), Truth(2, 9)),
        Of("masked_fill in place", "aten::masked_fill", (a, b) => (a + 1).masked_fill_(b, 0.5), Double(2, 9), Truth(2, 9)),
    ];
}
