namespace Inpaint.Onnx.TorchSharp;

/// <summary>Convolutions in one to three dimensions, transposed, grouped and dilated.</summary>
internal static class ConvolutionOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table) => table["aten::_convolution"] = Convolution;

    // input, weight, bias, stride, padding, dilation, transposed, output_padding, groups, ...
    private static void Convolution(OperatorContext c)
    {
        long[] padding = c.Ints(4);
        string[] inputs = c.IsNone(2) ? [c.Tensor(0), c.Tensor(1)] : [c.Tensor(0), c.Tensor(1), c.Tensor(2)];
        long[] pads = [.. padding, .. padding], kernel = [.. c.Shape(1).Skip(2).Select(s => s.Value)];
        var attributes = new List<AttributePair>
        {
            ("kernel_shape", kernel),
            ("strides", c.Ints(3)),
            ("pads", pads),
            ("dilations", c.Ints(5)),
            ("group", c.Int(8)),
        };
        bool transposed = c.Flag(6);
        if (transposed)
        {
            attributes.Add(("output_padding", c.Ints(7)));
        }

        c.Return(c.Node(transposed ? "ConvTranspose" : "Conv", inputs, [.. attributes]));
    }
}
