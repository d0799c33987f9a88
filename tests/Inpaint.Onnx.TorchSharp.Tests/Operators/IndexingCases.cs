using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.TensorIndex;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class IndexingCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("slice", "aten::slice", x => x.slice(1, 1, 4, 1), () => randn(2, 6, 3)),
        OperatorCase.Of("slice with a step", "aten::slice", x => x.slice(1, 0, 6, 2), () => randn(2, 6, 3)),
        OperatorCase.Of("slices open and negative", "aten::slice", x => x[Ellipsis, Slice(1), Slice(null, -1)], () =>
            randn(2, 3, 6, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("slice with a negative start", "aten::slice", x => x[Colon, Slice(-3, null, 2)], () => randn(2, 6)),
        OperatorCase.Of("slice beyond the end", "aten::slice", x => x.slice(1, 2, 100, 1), () => randint(0, 9, [2, 6], int64)),
        OperatorCase.Of("slice of everything", "aten::slice", x => x.slice(1, 0, 6, 1) * 2, () => randn(2, 6)),
        OperatorCase.Of("alias of a slice from the start to the end", "aten::alias", x => x[Colon, Slice(0, 6)] * 2, () => randn(2, 6)),
        OperatorCase.Of("alias by a range", "aten::alias", x => x[.., 0..] + 1, () => randn(2, 6)),
        OperatorCase.Of("alias that is an output", "aten::alias", x => x[Colon, Slice(0)], () => randn(2, 6)),
        OperatorCase.Of("alias of complex numbers", "aten::alias", x => view_as_real(fft.rfft(x)[Colon, Slice(0)]), () => randn(2, 6)),
        OperatorCase.Of("slice to half of a dynamic size", "aten::slice", x => x.slice(2, 0, x.shape[2] / 2, 1), () =>
            randn(2, 3, 4, 4)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("slice of no elements", "aten::slice", x => x.slice(1, 3, 3, 1), () => randn(2, 6)),
        OperatorCase.Of("narrow", "aten::narrow", x => x.narrow(1, 2, 3), () => randn(2, 6)),
        OperatorCase.Of("narrow dynamic", "aten::narrow", x => x.narrow(2, 1, x.shape[2] - 2), () =>
            randn(2, 3, 4, 4)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("select", "aten::select", x => x.select(1, 2), () => randn(2, 6, 3)),
        OperatorCase.Of("select a negative place", "aten::select", x => x.select(-1, -2), () => randn(2, 6, 3)),
        OperatorCase.Of("select of bool", "aten::select", x => x[Colon, 1], () => randn(2, 6) > 0),
        OperatorCase.Of("select the last of a dynamic axis", "aten::select", x => x.select(2, x.shape[2] - 1), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("index_select", "aten::index_select", (x, i) => x.index_select(1, i), () => randn(2, 6, 3), () =>
            randint(0, 6, [4], int64)),
        OperatorCase.Of("index_select by int32", "aten::index_select", (x, i) => x.index_select(-1, i), () => randn(2, 6), () =>
            randint(0, 6, [4], int32)),
        OperatorCase.Of("index_select by a constant", "aten::index_select", x => x.index_select(1, tensor(new long[] { 5, 0, 0 })), () =>
            randn(2, 6, 3)),
        OperatorCase.Of("gather", "aten::gather", (x, i) => x.gather(1, i), () => randn(2, 6, 3), () => randint(0, 6, [2, 4, 3], int64)),
        OperatorCase.Of("gather of less", "aten::gather", (x, i) => x.gather(-1, i), () => randn(2, 6, 3), () =>
            randint(0, 3, [2, 4, 2], int64)),
        OperatorCase.Of("take", "aten::take", (x, i) => x.take(i), () => randn(2, 6), () => randint(0, 6, [2, 2], int64)),
        OperatorCase.Of("take_along_dim", "aten::take_along_dim", (x, i) => x.take_along_dim(i, 1), () => randn(2, 6, 3), () =>
            randint(0, 6, [2, 4, 1], int64)),
        OperatorCase.Of("index by one tensor", "aten::index", (x, i) => x.index(i), () => randn(5, 3), () =>
            randint(-5, 5, [4], int64)) with { Dynamic = new() { ["x1"] = [0] } },
        OperatorCase.Of("index the second axis", "aten::index", (x, i) => x.index(TensorIndex.Colon, TensorIndex.Tensor(i)), () =>
            randn(2, 5, 3), () => randint(0, 5, [4, 2], int64)),
        OperatorCase.Of("index two axes", "aten::index", (x, i) =>
            x.index(TensorIndex.Colon, TensorIndex.Tensor(i), TensorIndex.Tensor(i + 1)), () => randn(2, 5, 6, 3), () =>
                randint(0, 5, [4], int64)),
        OperatorCase.Of("index two axes that broadcast", "aten::index", (x, i) =>
            x.index(TensorIndex.Tensor(i.unsqueeze(1)), TensorIndex.Tensor(i)), () => randn(5, 5, 3), () =>
                randint(0, 5, [4], int64)) with { Dynamic = new() { ["x1"] = [0] } },
        OperatorCase.Of("index two axes apart", "aten::index", (x, i) =>
            x.index(TensorIndex.Tensor(i), TensorIndex.Colon, TensorIndex.Tensor(i)), () => randn(5, 3, 5), () =>
                randint(0, 5, [4], int64)) with { Dynamic = new() { ["x1"] = [0] } },
        OperatorCase.Of("flip", "aten::flip", x => flip(x, 1, -1), () => randn(2, 3, 4)),
        OperatorCase.Of("flip dynamic", "aten::flip", x => flip(x, 3), () => randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("flip of bool", "aten::flip", x => flip(x, 0), () => randn(2, 3) > 0),
        OperatorCase.Of("fliplr", "aten::fliplr", x => x.fliplr(), () => randn(2, 3)),
        OperatorCase.Of("flipud", "aten::flipud", x => x.flipud(), () => randn(2, 3)),
        OperatorCase.Of("roll", "aten::roll", x => x.roll([1, -2], [1, 2]), () => randn(2, 3, 5)),
        OperatorCase.Of("roll dynamic", "aten::roll", x => x.roll([1, 2], [2, 3]), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("roll by more than there are", "aten::roll", x => x.roll(7, 1), () => randn(2, 3)),
        OperatorCase.Of("roll all", "aten::roll", x => x.roll(2), () => randn(2, 3)) with { Dynamic = StructureCases.Fixed },
        .. Enumerable.Range(-1, 5)
        .Select(k => OperatorCase.Of($"rot90 {k} times", "aten::rot90", x => x.rot90(k, (1, 2)), () => randn(2, 3, 4))),
        OperatorCase.Of("diagonal", "aten::diagonal", x => x.diagonal(0, 1, 2), () => randn(2, 3, 4)),
        OperatorCase.Of("diagonal above", "aten::diagonal", x => x.diagonal(1, -2, -1), () => randn(2, 3, 4, 4)),
        OperatorCase.Of("diagonal below", "aten::diagonal", x => x.diagonal(-1, 2, 1), () => randn(2, 3, 4)),
        OperatorCase.Of("diag", "aten::diag", x => x.diag(1), () => randn(4, 4)) with { Dynamic = StructureCases.Fixed },
    ];
}
