using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Interpolation to another size: nearest, linear in one to three dimensions, cubic; and sampling at stated places.</summary>
internal static class ResamplingOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        // self, output_size, scales... or, for the .vec forms, self, output_size, scale_factors
        for (int axes = 1; axes <= 3; axes++)
        {
            int n = axes;
            table[$"aten::upsample_nearest{n}d"] = c => Nearest(c, n);
        }

        // self, output_size, align_corners, scales... or scale_factors
        table["aten::upsample_linear1d"] = c => Smooth(c, 1, "linear");
        table["aten::upsample_bilinear2d"] = c => Smooth(c, 2, "linear");
        table["aten::upsample_trilinear3d"] = c => Smooth(c, 3, "linear");
        table["aten::upsample_bicubic2d"] = c => Smooth(c, 2, "cubic");
        table["aten::grid_sampler"] = GridSample;
        table["aten::affine_grid_generator"] = AffineGrid;
    }

    private static void Nearest(OperatorContext c, int axes)
    {
        SymbolicInt[] from = [.. c.Shape(0).TakeLast(axes)], to = [.. c.OutputShape().TakeLast(axes)];
        if (from.SequenceEqual(to))
        {
            c.Return(c.Tensor(0));
            return;
        }

        double?[] scales = Scales(c, axes, 2);
        bool known = from.Concat(to).All(s => s.IsConstant);
        bool whole = known && from.Zip(to).All(p => p.Second.Value % p.First.Value == 0) && Enumerable.Range(0, axes).All(i => scales[i] is null || scales[i] == to[i].Value / from[i].Value);
        ScalarType type = CommonNodes.Single(c.ElementType(0));
        if (known && (!whole || type != c.ElementType(0)))
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
        c.Return(c.Cast(Resized(c, c.Operand(0, type), axes, scales, attributes), type, c.OutputType()));
    }

    /// <summary>Axis by axis, the places that libtorch picks, computed as it does.</summary>
    private static string Picked(OperatorContext c, int axes, double?[] scales)
    {
        string value = c.Tensor(0);
        for (int i = 0; i < axes; i++)
        {
            int axis = c.Rank(0) - axes + i;
            long from = c.Shape(0)[axis].Value, to = c.OutputShape()[axis].Value;
            var places = new long[to];
            for (long place = 0; place < to; place++)
            {
                double at = c.ElementType(0) == ScalarType.Float64
                    ? place * (scales[i] is { } scale ? 1 / scale : (double)from / to)
                    : place * (scales[i] is { } factor ? (float)(1 / factor) : (float)from / to);
                places[place] = Math.Min((long)Math.Floor(at), from - 1);
            }

            value = places.SequenceEqual(Enumerable.Range(0, checked((int)from)).Select(p => (long)p)) ? value : c.Node("Gather", [value, c.Vector(places)], ("axis", (long)axis));
        }

        return value;
    }

    private static void Smooth(OperatorContext c, int axes, string mode)
    {
        if (c.Shape(0).SequenceEqual(c.OutputShape()))
        {
            c.Return(c.Tensor(0));
            return;
        }

        ScalarType type = CommonNodes.Single(c.ElementType(0));
        bool aligned = c.Flag(2);
        var attributes = new List<AttributePair> { ("mode", mode), ("coordinate_transformation_mode", aligned ? "align_corners" : "half_pixel") };
        if (mode == "cubic")
        {
            attributes.Add(("cubic_coeff_a", -0.75f));
        }

        // With aligned corners the sizes alone count.
        double?[] scales = aligned ? new double?[axes] : Scales(c, axes, 3);
        c.Return(c.Cast(Resized(c, c.Operand(0, type), axes, scales, [.. attributes]), type, c.OutputType()));
    }

    private static string Resized(OperatorContext c, string value, int axes, double?[] scales, AttributePair[] attributes)
    {
        SymbolicInt[] from = [.. c.Shape(0).TakeLast(axes)], to = [.. c.OutputShape().TakeLast(axes)];
        float[] factors = [.. Enumerable.Range(0, axes).Select(i => (float)(scales[i] ?? Ratio(from[i], to[i])))];
        if (factors.All(f => f > 0) && Enumerable.Range(0, axes).All(i => (long)MathF.Floor(from[i].Value * factors[i]) == to[i].Value))
        {
            float[] all = [1, 1, .. factors];
            return c.Node("Resize", [value, "", c.Constant("scales", TensorData.Make(all, all.Length))], attributes);
        }

        return c.Node("Resize", [value, "", "", c.Vector([.. c.Shape(0).Take(2), .. to])], attributes);
    }

    /// <summary>How many times as large, where that is a whole number at all sizes; else 0.</summary>
    private static double Ratio(SymbolicInt from, SymbolicInt to)
    {
        long whole = from.Value == 0 ? 0 : to.Value / from.Value;
        return whole > 0 && whole * from.Value == to.Value && to.IsTimes(whole, from) ? whole : 0;
    }

    /// <summary>The scale factors that were stated, which the places are computed with.</summary>
    private static double?[] Scales(OperatorContext c, int axes, int first)
    {
        if (c.IsList(first))
        {
            return [.. c.Numbers(first).Select(s => (double?)s)];
        }

        return [.. Enumerable.Range(0, axes).Select(i => c.IsNone(first + i) || c.Number(first + i) <= 0 ? null : (double?)c.Number(first + i))];
    }

    // input, grid, interpolation_mode, padding_mode, align_corners
    private static void GridSample(OperatorContext c)
    {
        // Volumes, and the modes' newer names, came with operator set 20.
        c.RequireOpset(c.Rank(0) == 5 ? 20 : 16);
        ScalarType type = CommonNodes.Single(c.ElementType(0));
        string sampled = c.Node("GridSample", [c.Operand(0, type), c.Operand(1, type)],
            ("mode", (c.Int(2), c.Opset >= 20) switch { (0, false) => "bilinear", (0, true) => "linear", (1, _) => "nearest", (_, false) => "bicubic", _ => "cubic" }),
            ("padding_mode", c.Int(3) switch { 0 => "zeros", 1 => "border", _ => "reflection" }),
            ("align_corners", c.Int(4)));
        c.Return(c.Cast(sampled, type, c.OutputType()));
    }

    // theta, size, align_corners
    private static void AffineGrid(OperatorContext c)
    {
        IReadOnlyList<SymbolicInt> size = c.Sizes(1);
        if (size.Count != 4 || size.Skip(2).Any(s => !s.IsConstant))
        {
            throw c.Unsupported("sizes that change from run to run, or other than four");
        }

        using var scope = global::TorchSharp.torch.NewDisposeScope();
        long height = size[2].Value, width = size[3].Value;
        Tensor Places(long count) => (c.Flag(2), count) switch
        {
            (_, 1) => zeros(1, c.OutputType()),
            (true, _) => linspace(-1, 1, count, c.OutputType()),
            _ => ((arange(count, c.OutputType()) * 2) + 1) / count - 1,
        };
        Tensor x = Places(width).expand(height, width), y = Places(height).unsqueeze(1).expand(height, width);
        Tensor places = stack([x, y, ones_like(x)], -1).reshape(height * width, 3);
        string grid = c.Node("MatMul", [c.Constant("places", GraphConverter.ToProto(places)), c.Transpose(c.Tensor(0), 0, 2, 1)]);
        c.Return(c.Node("Reshape", [grid, c.Vector(-1, height, width, 2)]));
    }
}
