namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Element-wise operators, reductions, casts and tensor creation.</summary>
internal static class ElementwiseCases
{
    public static IEnumerable<OperatorCase> All =>
        [.. ArithmeticCases.All, .. ComparisonCases.All, .. UnaryCases.All, .. ActivationCases.All, .. ReductionCases.All,
            .. CreationCases.All];
}
