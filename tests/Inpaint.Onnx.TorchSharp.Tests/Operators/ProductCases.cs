using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class ProductCases
{
    private static readonly Dictionary<string, int[]> Batch = new() { ["x0"] = [0] };

    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("linear", "aten::addmm", () => nn.Linear(4, 5), () => randn(2, 4)),
        OperatorCase.Of("linear without bias", "aten::matmul", () => nn.Linear(4, 5, hasBias: false), () => randn(2, 4)),
        OperatorCase.Of("linear on three axes", "aten::matmul", () => nn.Linear(4, 5), () => randn(2, 3, 4)),
        OperatorCase.Of("linear on a vector", "aten::matmul", () => nn.Linear(4, 5), () =>
            randn(4)) with { Dynamic = StructureCases.Fixed },
        OperatorCase.Of("linear of doubles", "aten::addmm", () => nn.Linear(4, 5, dtype: float64), () => randn([2, 4], float64)),
        OperatorCase.Of("mm", "aten::mm", (a, b) => mm(a, b), () => randn(2, 3), () => randn(3, 4)) with { Dynamic = Batch },
        OperatorCase.Of("mm of int64", "aten::mm", (a, b) => mm(a, b), () => randint(-9, 9, [2, 3], int64), () =>
            randint(-9, 9, [3, 4], int64)) with { Dynamic = Batch },
        OperatorCase.Of("mm of int16", "aten::mm", (a, b) => mm(a, b), () => randint(-9, 9, [2, 3], int16), () =>
            randint(-9, 9, [3, 4], int16)) with { Dynamic = Batch },
        OperatorCase.Of("bmm", "aten::bmm", (a, b) => bmm(a, b), () => randn(2, 3, 4), () => randn(2, 4, 5)),
        OperatorCase.Of("mv", "aten::mv", (a, b) => mv(a, b), () => randn(2, 3), () => randn(3)) with { Dynamic = Batch },
        OperatorCase.Of("dot", "aten::dot", (a, b) => dot(a, b), () => randn(5), () => randn(5)),
        .. Matmuls(),
        OperatorCase.Of("matmul of doubles", "aten::matmul", (a, b) => a.matmul(b), () => randn([2, 3, 4], float64), () =>
            randn([2, 4, 3], float64)),
        new("addmm", ["aten::addmm"], x => [addmm(x[0], x[1], x[2], 0.5f, 2f)], () =>
            [randn(4), randn(2, 3), randn(3, 4)]) { Dynamic = new() { ["x1"] = [0] } },
        new("addmm that leaves the input out", ["aten::addmm"], x => [addmm(x[0], x[1], x[2], 0f, 1f)], () =>
            [randn(2, 4), randn(2, 3), randn(3, 4)]) { Dynamic = new() { ["x0"] = [0], ["x1"] = [0] } },
        new("addmv", ["aten::addmv"], x => [addmv(x[0], x[1], x[2], 1f, 2f)], () =>
            [randn(2), randn(2, 3), randn(3)]) { Dynamic = new() { ["x0"] = [0], ["x1"] = [0] } },
        new("baddbmm", ["aten::baddbmm"], x => [baddbmm(x[1], x[2], x[0], 2f, 0.5f)], () =>
            [randn(2, 3, 5), randn(2, 3, 4), randn(2, 4, 5)]),
        new("addbmm", ["aten::addbmm"], x => [addbmm(x[0], x[1], x[2])], () =>
            [randn(3, 5), randn(2, 3, 4), randn(2, 4, 5)]) { Dynamic = new() { ["x1"] = [0], ["x2"] = [0] } },
        OperatorCase.Of("outer", "aten::outer", (a, b) => outer(a, b), () => randn(3), () => randn(4)),
        OperatorCase.Of("inner", "aten::inner", (a, b) => inner(a, b), () => randn(2, 3, 4), () => randn(5, 4)) with { Dynamic = Batch },
        OperatorCase.Of("tensordot", "aten::tensordot", (a, b) => tensordot(a, b, [1, 2], [1, 0]), () => randn(2, 3, 4), () =>
            randn(4, 3, 5)) with { Dynamic = Batch },
        OperatorCase.Of("einsum of matrices", "aten::einsum", (a, b) => einsum("b i k, b j k -> b i j", a, b), () => randn(2, 3, 4), () =>
            randn(2, 5, 4)),
        OperatorCase.Of("einsum with an ellipsis", "aten::einsum", (a, b) => einsum("...ij,jk->...ik", a, b), () => randn(2, 3, 4, 5), () =>
            randn(5, 2)) with { Dynamic = Batch },
        OperatorCase.Of("einsum of one tensor", "aten::einsum", a => einsum("bii->b", a), () => randn(2, 3, 3)),
        OperatorCase.Of("einsum without an arrow", "aten::einsum", (a, b) => einsum("ij,jk", a, b), () => randn(2, 3), () =>
            randn(3, 4)) with { Dynamic = Batch },
        new("bilinear", ["aten::bilinear"], x => [nn.functional.bilinear(x[0], x[1], x[2])], () =>
            [randn(2, 3), randn(2, 4), randn(2, 3, 4)]) { Dynamic = new() { ["x0"] = [0], ["x1"] = [0] } },
        OperatorCase.Of("bilinear module", "aten::bilinear", (a, b) =>
            nn.functional.bilinear(a, b, tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [1, 3, 2]), tensor(new float[] { 0.5f })), () =>
                randn(2, 3), () => randn(2, 2)),
        new("functional linear", ["aten::addmm"], x => [nn.functional.linear(x[0], x[1], x[2])], () =>
            [randn(2, 4), randn(3, 4), randn(3)]) { Dynamic = new() { ["x0"] = [0] } },
        new("functional linear on three axes", ["aten::matmul"], x => [nn.functional.linear(x[0], x[1], x[2])], () =>
            [randn(2, 5, 4), randn(3, 4), randn(3)]) { Dynamic = new() { ["x0"] = [0] } },
    ];

    private static IEnumerable<OperatorCase> Matmuls() => new (long[] A, long[] B)[]
    {
        ([2, 3], [3, 4]), ([3], [3]), ([2, 3], [3]), ([3], [3, 4]), ([2, 3, 4], [4, 5]), ([2, 3, 4], [2, 4, 5]), ([3], [2, 3, 4]),
            ([2, 1, 3, 4], [5, 4, 2]), ([2, 3, 4], [4]),
    }.Select(s =>
        OperatorCase.Of($"matmul [{string.Join(",", s.A)}] and [{string.Join(",", s.B)}]", "aten::matmul", (a, b) => a.matmul(b), () =>
            randn(s.A), () => randn(s.B))
        with { Dynamic = new() { ["x0"] = s.A.Length > 1 && s.B.Length < 4 && !(s.A.Length == 3 && s.B.Length == 3) ? [0] : [] } });
}
