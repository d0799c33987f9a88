using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Operators;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>How recorded operators become ONNX nodes.</summary>
public static class OnnxConverters
{
    internal static OperatorTable Table { get; } = BuiltIn();

    /// <summary>The operators that can be exported, sorted.</summary>
    public static IReadOnlyList<string> Operators => Table.Operators;

    /// <summary>Adds an operator, or replaces how one is exported, for this process.</summary>
    /// <param name="schema">
    /// The operator's ATen schema, such as <c>aten::erfinv(Tensor self) -> Tensor</c>; for several overloads, one per line.
    /// </param>
    /// <param name="converter">
    /// Reads the arguments by their names in the schema, adds nodes through the context, and ends with
    /// <see cref="OperatorContext.Return"/>.
    /// </param>
    /// <exception cref="ArgumentException">The schema cannot be parsed.</exception>
    public static void Register(string schema, Action<OperatorContext> converter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(schema);
        ArgumentNullException.ThrowIfNull(converter);
        Table.Replace(schema, converter);
    }

    /// <summary>The operators that are part of the package.</summary>
    internal static OperatorTable BuiltIn()
    {
        var table = new OperatorTable();
        ArithmeticOperators.AddTo(table);
        DivisionOperators.AddTo(table);
        ComparisonOperators.AddTo(table);
        UnaryOperators.AddTo(table);
        ActivationOperators.AddTo(table);
        SoftmaxOperators.AddTo(table);
        ReductionOperators.AddTo(table);
        StatisticsOperators.AddTo(table);
        CumulativeOperators.AddTo(table);
        LossOperators.AddTo(table);
        CastOperators.AddTo(table);
        CreationOperators.AddTo(table);
        ConvolutionOperators.AddTo(table);
        PoolingOperators.AddTo(table);
        AdaptivePoolingOperators.AddTo(table);
        NormalizationOperators.AddTo(table);
        ProductOperators.AddTo(table);
        LinearAlgebraOperators.AddTo(table);
        ViewOperators.AddTo(table);
        JoiningOperators.AddTo(table);
        IndexingOperators.AddTo(table);
        ScatteringOperators.AddTo(table);
        SortingOperators.AddTo(table);
        EmbeddingOperators.AddTo(table);
        PixelOperators.AddTo(table);
        PaddingOperators.AddTo(table);
        ResamplingOperators.AddTo(table);
        AttentionOperators.AddTo(table);
        RecurrentOperators.AddTo(table);
        FourierOperators.AddTo(table);
        ComplexOperators.AddTo(table);
        return table;
    }
}
