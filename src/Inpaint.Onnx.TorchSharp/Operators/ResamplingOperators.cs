using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Interpolation to another size (nearest, linear, cubic), and sampling at given positions.</summary>
internal static class ResamplingOperators
{
    public static void AddTo(OperatorTable table)
    {
        foreach ((int axes, string scales) in new[]
        {
            (1, "float? scales=None"), (2, "float? scales_h=None, float? scales_w=None"),
            (3, "float? scales_d=None, float? scales_h=None, float? scales_w=None"),
        })
        {
            table.Add($"""
                aten::upsample_nearest{axes}d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor
                aten::upsample_nearest{axes}d(Tensor self, SymInt[{axes}] output_size, {scales}) -> Tensor
                """, c => Nearest(c, axes));
        }

        // self, output_size, align_corners, scales... or scale_factors
        table.Add("""
            aten::upsample_linear1d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor
            aten::upsample_linear1d(Tensor self, SymInt[1] output_size, bool align_corners, float? scales=None) -> Tensor
            """, c => Smooth(c, 1, "linear"));
        table.Add("""
            aten::upsample_bilinear2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor
            aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None,
                float? scales_w=None) -> Tensor
            """, c => Smooth(c, 2, "linear"));
        table.Add("""
            aten::upsample_trilinear3d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor
            aten::upsample_trilinear3d(Tensor self, SymInt[3] output_size, bool align_corners, float? scales_d=None,
                float? scales_h=None, float? scales_w=None) -> Tensor
            """, c => Smooth(c, 3, "linear"));
        table.Add("""
            aten::upsample_bicubic2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor
            aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None,
                float? scales_w=None) -> Tensor
            """, c => Smooth(c, 2, "cubic"));
        table.Add("aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor",
            GridSample);
        table.Add("aten::affine_grid_generator(Tensor theta, SymInt[] size, bool align_corners) -> Tensor", AffineGrid);
    }

    private static void Nearest(OperatorContext c, int axes)
    {
        SymbolicInt[] from = [.. c.Shape(Input(c)).TakeLast(axes)], to = [.. c.OutputShape().TakeLast(axes)];
        if (from.SequenceEqual(to))
        {
            c.Return(c.Tensor(Input(c)));
            return;
        }

        double?[] scales = Scales(c, axes);
        bool known = from.Concat(to).All(s => s.IsConstant);
        bool whole = known && from.Zip(to).All(p => p.Second.Value % p.First.Value == 0)
            && Enumerable.Range(0, axes).All(i => scales[i] is null || scales[i] == to[i].Value / from[i].Value);
        ScalarType type = CommonNodes.Single(c.ElementType(Input(c)));
        if (known && (!whole || type != c.ElementType(Input(c))))
        {
            c.Return(Picked(c, axes, scales));
            return;
        }

        AttributePair[] attributes =
        [
            ("mode", "nearest"),
            ("coordinate_transformation_mode", "asymmetric"),
            ("nearest_mode", "floor"),
        ];
        c.Return(c.Cast(Resized(c, c.Operand(Input(c), type), axes, scales, attributes), type, c.OutputType()));
    }

    /// <summary>Gathers, axis by axis, the indices that libtorch picks.</summary>
    private static string Picked(OperatorContext c, int axes, double?[] scales)
    {
        string value = c.Tensor(Input(c));
        for (int i = 0; i < axes; i++)
        {
            int axis = c.Rank(Input(c)) - axes + i;
            long from = c.Shape(Input(c))[axis].Value, to = c.OutputShape()[axis].Value;
            var places = new long[to];
            for (long place = 0; place < to; place++)
            {
                double at = c.ElementType(Input(c)) == ScalarType.Float64
                    ? place * (scales[i] is { } scale ? 1 / scale : (double)from / to)
                    : place * (scales[i] is { } factor ? (float)(1 / factor) : (float)from / to);
                places[place] = Math.Min((long)Math.Floor(at), from - 1);
            }

            value = places.SequenceEqual(Enumerable.Range(0, checked((int)from)).Select(p => (long)p)) ? value
                : c.Node("Gather", [value, c.Vector(places)], ("axis", (long)axis));
        }

        return value;
    }

