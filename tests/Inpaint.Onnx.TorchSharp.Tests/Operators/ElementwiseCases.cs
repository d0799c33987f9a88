namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Operators that work element by element, reductions, casts and tensors made from nothing.</summary>
internal static class ElementwiseCases
{
    public static IEnumerable<OperatorCase> All =>
        [.. ArithmeticCases.All, .. ComparisonCases.All, .. UnaryCases.All, .. ActivationCases.All, .. ReductionCases.All,
            .. CreationCases.All];
}
