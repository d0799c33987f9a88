using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class PoolingCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("max_pool2d", "aten::max_pool2d", () => nn.MaxPool2d(2), () => randn(2, 3, 8, 9)),
        OperatorCase.Of("max_pool2d dynamic", "aten::max_pool2d", () => nn.MaxPool2d(3, stride: 2, padding: 1), () =>
            randn(2, 3, 8, 8)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("max_pool2d dilated", "aten::max_pool2d", x =>
            max_pool2d(x, [2, 3], strides: [1, 2], padding: [1, 1], dilation: [2, 1]), () => randn(2, 3, 8, 9)),
        OperatorCase.Of("max_pool2d with ceiling", "aten::max_pool2d", x => max_pool2d(x, 3, stride: 2, ceil_mode: true), () =>
            randn(2, 3, 8, 9)),
        OperatorCase.Of("max_pool2d with ceiling and padding", "aten::max_pool2d", x =>
            max_pool2d(x, 3, stride: 2, padding: 1, ceil_mode: true), () => randn(2, 3, 7, 8)),
        OperatorCase.Of("max_pool2d with ceiling, the last window outside", "aten::max_pool2d", x =>
            max_pool2d(x, 2, stride: 3, padding: 1, ceil_mode: true), () => randn(2, 3, 7, 5)),
        OperatorCase.Of("max_pool2d with ceiling, dynamic", "aten::max_pool2d", x => max_pool2d(x, 2, stride: 2, ceil_mode: true), () =>
            randn(2, 3, 6, 8)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("max_pool2d of doubles", "aten::max_pool2d", x => max_pool2d(x, 2), () => randn([2, 3, 6, 8], float64)),
        OperatorCase.Of("max_pool2d of integers", "aten::max_pool2d", x => max_pool2d(x, 2), () =>
            randint(-50, 50, [2, 3, 6, 8], int64)),
        OperatorCase.Of("max_pool2d of one sample", "aten::max_pool2d", x => max_pool2d(x, 2), () => randn(3, 6, 8)),
        new("max_pool2d_with_indices", ["aten::max_pool2d_with_indices"], x =>
            { var r = max_pool2d_with_indices(x[0], [2, 2]); return [r.output, r.indices]; }, () => [randn(2, 3, 6, 8)]),
        new("max_pool2d_with_indices dynamic", ["aten::max_pool2d_with_indices"], x =>
            { var r = max_pool2d_with_indices(x[0], [3, 3], [2, 2], [1, 1]); return [r.output, r.indices]; }, () =>
                [randn(2, 3, 6, 8)]) { Dynamic = StructureCases.Image },
        new("max_pool1d_with_indices", ["aten::max_pool1d_with_indices"], x =>
            { var r = max_pool1d_with_indices(x[0], 2); return [r.output, r.indices]; }, () => [randn(2, 3, 6)]),
        new("max_pool3d_with_indices", ["aten::max_pool3d_with_indices"], x =>
            { var r = max_pool3d_with_indices(x[0], [2, 2, 2]); return [r.output, r.indices]; }, () => [randn([2, 3, 6, 4, 4])]),
        OperatorCase.Of("max_unpool1d", "aten::max_unpool2d", x =>
            { var r = max_pool1d_with_indices(x, 2); return max_unpool1d(r.output, r.indices, 2, 2); }, () => randn(2, 3, 8)),
        OperatorCase.Of("max_unpool3d", "aten::max_unpool3d", x =>
            { var r = max_pool3d_with_indices(x, [2, 2, 2]); return max_unpool3d(r.output, r.indices, [2, 2, 2], [2, 2, 2], [0, 0, 0]); },
                () => randn([2, 3, 4, 6, 8])),
        OperatorCase.Of("max_unpool2d", "aten::max_unpool2d", x =>
            { var r = max_pool2d_with_indices(x, [2, 2]); return max_unpool2d(r.output, r.indices, [2, 2]); }, () => randn(2, 3, 6, 8)),
        OperatorCase.Of("max_pool1d", "aten::max_pool1d", x => max_pool1d(x, 3, stride: 2, padding: 1), () => randn(2, 3, 9)),
        OperatorCase.Of("max_pool1d dilated", "aten::max_pool1d", x => max_pool1d(x, 3, stride: 1, dilation: 2), () => randn(2, 3, 9)),
        OperatorCase.Of("max_pool3d", "aten::max_pool3d", x => max_pool3d(x, [2, 2, 2]), () => randn([2, 3, 4, 6, 5])),
        OperatorCase.Of("avg_pool2d", "aten::avg_pool2d", () => nn.AvgPool2d(2), () => randn(2, 3, 8, 9)),
        OperatorCase.Of("avg_pool2d padded", "aten::avg_pool2d", x => avg_pool2d(x, 3, stride: 2, padding: 1), () =>
            randn(2, 3, 8, 8)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("avg_pool2d padded, padding not counted", "aten::avg_pool2d", x =>
            avg_pool2d(x, 3, stride: 2, padding: 1, count_include_pad: false), () => randn(2, 3, 8, 9)),
        OperatorCase.Of("avg_pool2d with ceiling", "aten::avg_pool2d", x => avg_pool2d(x, 3, stride: 2, ceil_mode: true), () =>
            randn(2, 3, 8, 10)),
        OperatorCase.Of("avg_pool2d with ceiling and padding", "aten::avg_pool2d", x =>
            avg_pool2d(x, 3, stride: 2, padding: 1, ceil_mode: true), () => randn(2, 3, 7, 8)),
        OperatorCase.Of("avg_pool2d with ceiling and padding not counted", "aten::avg_pool2d", x =>
            avg_pool2d(x, 3, stride: 2, padding: 1, ceil_mode: true, count_include_pad: false), () => randn(2, 3, 7, 8)),
        OperatorCase.Of("avg_pool2d with another divisor", "aten::avg_pool2d", x =>
            avg_pool2d(x, [2, 3], padding: [1, 1], divisor_override: 5), () => randn(2, 3, 8, 9)),
        OperatorCase.Of("avg_pool2d with another divisor and ceiling", "aten::avg_pool2d", x =>
            avg_pool2d(x, [3, 3], stride: [2, 2], ceil_mode: true, divisor_override: 2), () => randn(2, 3, 8, 10)),
        OperatorCase.Of("avg_pool2d of doubles", "aten::avg_pool2d", x => avg_pool2d(x, 2), () => randn([2, 3, 6, 8], float64)),
        OperatorCase.Of("avg_pool2d of one sample", "aten::avg_pool2d", x => avg_pool2d(x, 2), () => randn(3, 6, 8)),
        OperatorCase.Of("avg_pool1d", "aten::avg_pool1d", x => avg_pool1d(x, 3, stride: 2, padding: 1, ceil_mode: true), () =>
            randn(2, 3, 10)),
        OperatorCase.Of("avg_pool3d", "aten::avg_pool3d", x => avg_pool3d(x, [2, 2, 2], padding: [1, 0, 1]), () => randn([2, 3, 4, 6, 5])),
        OperatorCase.Of("adaptive_avg_pool2d to one", "aten::adaptive_avg_pool2d", () => nn.AdaptiveAvgPool2d(1), () =>
            randn(2, 3, 7, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("adaptive_avg_pool2d to a part", "aten::adaptive_avg_pool2d", () => nn.AdaptiveAvgPool2d([2, 4]), () =>
            randn(2, 3, 6, 8)),
        OperatorCase.Of("adaptive_avg_pool2d to the same size", "aten::adaptive_avg_pool2d", () => nn.AdaptiveAvgPool2d([6, 8]), () =>
            randn(2, 3, 6, 8)),
        OperatorCase.Of("adaptive_avg_pool2d uneven", "aten::adaptive_avg_pool2d", () => nn.AdaptiveAvgPool2d([3, 5]), () =>
            randn(2, 3, 7, 8)),
        OperatorCase.Of("adaptive_avg_pool2d to more", "aten::adaptive_avg_pool2d", () => nn.AdaptiveAvgPool2d(7), () => randn(2, 3, 4, 3)),
        OperatorCase.Of("adaptive_avg_pool2d of doubles", "aten::adaptive_avg_pool2d", () => nn.AdaptiveAvgPool2d(3), () =>
            randn([2, 3, 7, 6], float64)),
        OperatorCase.Of("adaptive_avg_pool1d", "aten::adaptive_avg_pool1d", () => nn.AdaptiveAvgPool1d(3), () => randn(2, 3, 7)),
        OperatorCase.Of("adaptive_avg_pool1d to one", "aten::adaptive_avg_pool1d", () => nn.AdaptiveAvgPool1d(1), () => randn(2, 3, 7)),
        OperatorCase.Of("adaptive_avg_pool3d", "aten::adaptive_avg_pool3d", () => nn.AdaptiveAvgPool3d([2, 3, 5]), () =>
            randn([2, 3, 4, 7, 5])),
        OperatorCase.Of("adaptive_avg_pool3d to one", "aten::adaptive_avg_pool3d", () => nn.AdaptiveAvgPool3d(1), () =>
            randn([2, 3, 4, 7, 5])),
        OperatorCase.Of("adaptive_max_pool2d to one", "aten::adaptive_max_pool2d", x => adaptive_max_pool2d(x, [1, 1]), () =>
            randn(2, 3, 7, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("adaptive_max_pool2d to a part", "aten::adaptive_max_pool2d", x => adaptive_max_pool2d(x, [2, 4]), () =>
            randn(2, 3, 6, 8)),
        OperatorCase.Of("adaptive_max_pool2d uneven", "aten::adaptive_max_pool2d", x => adaptive_max_pool2d(x, [3, 5]), () =>
            randn(2, 3, 7, 8)),
        new("adaptive_max_pool2d with indices", ["aten::adaptive_max_pool2d"], x =>
            { var r = adaptive_max_pool2d_with_indices(x[0], [3, 4]); return [r.Values, r.Indices]; }, () => [randn(2, 3, 6, 8)]),
        OperatorCase.Of("adaptive_max_pool1d", "aten::adaptive_max_pool1d", x => adaptive_max_pool1d(x, 3), () => randn(2, 3, 7)),
    ];
}
