using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class PaddingCases
{
    private const string Pad = "aten::_pad_enum";

    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("pad by a value", Pad, x => pad(x, [1, 2, 3, 0], PaddingModes.Constant, 0.5), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("pad by zeros on the last axis", Pad, x => pad(x, [1, 2]), () => randn(2, 5)),
        OperatorCase.Of("pad by less than nothing", Pad, x => pad(x, [-1, 2, 1, -2]), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("pad of int64", Pad, x => pad(x, [1, 2], PaddingModes.Constant, 7), () => randint(0, 9, [2, 5], int64)),
        OperatorCase.Of("pad of int16", Pad, x => pad(x, [1, 2], PaddingModes.Constant, 7), () => randint(0, 9, [2, 5], int16)),
        OperatorCase.Of("pad of bool", Pad, x => pad(x, [1, 2], PaddingModes.Constant, 1), () => randn(2, 5) > 0),
        OperatorCase.Of("pad of doubles", Pad, x => pad(x, [1, 2], PaddingModes.Constant, 0.1), () => randn([2, 5], float64)),
        OperatorCase.Of("pad to twice a dynamic size", Pad, x => pad(x, [0, x.shape[3], 0, 0]), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("pad mirrored", Pad, x => pad(x, [1, 2, 3, 0], PaddingModes.Reflect), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("pad mirrored and cut", Pad, x => pad(x, [1, -2, 2, 0], PaddingModes.Reflect), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("pad repeated", Pad, x => pad(x, [1, 2, 3, 0], PaddingModes.Replicate), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("pad repeated and cut", Pad, x => pad(x, [-1, 2, 3, -1], PaddingModes.Replicate), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("pad circular", Pad, x => pad(x, [1, 2, 3, 0], PaddingModes.Circular), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("pad circular and cut", Pad, x => pad(x, [-1, 2, 2, -1], PaddingModes.Circular), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("ReflectionPad1d", Pad, () => nn.ReflectionPad1d((2, 1)), () => randn(2, 3, 5)),
        OperatorCase.Of("ReflectionPad2d", Pad, () => nn.ReflectionPad2d(2), () =>
            randn(2, 3, 5, 4)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("ReflectionPad3d", Pad, () => nn.ReflectionPad3d(1), () => randn([2, 3, 5, 4, 3])),
        OperatorCase.Of("ReplicationPad1d", Pad, () => nn.ReplicationPad1d(2), () => randn(2, 3, 5)),
        OperatorCase.Of("ReplicationPad2d", Pad, () => nn.ReplicationPad2d((1, 2, 3, 0)), () => randn(2, 3, 5, 4)),
        OperatorCase.Of("ReplicationPad3d", Pad, () => nn.ReplicationPad3d(1), () => randn([2, 3, 5, 4, 3])),
        OperatorCase.Of("ZeroPad2d", Pad, () => nn.ZeroPad2d((1, 2, 3, 0)), () => randn(2, 3, 5, 4)),
        OperatorCase.Of("ConstantPad3d", Pad, () => nn.ConstantPad3d(1, 2.5), () => randn([2, 3, 2, 4, 3])),
    ];
}
