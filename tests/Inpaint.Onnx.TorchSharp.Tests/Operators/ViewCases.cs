using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class ViewCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("view", "aten::view", x => x.view(x.shape[0], 12), () => randn(2, 3, 4)),
        OperatorCase.Of("view with an open axis", "aten::view", x => x.view(-1, 4), () => randn(2, 3, 4)),
        OperatorCase.Of("view by dynamic height and width", "aten::view", x =>
            x.view(x.shape[0], x.shape[1], x.shape[2] * x.shape[3]), () => randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("view into patches by dynamic height and width", "aten::view", x =>
            x.view(x.shape[0], 3, x.shape[2] / 2, 2, x.shape[3] / 2, 2), () => randn(2, 3, 4, 6)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("view of bool", "aten::view", x => x.view(-1), () => randn(2, 3) > 0),
        OperatorCase.Of("reshape", "aten::reshape", x => x.reshape(-1, 6), () => randint(0, 9, [2, 3, 4], int64)),
        OperatorCase.Of("reshape of a transposed tensor", "aten::reshape", x => x.transpose(1, 2).reshape(x.shape[0], -1), () =>
            randn(2, 3, 4)),
        OperatorCase.Of("reshape to the same shape", "aten::reshape", x => x.reshape(x.shape) * 2, () => randn(2, 3, 4)),
        OperatorCase.Of("reshape of no elements", "aten::reshape", x => x.reshape(x.shape[0], 0, 2), () => zeros(2, 4, 0)),
        OperatorCase.Of("flatten", "aten::flatten", x => x.flatten(1), () => randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("flatten in the middle", "aten::flatten", x => x.flatten(1, 2), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("flatten the end, dynamic", "aten::flatten", x => x.flatten(2), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("flatten all", "aten::flatten", x => x.flatten(), () => randn(2, 3)),
        OperatorCase.Of("flatten module", "aten::flatten", () => nn.Flatten(), () => randn(2, 3, 4)),
        OperatorCase.Of("unflatten", "aten::unflatten", x => x.unflatten(1, [2, 3]), () => randn(2, 6, 4)),
        OperatorCase.Of("unflatten with an open axis", "aten::unflatten", x => x.unflatten(1, [2, -1]), () => randn(2, 6, 4)),
        OperatorCase.Of("squeeze one axis", "aten::squeeze", x => x.squeeze(1), () => randn(2, 1, 4, 1)),
        OperatorCase.Of("squeeze a negative axis", "aten::squeeze", x => x.squeeze(-1), () => randn(2, 1, 4, 1)),
        OperatorCase.Of("squeeze an axis of more than one", "aten::squeeze", x => x.squeeze(2) + 1, () => randn(2, 1, 4, 1)),
        OperatorCase.Of("squeeze all", "aten::squeeze", x => x.squeeze(), () => randn(2, 1, 4, 1)) with { Dynamic = StructureCases.Fixed },
        OperatorCase.Of("unsqueeze", "aten::unsqueeze", x => x.unsqueeze(1), () => randn(2, 4)),
        OperatorCase.Of("unsqueeze at the end", "aten::unsqueeze", x => x.unsqueeze(-1), () => randn(2, 4)),
        OperatorCase.Of("permute", "aten::permute", x => x.permute(0, 2, -1, 1), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("permute of bool", "aten::permute", x => x.permute(1, 0), () => randn(2, 3) > 0),
        OperatorCase.Of("transpose", "aten::transpose", x => x.transpose(1, -1), () => randn(2, 3, 4)),
        OperatorCase.Of("t", "aten::t", x => x.t(), () => randn(2, 3)),
        OperatorCase.Of("mT", "aten::mT", x => x.mT, () => randn(2, 3, 4)),
        OperatorCase.Of("movedim", "aten::movedim", x => x.movedim([1], [-1]), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("movedim of two", "aten::movedim", x => x.movedim([3, 1], [0, 2]), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("moveaxis", "aten::movedim", x => x.moveaxis([0], [1]), () => randn(2, 3, 4)),
        OperatorCase.Of("expand", "aten::expand", x => x.expand(-1, 3, 4), () => randn(2, 3, 1)),
        OperatorCase.Of("expand by new axes and the batch", "aten::expand", x => x[0].expand(x.shape[0], 3, 4), () => randn(2, 3, 4)),
        OperatorCase.Of("expand of bool", "aten::expand", x => x.expand(-1, 4), () => randn(2, 1) > 0),
        OperatorCase.Of("expand of int64", "aten::expand", x => x.expand(5, -1, 4), () => randint(0, 9, [2, 1], int64)),
        OperatorCase.Of("broadcast_to", "aten::broadcast_to", x => x.broadcast_to(x.shape[0], 5), () => randn(2, 1)),
        OperatorCase.Of("repeat", "aten::repeat", x => x.repeat(1, 2, 3), () => randn(2, 3, 4)),
        OperatorCase.Of("repeat with a new axis and the batch", "aten::repeat", x => x[0].repeat(x.shape[0], 1, 2), () => randn(2, 3, 4)),
        OperatorCase.Of("repeat of bool", "aten::repeat", x => x.repeat(2, 2), () => randn(2, 3) > 0),
        OperatorCase.Of("tile", "aten::tile", x => x.tile([2]), () => randn(2, 3)),
        OperatorCase.Of("tile with a new axis", "aten::tile", x => x.tile([2, 1, 3]), () => randn(2, 3)),
        OperatorCase.Of("repeat_interleave", "aten::repeat_interleave", x => x.repeat_interleave(3, 1), () => randn(2, 3, 4)),
        OperatorCase.Of("repeat_interleave of the batch", "aten::repeat_interleave", x => x.repeat_interleave(2, 0), () => randn(2, 3)),
        OperatorCase.Of("repeat_interleave of all", "aten::repeat_interleave", x => x.repeat_interleave(2), () => randn(2, 3)),
        OperatorCase.Of("repeat_interleave dynamic", "aten::repeat_interleave", x =>
            x.repeat_interleave(2, 2).repeat_interleave(2, 3), () => randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
    ];
}
