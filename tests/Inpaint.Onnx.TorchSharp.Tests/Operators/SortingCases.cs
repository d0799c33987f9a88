using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class SortingCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        Pair("sort", x => x.sort(-1), Real(2, 3, 7)),
        Pair("sort descending along the first axis", x => x.sort(1, descending: true), Real(2, 5, 3)),
        Pair("sort of equal integers, stable", x => x.sort(1, stable: true), Few(int64, 2, 9)),
        Pair("sort descending of equal numbers, stable", x => x.sort(1, descending: true, stable: true), Few(int32, 2, 9)),
        Pair("sort of a dynamic axis", x => x.sort(2), Real(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        Pair("sort of doubles", x => x.sort(1), Double(2, 6)),
        Pair("sort of half floats", x => x.sort(1), Half(2, 6)),
        Pair("sort of int8", x => x.sort(1, stable: true), Whole(int8, 2, 6)),
        OperatorCase.Of("argsort", "aten::argsort", x => x.argsort(), Real(2, 3, 7)),
        OperatorCase.Of("argsort descending", "aten::argsort", x => x.argsort(1, descending: true), Real(2, 5, 3)),
        OperatorCase.Of("msort", "aten::msort", x => x.msort(), Real(4, 3)) with { Dynamic = new() { ["x0"] = [1] } },
        Pair("topk", x => x.topk(3), Real(2, 8)),
        Pair("topk smallest along an axis", x => x.topk(2, 1, largest: false), Real(2, 6, 3)),
        Pair("topk of half of a dynamic axis", x =>
            x.topk((int)(x.shape[2] / 2), 2), Real(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("topk of integers", "aten::topk", x => x.topk(3, 1).values, Whole(int64, 2, 6)),
        Pair("kthvalue", x => x.kthvalue(2, 1), Real(2, 7)),
        Pair("kthvalue that keeps the axis", x => x.kthvalue(4, 1, keepdim: true), Real(2, 7, 3)),
        OperatorCase.Of("median", "aten::median", x => x.median(), Real(3, 4)) with { Dynamic = StructureCases.Fixed },
        OperatorCase.Of("median of all, of any number", "aten::median", x => x.median(), Real(3, 3)),
        Pair("cummax", x => x.cummax(1), Real(2, 7)),
        Pair("cummax of equal numbers", x => x.cummax(1), Few(int64, 2, 9, 2)),
        Pair("cummin", x => x.cummin(-1), Real(2, 3, 5)),
        Pair("cummin of a dynamic axis", x => x.cummin(2), Whole(int32, 2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("searchsorted", "aten::searchsorted", (x, v) => searchsorted(x.sort(1).Values, v), Real(2, 8), Real(2, 5)),
        OperatorCase.Of("searchsorted from the right, of equal numbers", "aten::searchsorted", (x, v) =>
            searchsorted(x.sort(1).Values, v, right: true), Few(int64, 2, 8), Few(int64, 2, 5)),
        OperatorCase.Of("bucketize", "aten::bucketize", x => bucketize(x, tensor(new[] { -3f, 0f, 1f, 4f })), Real(2, 9)),
        OperatorCase.Of("bucketize from the right as int32", "aten::bucketize", x =>
            bucketize(x, tensor(new long[] { -3, 0, 4 }), outInt32: true, right: true), Whole(int64, 2, 9)),
        OperatorCase.Of("isin", "aten::isin", (x, y) =>
            isin(x, y), Whole(int64, 2, 9), Whole(int64, 4)) with { Dynamic = new() { ["x0"] = [0] } },
        OperatorCase.Of("isin inverted", "aten::isin", x => isin(x, tensor(new[] { 1f, 2f }), invert: true), Few(float32, 2, 9)),
    ];

    private static OperatorCase Pair(string name, Func<Tensor, (Tensor, Tensor)> forward, Func<Tensor> example) =>
        new(name, [$"aten::{name.Split(' ')[0]}"], x =>
        {
            (Tensor a, Tensor b) = forward(x[0]);
            return [a, b];
        }, () => [example()]);
}
