using Microsoft.ML;

namespace Inpaint.ML.Rows;

/// <summary>
/// An estimator of a transformer that computes columns row by row: checks the input's columns and states the added ones.
/// The base of all estimators of this package.
/// </summary>
public abstract class RowEstimator<TTransformer> : IEstimator<TTransformer> where TTransformer : RowTransformer
{
    private readonly RowSchema _row;
    private readonly Func<IDataView, TTransformer> _fit;

    /// <summary>An estimator with nothing to learn: every fit gives the same transformer, as ML.NET's trivial estimators do.</summary>
    private protected RowEstimator(TTransformer transformer) : this(transformer.Row, _ => transformer)
    {
    }

    private protected RowEstimator(RowSchema row, Func<IDataView, TTransformer> fit) => (_row, _fit) = (row, fit);

    /// <summary>Checks the input's columns and gives the transformer.</summary>
    /// <exception cref="ArgumentException">An input column is missing or of another type.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _row.Check(input.Schema);
        return _fit(input);
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _row.AddTo(inputSchema);
}
