using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>An ONNX file with its weights inside is one protobuf message, which cannot be larger than 2 GB.</summary>
internal static class GraphSize
{
    // Space for nodes and names in addition to the weights.
    private const long Most = int.MaxValue - (64L << 20);

    /// <exception cref="ExportException">The tensor alone is too large.</exception>
    public static void Require(Tensor tensor) =>
        Require(tensor.numel() * tensor.element_size(), $"A tensor of {tensor.dtype}[{string.Join(", ", tensor.shape)}]");

    /// <summary>Whether weights have room inside one file.</summary>
    public static bool FitsOneFile(long weightBytes) => weightBytes <= Most;

    /// <exception cref="ExportException">They are too many.</exception>
    public static void Require(long bytes, string what)
    {
        if (bytes > Most)
        {
            throw new ExportException($"{what} would take {bytes:N0} bytes; an ONNX file with its weights inside, and each weight, is "
                + "limited to 2 GB. Export to a file with external weights (ExternalData), or store 16-bit floats (Float16 = true, or "
                + "module.half()).");
        }
    }
}
