using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class PixelCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("pixel_shuffle", "aten::pixel_shuffle", x => pixel_shuffle(x, 2), () =>
            randn(2, 12, 3, 4)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("pixel_shuffle of one sample", "aten::pixel_shuffle", x => pixel_shuffle(x, 3), () =>
            randn(9, 3, 4)) with { Dynamic = StructureCases.Fixed },
        OperatorCase.Of("pixel_shuffle of five axes", "aten::pixel_shuffle", x => pixel_shuffle(x, 2), () => randn([2, 3, 4, 3, 4])),
        OperatorCase.Of("pixel_shuffle of int64", "aten::pixel_shuffle", x => pixel_shuffle(x, 2), () =>
            randint(0, 9, [2, 4, 3, 4], int64)),
        OperatorCase.Of("pixel_unshuffle", "aten::pixel_unshuffle", x => pixel_unshuffle(x, 2), () =>
            randn(2, 3, 4, 6)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("pixel_unshuffle of one channel", "aten::pixel_unshuffle", x => pixel_unshuffle(x, 2), () => randn(2, 1, 4, 6)),
        OperatorCase.Of("channel_shuffle", "aten::channel_shuffle", () => nn.ChannelShuffle(2), () => randn(2, 6, 3, 4)),
        OperatorCase.Of("unfold into patches", "aten::im2col", x => unfold(x, 2, stride: 2), () => randn(2, 3, 4, 6)),
        OperatorCase.Of("unfold into patches, dynamic", "aten::im2col", x => unfold(x, 3, padding: 1), () =>
            randn(2, 3, 4, 6)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("unfold into uneven patches", "aten::im2col", x =>
            unfold(x, (2, 3), dilation: (2, 1), padding: (1, 0), stride: (1, 2)), () => randn(2, 3, 5, 6)),
        OperatorCase.Of("fold", "aten::col2im", x => fold(x, (4, 6), (2, 2), stride: (2, 2)), () => randn(2, 12, 6)),
        OperatorCase.Of("fold of patches that overlap", "aten::col2im", x => fold(x, (5, 6), (3, 2), padding: (1, 0), stride: (2, 1)), () =>
            randn(2, 12, 15)),
        OperatorCase.Of("unfold along an axis", "aten::unfold", x => x.unfold(1, 3, 2), () => randn(2, 8, 3)),
        OperatorCase.Of("unfold along a dynamic axis", "aten::unfold", x => x.unfold(2, 2, 2).unfold(3, 2, 1), () =>
            randn(2, 3, 4, 6)) with { Dynamic = StructureCases.Image },
    ];
}
