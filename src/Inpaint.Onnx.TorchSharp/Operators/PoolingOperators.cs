using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Maximum and average over sliding windows in one to three dimensions, and back.</summary>
internal static class PoolingOperators
{
    public static void AddTo(OperatorTable table)
    {
        for (int axes = 1; axes <= 3; axes++)
        {
            int n = axes;
            table.Add($"""
                aten::max_pool{n}d(Tensor self, int[{n}] kernel_size, int[{n}] stride=[], int[{n}] padding=0, int[{n}] dilation=1,
                    bool ceil_mode=False) -> Tensor
                """, c => c.Return(Maximum(c, n, 1)[0]));
            table.Add($"""
                aten::max_pool{n}d_with_indices(Tensor self, int[{n}] kernel_size, int[{n}] stride=[], int[{n}] padding=0,
                    int[{n}] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)
                """, c => c.Return([.. Maximum(c, n, 2)]));
            string divisor = n == 1 ? "" : ", int? divisor_override=None";
            table.Add($"""
                aten::avg_pool{n}d(Tensor self, int[{n}] kernel_size, int[{n}] stride=[], int[{n}] padding=0, bool ceil_mode=False,
                    bool count_include_pad=True{divisor}) -> Tensor
                """, c => c.Return(Average(c, n)));
        }

        // That of one axis is recorded as that of two.
        table.Add("aten::max_unpool2d(Tensor self, Tensor indices, SymInt[2] output_size) -> Tensor", c => Unpool(c, 2));
        table.Add("aten::max_unpool3d(Tensor self, Tensor indices, SymInt[3] output_size, int[3] stride, int[3] padding) -> Tensor",
            c => Unpool(c, 3));
    }

    /// <summary>The input with a batch axis: libtorch also pools a single sample.</summary>
    internal static string Batched(OperatorContext c, int axes, ScalarType type) => c.Rank("self") == axes + 1
        ? c.Unsqueeze(c.Operand("self", type), 0) : c.Operand("self", type);

    /// <summary>The result as libtorch gives it: without the added batch axis, in the output's type.</summary>
    internal static string Unbatched(OperatorContext c, int axes, string value, ScalarType type) =>
        c.Cast(c.Rank("self") == axes + 1 ? c.Squeeze(value, 0) : value, type, c.OutputType());

    /// <summary>The type to take maxima in: floating-point, double for integers.</summary>
    internal static ScalarType MaximumType(ScalarType type) =>
        type is ScalarType.Float32 or ScalarType.Float16 or ScalarType.Int8 or ScalarType.Byte ? type : ScalarType.Float64;

    /// <summary>Indices into a sample's channel, where ONNX counts through the whole batch.</summary>
    internal static string WithinPlane(OperatorContext c, int axes, string indices)
    {
        SymbolicInt[] sides = [.. c.Shape("self").TakeLast(axes)];
        string plane = sides.All(s => s.IsConstant)
            ? c.Scalar(sides.Aggregate(1L, (a, s) => a * s.Value), ScalarType.Int64)
            : c.Node("ReduceProd", [c.Vector(sides)], ("keepdims", 0L));
        string within = c.Node("Mod", [indices, plane]);
        return c.Rank("self") == axes + 1 ? c.Squeeze(within, 0) : within;
    }

    private static string[] Maximum(OperatorContext c, int axes, int outputs)
    {
        ScalarType type = MaximumType(c.ElementType("self"));
        Window window = Window.Of(c, axes, c.Ints("dilation"), c.Flag("ceil_mode"));
        AttributePair[] attributes = [.. window.Attributes(), ("dilations", window.Dilation)];
        IReadOnlyList<string> found = c.Graph.Nodes("MaxPool", [Batched(c, axes, type)], outputs, attributes);
        string value = Unbatched(c, axes, found[0], type);
        return outputs == 1 ? [value] : [value, WithinPlane(c, axes, found[1])];
    }

