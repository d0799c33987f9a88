using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Convolutions in one to three dimensions, transposed, grouped and dilated.</summary>
internal static class ConvolutionOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::_convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation,
                bool transposed, SymInt[] output_padding, SymInt groups, bool benchmark, bool deterministic, bool cudnn_enabled,
                bool allow_tf32) -> Tensor
            """, Convolution);
        table.Add("""
            aten::_convolution_mode(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, str padding, SymInt[] dilation,
                SymInt groups) -> Tensor
            """, WithPaddingByName);
    }

    private static void Convolution(OperatorContext c)
    {
        int axes = c.Rank("weight") - 2;
        long[] padding = CommonNodes.ForEach(c.Ints("padding"), axes);
        bool transposed = c.Flag("transposed");
        c.Return(Convolve(c, transposed, axes, [.. padding, .. padding], c.Ints("dilation"), c.Int("groups"), transposed
            ? CommonNodes.ForEach(c.Ints("output_padding"), axes) : null));
    }

    private static void WithPaddingByName(OperatorContext c)
    {
        int axes = c.Rank("weight") - 2;
        long[] dilation = CommonNodes.ForEach(c.Ints("dilation"), axes);
        long[] total = c.Text("padding") switch
        {
            "same" => [.. dilation.Select((d, axis) => d * (c.Shape("weight")[axis + 2].Value - 1))],
            "valid" => new long[axes],
            string other => throw c.Unsupported($"padding '{other}'"),
        };

        // An odd remainder is added at the end.
        c.Return(Convolve(c, false, axes, [.. total.Select(t => t / 2), .. total.Select(t => t - (t / 2))], dilation,
            c.Int("groups"), null));
    }

    private static string Convolve(OperatorContext c, bool transposed, int axes, long[] pads, long[] dilation, long groups,
        long[]? outputPadding)
    {
        ScalarType type = CommonNodes.Single(c.OutputType());
        var attributes = new List<AttributePair>
        {
            ("kernel_shape", c.Shape("weight").Skip(2).Select(s => s.Value).ToArray()),
            ("strides", CommonNodes.ForEach(c.Ints("stride"), axes)),
            ("pads", pads),
            ("dilations", CommonNodes.ForEach(dilation, axes)),
            ("group", groups),
        };
        if (outputPadding is not null)
        {
            attributes.Add(("output_padding", outputPadding));
        }

        string[] inputs = c.IsNone("bias") ? [c.Operand("input", type), c.Operand("weight", type)]
            : [c.Operand("input", type), c.Operand("weight", type), c.Operand("bias", type)];
        return c.Cast(c.Node(transposed ? "ConvTranspose" : "Conv", inputs, [.. attributes]), type, c.OutputType());
    }
}
