namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Convolutions, pooling, normalisation, products, attention, and operators that move elements about.</summary>
internal static class StructureCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        .. ConvolutionCases.All,
        .. PoolingCases.All,
        .. NormalizationCases.All,
        .. ProductCases.All,
        .. ViewCases.All,
        .. JoiningCases.All,
        .. IndexingCases.All,
        .. ScatteringCases.All,
        .. SortingCases.All,
        .. PixelCases.All,
        .. PaddingCases.All,
        .. ResamplingCases.All,
        .. AttentionCases.All,
        .. RecurrentCases.All,
        .. LinearAlgebraCases.All,
        .. EmbeddingCases.All,
        .. CumulativeCases.All,
        .. LossCases.All,
        .. FourierCases.All,
        .. CompositeCases.All,
    ];

    /// <summary>No dynamic axis on the first input.</summary>
    public static Dictionary<string, int[]> Fixed => new() { ["x0"] = [] };

    /// <summary>Batch, height and width of the first input are dynamic.</summary>
    public static Dictionary<string, int[]> Image => new() { ["x0"] = [0, 2, 3] };
}
