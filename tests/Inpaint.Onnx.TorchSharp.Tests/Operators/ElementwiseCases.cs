using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Operators that work element by element, reductions, casts and tensors made from nothing.</summary>
internal static class ElementwiseCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("add broadcast", "aten::add", (a, b) => a + b, () => randn(2, 3, 4), () => randn(2, 1, 4)),
        OperatorCase.Of("add number to int64", "aten::add", a => a + 1.5f, () => randint(0, 9, [2, 3], int64)),
    ];
}
