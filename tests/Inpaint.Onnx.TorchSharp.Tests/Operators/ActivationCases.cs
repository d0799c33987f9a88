using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.OperatorCase;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Activations, as functions and as TorchSharp's modules.</summary>
internal static class ActivationCases
{
    private static readonly (string Name, string Operator, Func<Tensor, Tensor> Function)[] Functions =
    [
        ("relu", "relu", a => nn.functional.relu(a)),
        ("relu6", "relu6", a => nn.functional.relu6(a)),
        ("hardtanh", "hardtanh", a => nn.functional.hardtanh(a, -0.5, 2)),
        ("leaky_relu", "leaky_relu", a => nn.functional.leaky_relu(a, 0.2)),
        ("leaky_relu negative slope", "leaky_relu", a => nn.functional.leaky_relu(a, -0.3)),
        ("rrelu", "rrelu", a => nn.functional.rrelu(a)),
        ("elu", "elu", a => nn.functional.elu(a, 1)),
        ("elu alpha", "elu", a => nn.functional.elu(a, 0.4)),
        ("celu", "celu", a => nn.functional.celu(a, 1)),
        ("celu alpha", "celu", a => nn.functional.celu(a, 1.7)),
        ("selu", "selu", a => nn.functional.selu(a)),
        ("gelu", "gelu", a => nn.functional.gelu(a)),
        ("gelu tanh", "gelu", a => nn.functional.gelu(a, global::TorchSharp.Modules.GELU.Approximate.tanh)),
        ("silu", "silu", a => nn.functional.silu(a)),
        ("mish", "softplus", a => nn.functional.mish(a)),
        ("hardsigmoid", "hardsigmoid", a => nn.functional.hardsigmoid(a)),
        ("hardswish", "hardswish", a => nn.functional.hardswish(a)),
        ("log_sigmoid", "log_sigmoid", a => nn.functional.logsigmoid(a)),
        ("softplus", "softplus", a => nn.functional.softplus(a)),
        ("softplus beta", "softplus", a => nn.functional.softplus(a, 2.5)),
        ("softplus low threshold", "softplus", a => nn.functional.softplus(a, 2, 1)),
        ("softshrink", "softshrink", a => nn.functional.softshrink(a, 0.7)),
        ("hardshrink", "hardshrink", a => nn.functional.hardshrink(a, 0.7)),
        ("threshold", "threshold", a => nn.functional.threshold(a, 0.3, -2)),
        ("softsign", "abs", a => nn.functional.softsign(a)),
        ("tanhshrink", "tanh", a => nn.functional.tanhshrink(a)),
    ];

    public static IEnumerable<OperatorCase> All =>
    [
        .. Functions.Select(f => Of($"{f.Name} float32", $"aten::{f.Operator}", f.Function, Real(2, 3, 9))),
        .. Functions.Select(f => Of($"{f.Name} float64", $"aten::{f.Operator}", f.Function, Double(2, 9))),
        .. Functions.Where(f => f.Name != "gelu")
        .Select(f => Of($"{f.Name} edges", $"aten::{f.Operator}", a => f.Function(Edges(a)), Real(2, 9))),
        .. Functions.Where(f => f.Operator is "relu" or "gelu" or "silu" or "leaky_relu" or "softplus")
        .Select(f => Of($"{f.Name} float16", $"aten::{f.Operator}", f.Function, Half(2, 9)) with { Tolerance = 5e-3f }),

        // libtorch's own value at infinity is infinity on some processors and NaN on others.
        Of("gelu edges", "aten::gelu", a => nn.functional.gelu(Edges(a).nan_to_num(double.NaN, 1e10, -1e10)), Real(2, 9)),
        Of("gelu in operator set 20", "aten::gelu", a => nn.functional.gelu(a), Real(2, 9)) with { Opset = 20 },
        Of("gelu tanh in operator set 20", "aten::gelu", a =>
            nn.functional.gelu(a, global::TorchSharp.Modules.GELU.Approximate.tanh), Real(2, 9)) with { Opset = 20 },
        Of("gelu double in operator set 20", "aten::gelu", a => nn.functional.gelu(a), Double(2, 9)) with { Opset = 20 },
        Of("glu in operator set 18", "aten::glu", a => nn.functional.glu(a), Real(2, 8)) with { Opset = 18 },
        Of("relu int64", "aten::relu", a => nn.functional.relu(a), Whole(int64, 2, 9)),
        Of("relu int8", "aten::relu", a => nn.functional.relu(a), Whole(int8, 2, 9)),
        Of("relu in place", "aten::relu", a => (a + 1).relu_(), Real(2, 9)),
        Of("relu6 int32", "aten::relu6", a => nn.functional.relu6(a), Whole(int32, 2, 9)),
        Of("threshold int64", "aten::threshold", a => nn.functional.threshold(a, 2, 5), Whole(int64, 2, 9)),
        Of("prelu one slope", "aten::prelu", () => nn.PReLU(1), Real(2, 3, 4, 4)),
        Of("prelu slopes", "aten::prelu", () => nn.PReLU(3, 0.1), Real(2, 3, 4, 4)),
        Of("prelu slopes of vectors", "aten::prelu", () => nn.PReLU(5), Real(2, 5)),
        Of("prelu slopes of volumes", "aten::prelu", () => nn.PReLU(3), Real(2, 3, 2, 2, 2)),
        Of("prelu slopes differ", "aten::prelu", (a, b) =>
            nn.functional.prelu(a, b), Real(2, 3, 4), Unit(3)) with { Dynamic = new() { ["x0"] = [0] } },
        Of("glu", "aten::glu", a => nn.functional.glu(a), Real(2, 3, 8)),
        Of("glu axis 1", "aten::glu", a => nn.functional.glu(a, 1), Real(2, 6, 3)),
        Of("glu double", "aten::glu", a => nn.functional.glu(a), Double(2, 8)),
        Of("sigmoid module", "aten::sigmoid", () => nn.Sigmoid(), Real(2, 9)),
        Of("mish module", "aten::softplus", () => nn.Mish(), Real(2, 9)),
        Of("selu module in place", "aten::selu", () => nn.Sequential(nn.Identity(), nn.Sigmoid(), nn.SELU(inplace: true)), Real(2, 9)),
    ];
}