    private static void Smooth(OperatorContext c, int axes, string mode)
    {
        if (c.Shape(Input(c)).SequenceEqual(c.OutputShape()))
        {
            c.Return(c.Tensor(Input(c)));
            return;
        }

        ScalarType type = CommonNodes.Single(c.ElementType(Input(c)));
        bool aligned = c.Flag("align_corners");
        var attributes =
            new List<AttributePair> { ("mode", mode), ("coordinate_transformation_mode", aligned ? "align_corners" : "half_pixel") };
        if (mode == "cubic")
        {
            attributes.Add(("cubic_coeff_a", -0.75f));
        }

        // With aligned corners the sizes alone count.
        double?[] scales = aligned ? new double?[axes] : Scales(c, axes);
        c.Return(c.Cast(Resized(c, c.Operand(Input(c), type), axes, scales, [.. attributes]), type, c.OutputType()));
    }

    private static string Resized(OperatorContext c, string value, int axes, double?[] scales, AttributePair[] attributes)
    {
        SymbolicInt[] from = [.. c.Shape(Input(c)).TakeLast(axes)], to = [.. c.OutputShape().TakeLast(axes)];
        float[] factors = [.. Enumerable.Range(0, axes).Select(i => (float)(scales[i] ?? Ratio(from[i], to[i])))];
        if (factors.All(f => f > 0) && Enumerable.Range(0, axes).All(i => (long)MathF.Floor(from[i].Value * factors[i]) == to[i].Value))
        {
            using Tensor all = tensor(new float[] { 1, 1 }.Concat(factors).ToArray());
            return c.Node("Resize", [value, "", c.Constant("scales", all)], attributes);
        }

        return c.Node("Resize", [value, "", "", c.Vector([.. c.Shape(Input(c)).Take(2), .. to])], attributes);
    }

    /// <summary>The factor between sizes, if it is an integer at all sizes; otherwise 0.</summary>
    private static double Ratio(SymbolicInt from, SymbolicInt to)
    {
        long whole = from.Value == 0 ? 0 : to.Value / from.Value;
        return whole > 0 && whole * from.Value == to.Value && to.IsTimes(whole, from) ? whole : 0;
    }

    /// <summary>The given scale factors, with which coordinates are computed.</summary>
    private static double?[] Scales(OperatorContext c, int axes)
    {
        if (!c.IsNone("scale_factors"))
        {
            return [.. c.Numbers("scale_factors").Select(s => (double?)s)];
        }

        string[] names = axes == 1 ? ["scales"] : axes == 2 ? ["scales_h", "scales_w"] : ["scales_d", "scales_h", "scales_w"];
        return [.. names.Select(name => c.Number(name, 0) <= 0 ? null : (double?)c.Number(name))];
    }

    /// <summary>The name of the tensor argument, which differs between the overloads.</summary>
    private static string Input(OperatorContext c) => c.IsNone("self") ? "input" : "self";

    private static void GridSample(OperatorContext c)
    {
        // Volumes, and new names of the modes, came with operator set 20.
        c.RequireOpset(c.Rank("input") == 5 ? 20 : 16);
        ScalarType type = CommonNodes.Single(c.ElementType("input"));
        string sampled = c.Node("GridSample", [c.Operand("input", type), c.Operand("grid", type)],
            ("mode", (c.Int("interpolation_mode"), c.Opset >= 20) switch { (0, false) => "bilinear", (0, true) => "linear", (1, _) =>
                "nearest", (_, false) => "bicubic", _ => "cubic" }),
            ("padding_mode", c.Int("padding_mode") switch { 0 => "zeros", 1 => "border", _ => "reflection" }),
            ("align_corners", c.Int("align_corners")));
        c.Return(c.Cast(sampled, type, c.OutputType()));
    }

    private static void AffineGrid(OperatorContext c)
    {
        IReadOnlyList<SymbolicInt> size = c.Sizes("size");
        if (size.Count != 4 || size.Skip(2).Any(s => !s.IsConstant))
        {
            throw c.Unsupported("sizes that change from run to run, or other than four");
        }

        using var scope = global::TorchSharp.torch.NewDisposeScope();
        long height = size[2].Value, width = size[3].Value;
        Tensor Places(long count) => (c.Flag("align_corners"), count) switch
        {
            (_, 1) => zeros(1, c.OutputType()),
            (true, _) => linspace(-1, 1, count, c.OutputType()),
            _ => ((arange(count, c.OutputType()) * 2) + 1) / count - 1,
        };
        Tensor x = Places(width).expand(height, width), y = Places(height).unsqueeze(1).expand(height, width);
        Tensor places = stack([x, y, ones_like(x)], -1).reshape(height * width, 3);
        string grid = c.Node("MatMul", [c.Constant("places", places), c.Transpose(c.Tensor("theta"), 0, 2, 1)]);
        c.Return(c.Node("Reshape", [grid, c.Vector(-1, height, width, 2)]));
    }
}