    private static string Average(OperatorContext c, int axes)
    {
        ScalarType type = CommonNodes.Single(c.ElementType("self"));
        Window window = Window.Of(c, axes, [1], c.Flag("ceil_mode"));
        bool countsPadding = c.Flag("count_include_pad") && window.Padding.Any(p => p > 0);
        string value = Batched(c, axes, type);
        if (axes > 1 && !c.IsNone("divisor_override"))
        {
            // The sum of a window is its mean over all positions, times their number.
            double factor = window.Kernel.Aggregate(1.0, (a, k) => a * k) / c.Int("divisor_override");
            value = c.Node("AveragePool", [value], [.. window.Attributes(), ("count_include_pad", 1L)]);
            return Unbatched(c, axes, c.Node("Mul", [value, c.Scalar(factor, type)]), type);
        }

        if (countsPadding && c.Flag("ceil_mode"))
        {
            // Padding counts, but not what the last window covers beyond it.
            long[] pads = [0, 0, .. window.Padding];
            value = c.Node("Pad", [value, c.Vector([.. pads, .. pads]), c.Scalar(0, type)]);
            window = window with { Padding = new long[axes] };
            countsPadding = false;
        }

        value = c.Node("AveragePool", [value], [.. window.Attributes(), ("count_include_pad", countsPadding ? 1L : 0L)]);
        return Unbatched(c, axes, value, type);
    }

    private static void Unpool(OperatorContext c, int axes)
    {
        // One row per channel of each sample.
        IReadOnlyList<SymbolicInt> shape = c.OutputShape();
        long places = 1;
        foreach (SymbolicInt side in shape.TakeLast(axes))
        {
            places *= side.IsConstant ? side.Value : throw c.Unsupported("sizes that change from run to run");
        }

        SymbolicInt[] rows = [.. shape.SkipLast(axes)];
        string empty = c.Node("ConstantOfShape", [c.Vector([.. rows, places])], ("value", TensorData.Make([0f], 1)));
        SymbolicInt[] flat = [.. rows, c.Shape("self").TakeLast(axes).Aggregate(1L, (a, s) => a * s.Value)];
        string indices = c.Reshape(c.Tensor("indices"), c.Shape("indices"), flat),
            values = c.Reshape(c.Tensor("self"), c.Shape("self"), flat);
        string filled = c.Node("ScatterElements", [c.Cast(empty, ScalarType.Float32, c.OutputType()), indices, values], ("axis", -1L));
        c.Return(c.Reshape(filled, [.. rows, places], shape));
    }

    /// <summary>A sliding window, and how far the last one extends beyond the padding.</summary>
    private sealed record Window(long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, long[] Beyond, bool Ceiling)
    {
        public static Window Of(OperatorContext c, int axes, long[] dilation, bool ceiling)
        {
            long[] kernel = CommonNodes.ForEach(c.Ints("kernel_size"), axes), stride = c.Ints("stride");
            long[] padding = CommonNodes.ForEach(c.Ints("padding"), axes);
            stride = stride.Length == 0 ? kernel : CommonNodes.ForEach(stride, axes);
            dilation = CommonNodes.ForEach(dilation, axes);
            var beyond = new long[axes];
            SymbolicInt[] sides = [.. c.Shape("self").TakeLast(axes)], outputs = [.. c.OutputShape().TakeLast(axes)];
            if (ceiling && sides.All(s => s.IsConstant))
            {
                // Known sizes are expressed by padding, on which all runtimes agree.
                for (int i = 0; i < axes; i++)
                {
                    long reach = ((outputs[i].Value - 1) * stride[i]) + (dilation[i] * (kernel[i] - 1)) + 1;
                    beyond[i] = Math.Max(0, reach - sides[i].Value - (2 * padding[i]));
                }

                ceiling = Enumerable.Range(0, axes).Any(i => padding[i] + beyond[i] >= kernel[i]);
                beyond = ceiling ? new long[axes] : beyond;
            }

            return new Window(kernel, stride, padding, dilation, beyond, ceiling);
        }

        public AttributePair[] Attributes() =>
        [
            ("kernel_shape", Kernel),
            ("strides", Stride),
            ("pads", Padding.Concat(Padding.Zip(Beyond, (p, b) => p + b)).ToArray()),
            ("ceil_mode", Ceiling ? 1L : 0L),
        ];
    }
}
