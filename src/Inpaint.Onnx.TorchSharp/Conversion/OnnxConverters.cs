using System.Collections.Concurrent;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>How recorded operators become ONNX nodes: one small function an operator.</summary>
public static class OnnxConverters
{
    private static readonly ConcurrentDictionary<string, Action<OperatorContext>> Known = new(BuiltIn());
    private static readonly ConcurrentDictionary<string, bool> Registered = [];

    /// <summary>The operators that can be exported, sorted.</summary>
    public static IReadOnlyList<string> Operators => [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds an operator, or replaces how one is exported, for this process.</summary>
    /// <param name="name">Such as <c>aten::erfinv</c>, with its namespace.</param>
    /// <param name="converter">Adds nodes through the context and ends with <see cref="OperatorContext.Return"/>.</param>
    /// <exception cref="ArgumentException">The name has no namespace.</exception>
    public static void Register(string name, Action<OperatorContext> converter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(converter);
        int separator = name.IndexOf("::", StringComparison.Ordinal);
        if (separator <= 0 || separator + 2 == name.Length)
        {
            throw new ArgumentException($"'{name}' has no namespace; expected a name as libtorch records it, such as 'aten::{(separator < 0 ? name : name.Replace("::", "", StringComparison.Ordinal))}'.", nameof(name));
        }

        Known[name] = converter;
        Registered[name] = true;
    }

    /// <summary>Whether an operator is exported by a converter that the program added.</summary>
    internal static bool IsRegistered(string name) => Registered.ContainsKey(name) || (!Known.ContainsKey(name) && name.EndsWith('_') && Registered.ContainsKey(name[..^1]));

    /// <summary>The converter of an operator; one that changes its argument in place (<c>aten::relu_</c>) is the one that does not.</summary>
    internal static Action<OperatorContext>? Find(string name) =>
        Known.TryGetValue(name, out Action<OperatorContext>? converter) ? converter
        : name.EndsWith('_') && Known.TryGetValue(name[..^1], out Action<OperatorContext>? plain) ? plain
        : null;

    /// <summary>The operators that the package brings along.</summary>
    internal static Dictionary<string, Action<OperatorContext>> BuiltIn()
    {
        var table = new Dictionary<string, Action<OperatorContext>>();
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
        ComplexOperators.AddTo(table);
        FourierOperators.AddTo(table);
        return table;
    }
}
