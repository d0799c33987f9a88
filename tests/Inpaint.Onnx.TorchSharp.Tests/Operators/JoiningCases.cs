using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class JoiningCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("cat", "aten::cat", (x, y) => cat([x, y], 1), () => randn(2, 3, 4), () => randn(2, 5, 4)),
        OperatorCase.Of("cat on the last axis", "aten::cat", (x, y) => cat([x, y, x], -1), () => randn(2, 3), () => randn(2, 5)),
        OperatorCase.Of("cat of batches", "aten::cat", (x, y) => cat([x, y], 0), () => randn(2, 3), () => randn(2, 3)),
        OperatorCase.Of("cat of types", "aten::cat", (x, y) => cat([x, y], 1), () => randint(0, 9, [2, 3], int64), () => randn(2, 5)),
        OperatorCase.Of("cat of bool", "aten::cat", (x, y) => cat([x, y], 1), () => randn(2, 3) > 0, () => randn(2, 3) > 0),
        OperatorCase.Of("cat with an empty vector", "aten::cat", (x, y) => cat([x, y], 1), () => randn(2, 3), () =>
            zeros(0)) with { Dynamic = new() { ["x0"] = [0] } },
        OperatorCase.Of("stack", "aten::stack", (x, y) => stack([x, y], 1), () => randn(2, 3), () => randn(2, 3)),
        OperatorCase.Of("stack on the last axis", "aten::stack", (x, y) => stack([x, y], -1), () => randn(2, 3), () => randn(2, 3)),
        OperatorCase.Of("stack in front", "aten::stack", (x, y) => stack([x, y]), () => randn(2, 3), () => randn(2, 3)),
        OperatorCase.Of("hstack", "aten::hstack", (x, y) => hstack([x, y]), () => randn(2, 3), () => randn(2, 3)),
        OperatorCase.Of("hstack of vectors", "aten::hstack", (x, y) => hstack([x, y]), () => randn(3), () => randn(4)),
        OperatorCase.Of("vstack", "aten::vstack", (x, y) => vstack([x, y]), () => randn(3), () =>
            randn(2, 3)) with { Dynamic = new() { ["x1"] = [0] } },
        OperatorCase.Of("dstack", "aten::dstack", (x, y) => dstack([x, y]), () => randn(2, 3), () => randn(2, 3, 2)),
        OperatorCase.Of("column_stack", "aten::column_stack", (x, y) => column_stack([x, y]), () => randn(2), () => randn(2, 3)),
        Parts("split by size", "aten::split", x => x.split(2, 1), () => randn(2, 5, 3)),
        Parts("split by sizes", "aten::split_with_sizes", x => x.split([1, 4], 1), () => randn(2, 5, 3)),
        Parts("chunk", "aten::chunk", x => x.chunk(3, 1), () => randn(2, 7, 3)),
        Parts("chunk on the last axis", "aten::chunk", x => x.chunk(2, -1), () => randn(2, 6)),
        Parts("chunk of a dynamic axis", "aten::chunk", x => x.chunk(2, 2), () =>
            randn(2, 3, 4, 4)) with { Dynamic = StructureCases.Image },
        Parts("tensor_split by number", "aten::tensor_split", x => x.tensor_split(3, 1), () => randn(2, 7)),
        Parts("tensor_split by places", "aten::tensor_split", x => x.tensor_split([1, 3], 1), () => randn(2, 7)),
        Parts("unbind", "aten::unbind", x => x.unbind(1), () => randn(2, 3, 4)),
        Parts("unbind the last axis", "aten::unbind", x => x.unbind(-1), () => randn(2, 3, 2)),
        new("broadcast_tensors", ["aten::broadcast_tensors"], x => [.. broadcast_tensors(x[0], x[1])], () =>
            [randn(2, 1, 3), randn(4, 1)]) { Dynamic = new() { ["x0"] = [0] } },
        new("meshgrid", ["aten::meshgrid"], x => [.. meshgrid([x[0], x[1]])], () => [randn(3), randn(4)]),
        new("meshgrid of images", ["aten::meshgrid"], x => [.. meshgrid([x[0], x[1]], indexing: "xy")], () => [randn(3), randn(4)]),
    ];

    private static OperatorCase Parts(string name, string op, Func<Tensor, IReadOnlyList<Tensor>> forward, Func<Tensor> example) =>
        new(name, [op], x => forward(x[0]), () => [example()]);
}
