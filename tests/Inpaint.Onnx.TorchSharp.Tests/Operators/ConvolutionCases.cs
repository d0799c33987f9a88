using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class ConvolutionCases
{
    private const string Op = "aten::_convolution";

    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("conv2d padded", Op, () => nn.Conv2d(3, 4, 3, padding: 1), () => randn(2, 3, 8, 8)),
        OperatorCase.Of("conv2d dynamic height and width", Op, () => nn.Conv2d(3, 4, 3, stride: 2, padding: 1), () =>
            randn(2, 3, 8, 8)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("conv2d of uneven kernel, stride, padding and dilation", Op, () =>
            nn.Conv2d(3, 4, (3, 2), stride: (2, 1), padding: (1, 2), dilation: (2, 3)), () => randn(2, 3, 9, 11)),
        OperatorCase.Of("conv2d grouped without bias", Op, () => nn.Conv2d(4, 6, 3, groups: 2, bias: false), () => randn(2, 4, 7, 7)),
        OperatorCase.Of("conv2d depthwise", Op, () => nn.Conv2d(4, 4, 3, padding: 1, groups: 4), () => randn(2, 4, 7, 7)),
        OperatorCase.Of("conv2d 1x1", Op, () => nn.Conv2d(4, 2, 1), () => randn(1, 4, 5, 5)),
        OperatorCase.Of("conv2d of one sample without a batch axis", Op, () => nn.Conv2d(3, 4, 3), () =>
            randn(3, 8, 8)) with { Dynamic = StructureCases.Fixed },
        OperatorCase.Of("conv2d of doubles", Op, () => nn.Conv2d(3, 4, 3, dtype: float64), () => randn([2, 3, 8, 8], float64)),
        OperatorCase.Of("conv1d strided", Op, () => nn.Conv1d(3, 4, 3, stride: 2, padding: 1), () => randn(2, 3, 11)),
        OperatorCase.Of("conv1d dilated and grouped", Op, () => nn.Conv1d(4, 4, 3, dilation: 2, groups: 2), () => randn(2, 4, 11)),
        OperatorCase.Of("conv3d", Op, () => nn.Conv3d(2, 3, 3, padding: 1), () => randn([2, 2, 5, 6, 7])),
        OperatorCase.Of("conv3d strided and grouped", Op, () => nn.Conv3d(2, 4, 2, stride: 2, groups: 2, bias: false), () =>
            randn([2, 2, 5, 6, 7])),
        .. PaddingModes(),
        OperatorCase.Of("conv2d padded to the same size", "aten::_convolution_mode", () => nn.Conv2d(3, 4, 3, Padding.Same), () =>
            randn(2, 3, 8, 7)),
        OperatorCase.Of("conv2d padded to the same size, even kernel", "aten::_convolution_mode", () =>
            nn.Conv2d(3, 4, (4, 2), Padding.Same, dilation: (1, 3)), () => randn(2, 3, 8, 7)),
        OperatorCase.Of("conv2d padded to the same size, functional", "aten::_convolution_mode", (x, w) =>
            conv2d_padding(x, w, padding: Padding.Same), () => randn(2, 3, 8, 7), () =>
                randn(4, 3, 3, 3)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("conv2d valid", "aten::_convolution_mode", (x, w) =>
            conv2d_padding(x, w, padding: Padding.Valid, strides: [2, 2]), () => randn(2, 3, 8, 7), () =>
                randn(4, 3, 3, 3)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("conv1d padded to the same size", "aten::_convolution_mode", () => nn.Conv1d(3, 4, 4, Padding.Same), () =>
            randn(2, 3, 8)),
        OperatorCase.Of("conv3d padded to the same size", "aten::_convolution_mode", () => nn.Conv3d(2, 2, (3, 2, 3), Padding.Same), () =>
            randn([2, 2, 5, 4, 3])),
        OperatorCase.Of("functional conv2d with weights that are an input", Op, (x, w) => conv2d(x, w, strides: [2, 2]), () =>
            randn(2, 3, 8, 8), () => randn(4, 3, 3, 3)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("functional conv1d", Op, (x, w) => conv1d(x, w, padding: 1), () => randn(2, 3, 8), () =>
            randn(4, 3, 3)) with { Dynamic = new() { ["x0"] = [0] } },
        OperatorCase.Of("conv_transpose2d", Op, () => nn.ConvTranspose2d(3, 4, 4, stride: 2, padding: 1), () => randn(2, 3, 5, 6)),
        OperatorCase.Of("conv_transpose2d with output padding, dynamic sizes", Op, () =>
            nn.ConvTranspose2d(3, 4, 3, stride: 2, padding: 1, output_padding: 1, bias: false), () =>
                randn(2, 3, 5, 6)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("conv_transpose2d grouped and dilated", Op, () => nn.ConvTranspose2d(4, 6, 3, dilation: 2, groups: 2), () =>
            randn(2, 4, 5, 6)),
        OperatorCase.Of("conv_transpose2d uneven", Op, () =>
            nn.ConvTranspose2d(3, 4, (3, 4), stride: (1, 2), padding: (0, 1), output_padding: (0, 1)), () => randn(2, 3, 5, 6)),
        OperatorCase.Of("conv_transpose1d", Op, () => nn.ConvTranspose1d(3, 4, 4, stride: 2, padding: 1), () => randn(2, 3, 5)),
        OperatorCase.Of("conv_transpose3d", Op, () => nn.ConvTranspose3d(2, 3, 2, stride: 2), () => randn([2, 2, 3, 4, 5])),
        OperatorCase.Of("functional conv_transpose2d", Op, (x, w) => conv_transpose2d(x, w, strides: [2, 2]), () => randn(2, 3, 4, 4), () =>
            randn(3, 4, 2, 2)) with { Dynamic = StructureCases.Image },
    ];

    private static IEnumerable<OperatorCase> PaddingModes() =>
        Enum.GetValues<PaddingModes>()
            .Where(m => m is not (global::TorchSharp.PaddingModes.Constant or global::TorchSharp.PaddingModes.Zeros))
            .SelectMany(mode => (OperatorCase[])
    [
        OperatorCase.Of($"conv1d padded by {mode}", Op, () => nn.Conv1d(2, 3, 3, padding: 2, padding_mode: mode), () => randn(2, 2, 8)),
        OperatorCase.Of($"conv2d padded by {mode}", Op, () => nn.Conv2d(2, 3, 3, padding: 1, padding_mode: mode), () =>
            randn(2, 2, 6, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of($"conv3d padded by {mode}", Op, () => nn.Conv3d(2, 3, 3, padding: 1, padding_mode: mode), () =>
            randn([2, 2, 4, 6, 5])),
    ]);
}
