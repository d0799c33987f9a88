using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Pixel shuffling, and extracting and combining patches.</summary>
internal static class PixelOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::pixel_shuffle(Tensor self, int upscale_factor) -> Tensor", PixelShuffle);
        table.Add("aten::pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor", PixelUnshuffle);
        table.Add("aten::channel_shuffle(Tensor self, SymInt groups) -> Tensor", ChannelShuffle);
        table.Add("aten::im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor", Patches);
        table.Add("""
            aten::col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor
            """, FromPatches);
        table.Add("aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)", Windows);
    }

    private static void PixelShuffle(OperatorContext c)
    {
        ScalarType type = KernelType(c);
        string shuffled = c.Node("DepthToSpace", [Four(c, type)], ("blocksize", c.Int("upscale_factor")), ("mode", "CRD"));
        c.Return(c.Cast(AsOutput(c, shuffled), type, c.OutputType()));
    }

    private static void PixelUnshuffle(OperatorContext c)
    {
        ScalarType type = KernelType(c);
        long side = c.Int("downscale_factor"), channels = c.Shape("self")[^3].Value, block = side * side;
        string value = c.Node("SpaceToDepth", [Four(c, type)], ("blocksize", side));
        if (channels > 1)
        {
            // ONNX counts places of a block first, libtorch channels.
            long[] places = [.. Enumerable.Range(0, checked((int)(channels * block))).Select(i => (i % block * channels) + (i / block))];
            value = c.Node("Gather", [value, c.Vector(places)], ("axis", 1L));
        }

        c.Return(c.Cast(AsOutput(c, value), type, c.OutputType()));
    }

    private static ScalarType KernelType(OperatorContext c) =>
        c.ElementType("self") is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 ? c.ElementType("self")
            : ScalarType.Float64;

    /// <summary>The input with exactly one axis in front of channels, height and width.</summary>
    private static string Four(OperatorContext c, ScalarType type) => c.Rank("self") switch
    {
        4 => c.Operand("self", type),
        3 => c.Unsqueeze(c.Operand("self", type), 0),
        _ when c.Shape("self").TakeLast(2).All(s => s.IsConstant) =>
            c.Node("Reshape", [c.Operand("self", type), c.Vector([-1, .. c.Shape("self").TakeLast(3).Select(s => s.Value)])]),
        _ => throw c.Unsupported("more than one batch axis and sizes that change"),
    };

    private static string AsOutput(OperatorContext c, string value) => c.Rank("self") switch
    {
        4 => value,
        3 => c.Squeeze(value, 0),
        _ => c.Reshape(value, c.OutputShape()),
    };

    private static void ChannelShuffle(OperatorContext c)
    {
        long channels = c.Shape("self")[1].Value, groups = c.Int("groups"), each = channels / groups;
        long[] places = [.. Enumerable.Range(0, checked((int)channels)).Select(i => (i % groups * each) + (i / groups))];
        c.Return(c.Node("Gather", [c.Tensor("self"), c.Vector(places)], ("axis", 1L)));
    }

    private static void Patches(OperatorContext c)
    {
        long[] kernel = CommonNodes.ForEach(c.Ints("kernel_size"), 2), dilation = CommonNodes.ForEach(c.Ints("dilation"), 2),
            padding = CommonNodes.ForEach(c.Ints("padding"), 2), stride = CommonNodes.ForEach(c.Ints("stride"), 2);
        string value = c.Rank("self") == 3 ? c.Unsqueeze(c.Tensor("self"), 0) : c.Tensor("self");
        long[] pads = [0, 0, .. padding];
        value = padding.All(p => p == 0) ? value : c.Node("Pad", [value, c.Vector([.. pads, .. pads]), c.Scalar(0, c.ElementType("self"))]);

        // Axis by axis, the rows of the padded image that each place of the kernel sees: (N, C, H, W) to (N, C, kh, oh, kw, ow).
        for (int i = 0; i < 2; i++)
        {
            SymbolicInt reach = c.Shape("self")[c.Rank("self") - 2 + i].Plus((2 * padding[i]) - (dilation[i] * (kernel[i] - 1)));
            long[] offsets = [.. Enumerable.Range(0, checked((int)kernel[i])).Select(k => k * dilation[i])];
            string rows = c.Node("Add", [c.Unsqueeze(c.Vector(offsets), 1), c.Unsqueeze(c.Range(reach, stride[i]), 0)]);
            value = c.Node("Gather", [value, rows], ("axis", i == 0 ? 2L : 4L));
        }

        value = c.Transpose(value, 0, 1, 2, 4, 3, 5);
        value = c.Node("Reshape", [value, c.Vector(0, c.Shape("self")[^3].Value * kernel[0] * kernel[1], -1)]);
        c.Return(c.Rank("self") == 3 ? c.Squeeze(value, 0) : value);
    }

    private static void FromPatches(OperatorContext c)
    {
        long[] size = CommonNodes.ForEach(c.Ints("output_size"), 2), kernel = CommonNodes.ForEach(c.Ints("kernel_size"), 2),
            dilation = CommonNodes.ForEach(c.Ints("dilation"), 2);
        long[] padding = CommonNodes.ForEach(c.Ints("padding"), 2), stride = CommonNodes.ForEach(c.Ints("stride"), 2);
        ScalarType type = CommonNodes.Single(c.ElementType("self"));
        long places = kernel[0] * kernel[1], channels = c.Shape("self")[^2].Value / places;
        long[] count =
            [.. Enumerable.Range(0, 2).Select(i => ((size[i] + (2 * padding[i]) - (dilation[i] * (kernel[i] - 1)) - 1) / stride[i]) + 1)];
        long[] open =
            [.. Enumerable.Range(0, 2)
                .Select(i => size[i] - (((count[i] - 1) * stride[i]) - (2 * padding[i]) + (dilation[i] * (kernel[i] - 1)) + 1))];

        // A transposed convolution adds up overlapping patches; its weights are the identity.
        using DisposeScope scope = NewDisposeScope();
        Tensor weights = eye(places, dtype: type).reshape(places, 1, kernel[0], kernel[1]).repeat(channels, 1, 1, 1);
        long[] pads = [.. padding, .. padding];
        string value = c.Node("Reshape", [c.Operand("self", type), c.Vector(-1, channels * places, count[0], count[1])]);
        value = c.Node("ConvTranspose", [value, c.Constant("places", weights)],
            ("kernel_shape", kernel), ("strides", stride), ("dilations", dilation), ("group", channels), ("pads", pads),
                ("output_padding", open));
        c.Return(c.Cast(c.Rank("self") == 2 ? c.Squeeze(value, 0) : value, type, c.OutputType()));
    }

    // Windows along one axis, as a last axis
    private static void Windows(OperatorContext c)
    {
        int rank = c.Rank("self"), axis = c.Axis("dimension", rank);
        long size = c.Int("size"), step = c.Int("step");
        string rows = c.Node("Add", [c.Unsqueeze(c.Range(c.Shape("self")[axis].Plus(1 - size), step), 1), c.Unsqueeze(c.Range(size), 0)]);
        string value = c.Node("Gather", [c.Tensor("self"), rows], ("axis", (long)axis));
        c.Return(c.Transpose(value, [.. Enumerable.Range(0, rank + 1).Where(a => a != axis + 1), axis + 1]));
    }
}
