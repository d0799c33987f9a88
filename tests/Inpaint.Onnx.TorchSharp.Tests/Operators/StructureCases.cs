using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Convolutions, pooling, normalisation, products, attention, and operators that move elements about.</summary>
internal static class StructureCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("conv2d padded", "aten::_convolution", () => nn.Conv2d(3, 4, 3, padding: 1), () => randn(2, 3, 8, 8)),
    ];
}
