using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class ResamplingCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        Scaled("nearest twice as large, dynamic", "aten::upsample_nearest2d", [2, 2], InterpolationMode.Nearest,
            null) with { Dynamic = StructureCases.Image },
        Scaled("nearest three by one", "aten::upsample_nearest2d", [3, 1], InterpolationMode.Nearest, null),
        Scaled("nearest by fractions", "aten::upsample_nearest2d", [1.7, 0.6], InterpolationMode.Nearest, null),
        Scaled("nearest half as large, dynamic", "aten::upsample_nearest2d", [0.5, 0.5], InterpolationMode.Nearest,
            null) with { Dynamic = StructureCases.Image },
        Sized("nearest by size", "aten::upsample_nearest2d", [9, 4], InterpolationMode.Nearest, null),
        Sized("nearest by a size that doubles", "aten::upsample_nearest2d", [12, 10], InterpolationMode.Nearest, null),
        OperatorCase.Of("nearest to a dynamic size", "aten::upsample_nearest2d", x =>
            interpolate(x, [x.shape[2] * 2, x.shape[3] * 3]), () => randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("nearest to the size of another", "aten::upsample_nearest2d", (x, y) => interpolate(x, y.shape[2..]) + y, () =>
            randn(2, 3, 4, 5), () => randn(2, 3, 8, 10)) with { Dynamic = new() { ["x0"] = [0], ["x1"] = [0] } },
        OperatorCase.Of("nearest of doubles", "aten::upsample_nearest2d", x => interpolate(x, [7, 10]), () => randn([2, 3, 4, 5], float64)),
        OperatorCase.Of("nearest of bytes", "aten::upsample_nearest2d", x => interpolate(x, scale_factor: [2, 2]), () =>
            randint(0, 255, [2, 3, 4, 5], uint8)),
        OperatorCase.Of("nearest of one axis", "aten::upsample_nearest1d", x => interpolate(x, scale_factor: [2]), () => randn(2, 3, 5)),
        OperatorCase.Of("nearest of one axis by size", "aten::upsample_nearest1d", x => interpolate(x, [7]), () => randn(2, 3, 5)),
        OperatorCase.Of("nearest of three axes", "aten::upsample_nearest3d", x => interpolate(x, scale_factor: [2, 1, 2]), () =>
            randn([2, 3, 2, 3, 4])),
        OperatorCase.Of("upsample_nearest2d", "aten::upsample_nearest2d", x => upsample_nearest2d(x, scaleFactors: [2, 2]), () =>
            randn(2, 3, 4, 5)),
        OperatorCase.Of("upsample_nearest2d by size", "aten::upsample_nearest2d", x => upsample_nearest2d(x, [7, 9]), () =>
            randn(2, 3, 4, 5)),
        OperatorCase.Of("Upsample", "aten::upsample_nearest2d", () => nn.Upsample(scale_factor: [2, 2]), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("Upsample bilinear", "aten::upsample_bilinear2d", () =>
            nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: true), () =>
                randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        .. new[] { false, true }.SelectMany(aligned => (OperatorCase[])
        [
            Scaled($"bilinear twice as large, corners {aligned}", "aten::upsample_bilinear2d", [2, 2], InterpolationMode.Bilinear,
                aligned) with { Dynamic = StructureCases.Image },
            Scaled($"bilinear by fractions, corners {aligned}", "aten::upsample_bilinear2d", [1.7, 0.6], InterpolationMode.Bilinear,
                aligned),
            Sized($"bilinear by size, corners {aligned}", "aten::upsample_bilinear2d", [9, 3], InterpolationMode.Bilinear, aligned),
            Sized($"bilinear to one, corners {aligned}", "aten::upsample_bilinear2d", [1, 1], InterpolationMode.Bilinear, aligned),
            OperatorCase.Of($"bilinear to a dynamic size, corners {aligned}", "aten::upsample_bilinear2d", x =>
                interpolate(x, [x.shape[2] * 2, x.shape[3] / 2], mode: InterpolationMode.Bilinear, align_corners: aligned), () =>
                    randn(2, 3, 4, 6)) with { Dynamic = StructureCases.Image },
            Sized($"bicubic by size, corners {aligned}", "aten::upsample_bicubic2d", [9, 4], InterpolationMode.Bicubic, aligned),
            Scaled($"bicubic twice as large, corners {aligned}", "aten::upsample_bicubic2d", [2, 2], InterpolationMode.Bicubic,
                aligned) with { Dynamic = StructureCases.Image },
            OperatorCase.Of($"linear, corners {aligned}", "aten::upsample_linear1d", x =>
                interpolate(x, [9], mode: InterpolationMode.Linear, align_corners: aligned), () => randn(2, 3, 5)),
            OperatorCase.Of($"trilinear, corners {aligned}", "aten::upsample_trilinear3d", x =>
                interpolate(x, [5, 4, 3], mode: InterpolationMode.Trilinear, align_corners: aligned), () => randn([2, 3, 2, 3, 4])),
        ]),
        OperatorCase.Of("bilinear of doubles", "aten::upsample_bilinear2d", x =>
            interpolate(x, [7, 10], mode: InterpolationMode.Bilinear), () => randn([2, 3, 4, 5], float64)),
        Sized("area", "aten::adaptive_avg_pool2d", [3, 2], InterpolationMode.Area, null),
        OperatorCase.Of("area half as large", "aten::adaptive_avg_pool2d", x =>
            interpolate(x, [x.shape[2] / 2, 2], mode: InterpolationMode.Area), () => randn(2, 3, 4, 6)),
        .. Samples(),
        .. new[] { GridSampleMode.Bilinear, GridSampleMode.Nearest }.Select(mode =>
            OperatorCase.Of($"grid_sample of volumes, {mode}", "aten::grid_sampler", (x, grid) =>
                grid_sample(x, grid, mode, align_corners: false), () => randn([2, 3, 4, 5, 6]), () =>
                    randn([2, 3, 4, 5, 3])) with { Opset = 20 }),
        OperatorCase.Of("grid_sample in operator set 20", "aten::grid_sampler", (x, grid) =>
            grid_sample(x, grid, align_corners: true), () => randn(2, 3, 4, 5), () => randn(2, 6, 7, 2)) with { Opset = 20 },
        OperatorCase.Of("affine_grid", "aten::affine_grid_generator", x => affine_grid(x, [x.shape[0], 3, 4, 5]), () => randn(2, 2, 3)),
        OperatorCase.Of("affine_grid with corners", "aten::affine_grid_generator", x =>
            affine_grid(x, [x.shape[0], 3, 4, 5], align_corners: true), () => randn(2, 2, 3)),
    ];

    private static OperatorCase Scaled(string name, string op, double[] scale, InterpolationMode mode, bool? aligned) =>
        OperatorCase.Of($"interpolate {name}", op, x => interpolate(x, scale_factor: scale, mode: mode, align_corners: aligned), () =>
            randn(2, 3, 6, 8));

    private static OperatorCase Sized(string name, string op, long[] size, InterpolationMode mode, bool? aligned) =>
        OperatorCase.Of($"interpolate {name}", op, x => interpolate(x, size, mode: mode, align_corners: aligned), () => randn(2, 3, 6, 5));

    private static IEnumerable<OperatorCase> Samples() =>
        from mode in new[] { GridSampleMode.Bilinear, GridSampleMode.Nearest }
        from padding in Enum.GetValues<GridSamplePaddingMode>()
        from aligned in new[] { false, true }
        select OperatorCase.Of($"grid_sample {mode} {padding} {aligned}", "aten::grid_sampler", (x, grid) =>
            grid_sample(x, grid, mode, padding, aligned), () => randn(2, 3, 4, 5), () => randn(2, 6, 7, 2));
}
