using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Channels exchanged for pixels, and images cut into patches and put together again.</summary>
internal static class PixelOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::pixel_shuffle"] = PixelShuffle;
        table["aten::pixel_unshuffle"] = PixelUnshuffle;
        table["aten::channel_shuffle"] = ChannelShuffle;
        table["aten::im2col"] = Patches;
        table["aten::col2im"] = FromPatches;
        table["aten::unfold"] = Windows;
    }

    private static void PixelShuffle(OperatorContext c)
    {
        ScalarType type = KernelType(c);
        string shuffled = c.Node("DepthToSpace", [Four(c, type)], ("blocksize", c.Int(1)), ("mode", "CRD"));
        c.Return(c.Cast(AsOutput(c, shuffled), type, c.OutputType()));
    }

    private static void PixelUnshuffle(OperatorContext c)
    {
        ScalarType type = KernelType(c);
        long side = c.Int(1), channels = c.Shape(0)[^3].Value, block = side * side;
        string value = c.Node("SpaceToDepth", [Four(c, type)], ("blocksize", side));
        if (channels > 1)
        {
            // ONNX counts places of a block first, libtorch channels.
            long[] places = [.. Enumerable.Range(0, checked((int)(channels * block))).Select(i => (i % block * channels) + (i / block))];
            value = c.Node("Gather", [value, c.Vector(places)], ("axis", 1L));
        }

        c.Return(c.Cast(AsOutput(c, value), type, c.OutputType()));
    }

    private static ScalarType KernelType(OperatorContext c) => c.ElementType(0) is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 ? c.ElementType(0) : ScalarType.Float64;

    /// <summary>The input with exactly one axis in front of channels, height and width.</summary>
    private static string Four(OperatorContext c, ScalarType type) => c.Rank(0) switch
    {
        4 => c.Operand(0, type),
        3 => c.Unsqueeze(c.Operand(0, type), 0),
        _ when c.Shape(0).TakeLast(2).All(s => s.IsConstant) => c.Node("Reshape", [c.Operand(0, type), c.Vector([-1, .. c.Shape(0).TakeLast(3).Select(s => s.Value)])]),
        _ => throw c.Unsupported("more than one batch axis and sizes that change"),
    };

    private static string AsOutput(OperatorContext c, string value) => c.Rank(0) switch
    {
        4 => value,
        3 => c.Squeeze(value, 0),
        _ => c.Reshape(value, c.OutputShape()),
    };

    // self, groups
    private static void ChannelShuffle(OperatorContext c)
    {
        long channels = c.Shape(0)[1].Value, groups = c.Int(1), each = channels / groups;
        long[] places = [.. Enumerable.Range(0, checked((int)channels)).Select(i => (i % groups * each) + (i / groups))];
        c.Return(c.Node("Gather", [c.Tensor(0), c.Vector(places)], ("axis", 1L)));
    }

    // self, kernel_size, dilation, padding, stride
    private static void Patches(OperatorContext c)
    {
        long[] kernel = CommonNodes.ForEach(c.Ints(1), 2), dilation = CommonNodes.ForEach(c.Ints(2), 2), padding = CommonNodes.ForEach(c.Ints(3), 2), stride = CommonNodes.ForEach(c.Ints(4), 2);
        string value = c.Rank(0) == 3 ? c.Unsqueeze(c.Tensor(0), 0) : c.Tensor(0);
        long[] pads = [0, 0, .. padding];
        value = padding.All(p => p == 0) ? value : c.Node("Pad", [value, c.Vector([.. pads, .. pads]), c.Scalar(0, c.ElementType(0))]);

        // Axis by axis, the rows of the padded image that each place of the kernel sees: (N, C, H, W) to (N, C, kh, oh, kw, ow).
        for (int i = 0; i < 2; i++)
        {
            SymbolicInt reach = c.Shape(0)[c.Rank(0) - 2 + i].Plus((2 * padding[i]) - (dilation[i] * (kernel[i] - 1)));
            long[] offsets = [.. Enumerable.Range(0, checked((int)kernel[i])).Select(k => k * dilation[i])];
            string rows = c.Node("Add", [c.Unsqueeze(c.Vector(offsets), 1), c.Unsqueeze(c.Range(reach, stride[i]), 0)]);
            value = c.Node("Gather", [value, rows], ("axis", i == 0 ? 2L : 4L));
        }

        value = c.Transpose(value, 0, 1, 2, 4, 3, 5);
        value = c.Node("Reshape", [value, c.Vector(0, c.Shape(0)[^3].Value * kernel[0] * kernel[1], -1)]);
        c.Return(c.Rank(0) == 3 ? c.Squeeze(value, 0) : value);
    }

    // self, output_size, kernel_size, dilation, padding, stride
    private static void FromPatches(OperatorContext c)
    {
        long[] size = CommonNodes.ForEach(c.Ints(1), 2), kernel = CommonNodes.ForEach(c.Ints(2), 2), dilation = CommonNodes.ForEach(c.Ints(3), 2);
        long[] padding = CommonNodes.ForEach(c.Ints(4), 2), stride = CommonNodes.ForEach(c.Ints(5), 2);
        ScalarType type = CommonNodes.Single(c.ElementType(0));
        long places = kernel[0] * kernel[1], channels = c.Shape(0)[^2].Value / places;
        long[] count = [.. Enumerable.Range(0, 2).Select(i => ((size[i] + (2 * padding[i]) - (dilation[i] * (kernel[i] - 1)) - 1) / stride[i]) + 1)];
        long[] open = [.. Enumerable.Range(0, 2).Select(i => size[i] - (((count[i] - 1) * stride[i]) - (2 * padding[i]) + (dilation[i] * (kernel[i] - 1)) + 1))];

        // A transposed convolution adds each patch up where it belongs; its weights are ones, each for its own place.
        using DisposeScope scope = NewDisposeScope();
        Tensor weights = eye(places, dtype: type).reshape(places, 1, kernel[0], kernel[1]).repeat(channels, 1, 1, 1);
        long[] pads = [.. padding, .. padding];
        string value = c.Node("Reshape", [c.Operand(0, type), c.Vector(-1, channels * places, count[0], count[1])]);
        value = c.Node("ConvTranspose", [value, c.Constant("places", GraphConverter.ToProto(weights))],
            ("kernel_shape", kernel), ("strides", stride), ("dilations", dilation), ("group", channels), ("pads", pads), ("output_padding", open));
        c.Return(c.Cast(c.Rank(0) == 2 ? c.Squeeze(value, 0) : value, type, c.OutputType()));
    }

    // self, dimension, size, step: windows along one axis, as a last axis
    private static void Windows(OperatorContext c)
    {
        int rank = c.Rank(0), axis = c.Axis(1, rank);
        long size = c.Int(2), step = c.Int(3);
        string rows = c.Node("Add", [c.Unsqueeze(c.Range(c.Shape(0)[axis].Plus(1 - size), step), 1), c.Unsqueeze(c.Range(size), 0)]);
        string value = c.Node("Gather", [c.Tensor(0), rows], ("axis", (long)axis));
        c.Return(c.Transpose(value, [.. Enumerable.Range(0, rank + 1).Where(a => a != axis + 1), axis + 1]));
    }
}
