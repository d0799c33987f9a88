using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class ScatteringCases
{
    private static readonly TensorIndex All_ = TensorIndex.Colon;

    public static IEnumerable<OperatorCase> All =>
    [
        new("scatter", ["aten::scatter"], x => [x[0].scatter(1, x[1], x[2])], () =>
            [zeros(3, 6), arange(4).repeat(3, 1), randn(3, 4)]) { Dynamic = StructureCases.Fixed },
        new("scatter from a larger source", ["aten::scatter"], x => [x[0].scatter(1, x[1], x[2])], () =>
            [zeros(3, 6), arange(4).repeat(3, 1), randn(3, 6)]) { Dynamic = StructureCases.Fixed },
        new("scatter_add", ["aten::scatter_add"], x => [x[0].scatter_add(1, x[1], x[2])], () =>
            [randn(3, 6), randint(0, 6, [3, 9], int64), randn(3, 9)]) { Dynamic = StructureCases.Fixed },
        new("scatter_add along the first axis", ["aten::scatter_add"], x => [x[0].scatter_add(0, x[1], x[2])], () =>
            [randn(5, 2), randint(0, 5, [8, 2], int64), randn(8, 2)]) { Dynamic = StructureCases.Fixed },
        new("scatter_add of integers", ["aten::scatter_add"], x => [x[0].scatter_add(1, x[1], x[2])], () =>
            [Whole(int32, 3, 6)(), randint(0, 6, [3, 9], int64), Whole(int32, 3, 9)()]) { Dynamic = StructureCases.Fixed },
        Put("index_put", x => x[0].index_put_(x[2], TensorIndex.Tensor(x[1])), () =>
            [zeros(6, 3), tensor(new long[] { 4, 0, -1 }), randn(3, 3)]),
        Put("index_put of one value for all", x => x[0].index_put_(x[2], TensorIndex.Tensor(x[1])), () =>
            [randn(6, 3), tensor(new long[] { 4, 0 }), randn(1)]),
        Put("index_put into the second axis", x => x[0].index_put_(x[2], All_, TensorIndex.Tensor(x[1])), () =>
            [randn(2, 5, 3), tensor(new long[] { 4, 0 }), randn(2, 2, 3)]),
        Put("index_put by two tensors", x => x[0].index_put_(x[2], TensorIndex.Tensor(x[1]), TensorIndex.Tensor(x[1] + 1)), () =>
            [randn(5, 6, 2), tensor(new long[] { 4, 0, 2 }), randn(3, 2)]),
        Put("index_put by two tensors behind an axis", x =>
            x[0].index_put_(x[2], All_, TensorIndex.Tensor(x[1].unsqueeze(1)), TensorIndex.Tensor(x[1])), () =>
                [randn(2, 5, 6), tensor(new long[] { 4, 0, 2 }), randn(2, 3, 3)]),
        Put("index_put by two tensors apart", x => x[0].index_put_(x[2], TensorIndex.Tensor(x[1]), All_, TensorIndex.Tensor(x[1])), () =>
            [randn(5, 3, 6), tensor(new long[] { 4, 0, 2 }), randn(3, 3)]),
        Put("index_put that adds", x => x[0].index_put_(x[2], [TensorIndex.Tensor(x[1])], accumulate: true), () =>
            [randn(6, 3), tensor(new long[] { 4, 0, 4 }), randn(3, 3)]),
        Put("index_put that adds, by two tensors with negative numbers", x =>
            x[0].index_put_(x[2], [TensorIndex.Tensor(x[1]), TensorIndex.Tensor(-x[1] - 1)], accumulate: true), () =>
                [randn(5, 6, 2), tensor(new long[] { 4, 0, 4 }), randn(3, 2)]),
        OperatorCase.Of("index_put by a mask", "aten::index_put", x =>
        {
            Tensor y = x * 2;
            y[x > 1] = tensor(7f);
            return y;
        }, Real(2, 9)),
        OperatorCase.Of("index_add", "aten::index_add", (x, y) =>
            x.index_add(0, tensor(new long[] { 1, 3, 1 }), y, 1), Real(4, 3), Real(3, 3)) with { Dynamic = StructureCases.Fixed },
        OperatorCase.Of("index_add times a factor, along the second axis", "aten::index_add", (x, y) =>
            x.index_add(1, tensor(new long[] { 1, 3, 1 }), y, -2.5), Real(2, 4, 3), Real(2, 3, 3)),
        OperatorCase.Of("index_copy", "aten::index_copy", (x, y) =>
            x.index_copy(1, tensor(new long[] { 3, 0 }), y), Real(2, 4, 3), Real(2, 2, 3)),
        OperatorCase.Of("index_fill", "aten::index_fill", x => x.index_fill(1, tensor(new long[] { 3, 0 }), -2), Real(2, 4, 3)),
        OperatorCase.Of("index_fill of a dynamic axis", "aten::index_fill", x =>
            x.index_fill(1, tensor(new long[] { 2, 0 }), 5), Whole(int64, 2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("masked_scatter", "aten::masked_scatter", (x, y) =>
            x.masked_scatter(x > 0, y), Real(2, 9), Real(30)) with { Dynamic = new() { ["x0"] = [0] } },
        OperatorCase.Of("masked_scatter by rows", "aten::masked_scatter", (x, y) =>
            x.masked_scatter(x.sum(1, keepdim: true) > 0, y), Real(2, 5), Real(60)) with { Dynamic = new() { ["x0"] = [0] } },
        OperatorCase.Of("select_scatter", "aten::select_scatter", (x, y) => x.select_scatter(y, 1, 2), Real(2, 5, 3), Real(2, 3)),
        OperatorCase.Of("select_scatter of the last", "aten::select_scatter", (x, y) =>
            x.select_scatter(y, 1, -1), Real(2, 5, 3), Real(2, 3)),
        OperatorCase.Of("slice_scatter", "aten::slice_scatter", (x, y) => x.slice_scatter(y, 1, 1, 4), Real(2, 6), Real(2, 3)),
        OperatorCase.Of("slice_scatter to the end", "aten::slice_scatter", (x, y) => x.slice_scatter(y, 1, -3), Real(2, 6), Real(2, 3)),
        OperatorCase.Of("slice_scatter with a step", "aten::slice_scatter", (x, y) =>
            x.slice_scatter(y, 1, 1, 6, 2), Real(2, 6, 2), Real(2, 3, 2)),
        OperatorCase.Of("diag_embed", "aten::diag_embed", x => x.diag_embed(), Real(2, 4)),
        OperatorCase.Of("diag_embed above, of two stated axes", "aten::diag_embed", x =>
            x.diag_embed(1, 0, 2), Real(2, 4)) with { Dynamic = new() { ["x0"] = [0] } },
        OperatorCase.Of("diag_embed below, of a dynamic axis", "aten::diag_embed", x =>
            x.diag_embed(-2), Whole(int64, 2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
    ];

    // The target is a new tensor.
    private static OperatorCase Put(string name, Func<IReadOnlyList<Tensor>, Tensor> put, Func<IReadOnlyList<Tensor>> examples) =>
        new(name, ["aten::index_put"], x => [put([x[0] * 2, x[1], x[2]])], examples) { Dynamic = Fixed3 };

    private static Dictionary<string, int[]> Fixed3 => new() { ["x0"] = [], ["x1"] = [], ["x2"] = [] };
}
