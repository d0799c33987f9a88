using Inpaint.Onnx.Proto;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>An ONNX file with its weights inside is one protobuf message, which cannot be larger than 2 GB.</summary>
internal static class GraphSize
{
    // Room for nodes and names beside the weights.
    private const long Most = int.MaxValue - (64L << 20);

    /// <exception cref="ExportException">The tensor alone is too large.</exception>
    public static void Require(Tensor tensor) => Require(tensor.numel() * tensor.element_size(), $"A tensor of {tensor.dtype}[{string.Join(", ", tensor.shape)}]");

    /// <exception cref="ExportException">The weights together are too large.</exception>
    public static void Require(GraphProto graph) => Require(graph.Initializer.Sum(i => (long)i.RawData.Length), "The graph's weights");

    /// <summary>Whether the weights have room inside one file.</summary>
    public static bool FitsOneFile(GraphProto graph) => graph.Initializer.Sum(i => (long)i.RawData.Length) <= Most;

    internal static void Require(long bytes, string what)
    {
        if (bytes > Most)
        {
            throw new ExportException($"{what} would take {bytes:N0} bytes; an ONNX file with its weights inside, and each weight, has at most 2 GB. Export it to a file, with the weights beside it (ExternalData), or store it in halves (Float16 = true, or module.half()).");
        }
    }
}
