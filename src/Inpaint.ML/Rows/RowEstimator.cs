using Microsoft.ML;

namespace Inpaint.ML.Rows;

/// <summary>
/// An estimator of a transformer that computes columns row by row: checks the input's columns and states the added ones.
/// The base of all estimators of this package.
/// </summary>
public abstract class RowEstimator<TTransformer> : IEstimator<TTransformer> where TTransformer : RowTransformer
{
    private readonly Func<RowSchema> _row;
    private readonly Func<IDataView, TTransformer> _fit;

    /// <summary>An estimator with nothing to learn: every fit gives the same transformer, as ML.NET's trivial estimators do.</summary>
    private protected RowEstimator(TTransformer transformer) : this(transformer.Row, _ => transformer)
    {
    }

    /// <summary>The same for a transformer with a graph, which is read when the estimator is first used.</summary>
    /// <param name="verb">What messages call the step.</param>
    /// <param name="added">The names of the added columns.</param>
    /// <param name="make">Makes the transformer.</param>
    /// <param name="check">Checks the transformer when it is fitted.</param>
    private protected RowEstimator(
        string verb, IReadOnlyList<string> added, Func<TTransformer> make, Action<TTransformer>? check = null)
    {
        _ = RowSchema.CheckNames(verb, added, name => name);
        var made = new Lazy<TTransformer>(make, LazyThreadSafetyMode.PublicationOnly);
        _row = () => made.Value.Row;
        _fit = _ =>
        {
            check?.Invoke(made.Value);
            return made.Value;
        };
    }

    private protected RowEstimator(RowSchema row, Func<IDataView, TTransformer> fit) => (_row, _fit) = (() => row, fit);

    /// <summary>Checks the input's columns and gives the transformer.</summary>
    /// <exception cref="ArgumentException">An input column is missing or of another type.</exception>
    /// <exception cref="InpaintException">The graph is not found, invalid, or cannot run here.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _row().Check(input.Schema);
        return _fit(input);
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _row().AddTo(inputSchema);
}
