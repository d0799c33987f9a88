using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>
/// A transformer that adds columns computed from the same row: a view's rows in batches, a prediction engine's one by one.
/// The base of all transformers of this package.
/// </summary>
public abstract class RowTransformer : ITransformer, IDisposable
{
    private protected RowTransformer()
    {
    }

    /// <summary>Always true: every row's values come from that row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The columns read and added.</summary>
    internal abstract RowSchema Row { get; }

    /// <summary>Batches processed at once when a view is read; 0 to compute row by row on the reader's thread.</summary>
    internal virtual int Workers => 0;

    /// <summary>The input's columns followed by the added ones.</summary>
    /// <exception cref="ArgumentException">An input column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Row.AddTo(inputSchema);

    /// <summary>The input with the added columns, computed when they are read.</summary>
    /// <exception cref="ArgumentException">An input column is missing or of another type.</exception>
    public IDataView Transform(IDataView input) => new RowsView(this, input);

    /// <summary>Computes the added columns of single rows.</summary>
    /// <exception cref="ArgumentException">An input column is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowsMapper(this, inputSchema);

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <summary>A processor for one cursor.</summary>
    /// <param name="input">The cursor, or the single row.</param>
    /// <param name="wanted">For each added column, whether it is read.</param>
    /// <param name="singleRow">Whether rows come one at a time.</param>
    internal abstract RowProcessor CreateProcessor(DataViewRow input, bool[] wanted, bool singleRow);

    private protected abstract void Save(ModelSaveContext context);

    /// <summary>Frees what the transformer holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
