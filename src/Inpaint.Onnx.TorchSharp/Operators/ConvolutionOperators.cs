using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Convolutions in one to three dimensions, transposed, grouped and dilated.</summary>
internal static class ConvolutionOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::_convolution"] = Convolution;
        table["aten::_convolution_mode"] = WithPaddingByName;
    }

    // input, weight, bias, stride, padding, dilation, transposed, output_padding, groups, ...
    private static void Convolution(OperatorContext c)
    {
        int axes = c.Rank(1) - 2;
        long[] padding = CommonNodes.ForEach(c.Ints(4), axes);
        bool transposed = c.Flag(6);
        c.Return(Convolve(c, transposed, axes, [.. padding, .. padding], c.Ints(5), c.Int(8), transposed ? CommonNodes.ForEach(c.Ints(7), axes) : null));
    }

    // input, weight, bias, stride, padding, dilation, groups
    private static void WithPaddingByName(OperatorContext c)
    {
        int axes = c.Rank(1) - 2;
        long[] dilation = CommonNodes.ForEach(c.Ints(5), axes);
        long[] total = c.Text(4) switch
        {
            "same" => [.. dilation.Select((d, axis) => d * (c.Shape(1)[axis + 2].Value - 1))],
            "valid" => new long[axes],
            string other => throw c.Unsupported($"padding '{other}'"),
        };

        // What cannot be shared equally goes behind.
        c.Return(Convolve(c, false, axes, [.. total.Select(t => t / 2), .. total.Select(t => t - (t / 2))], dilation, c.Int(6), null));
    }

    private static string Convolve(OperatorContext c, bool transposed, int axes, long[] pads, long[] dilation, long groups, long[]? outputPadding)
    {
        ScalarType type = CommonNodes.Single(c.OutputType());
        var attributes = new List<AttributePair>
        {
            ("kernel_shape", c.Shape(1).Skip(2).Select(s => s.Value).ToArray()),
            ("strides", CommonNodes.ForEach(c.Ints(3), axes)),
            ("pads", pads),
            ("dilations", CommonNodes.ForEach(dilation, axes)),
            ("group", groups),
        };
        if (outputPadding is not null)
        {
            attributes.Add(("output_padding", outputPadding));
        }

        string[] inputs = c.IsNone(2) ? [c.Operand(0, type), c.Operand(1, type)] : [c.Operand(0, type), c.Operand(1, type), c.Operand(2, type)];
        return c.Cast(c.Node(transposed ? "ConvTranspose" : "Conv", inputs, [.. attributes]), type, c.OutputType());
    }
}
