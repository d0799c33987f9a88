using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>
/// A transformer that adds columns computed from the same row: a view's rows in batches, a prediction engine's one by one.
/// The base of all transformers of this package.
/// </summary>
public abstract class RowTransformer : ITransformer, IDisposable
{
    private readonly Lock _lock = new();
    private int _engines;

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

    /// <summary>
    /// Frees the graph, which is opened again when the transformer is used again. Disposing a prediction engine does not free it: engines
    /// dispose the transformer that they were made from, which others may still use.
    /// </summary>
    public void Dispose()
    {
        if (TryEndEngine())
        {
            return;
        }

        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Counts a prediction engine, which will dispose the transformer but not its row.</summary>
    internal void StartEngine()
    {
        lock (_lock)
        {
            _engines++;
        }
    }

    /// <summary>Ends an engine; false if there is none.</summary>
    internal bool TryEndEngine()
    {
        lock (_lock)
        {
            return _engines > 0 && _engines-- > 0;
        }
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <summary>A processor for one cursor, which applies the step to each item where the rows hold several.</summary>
    /// <inheritdoc cref="CreateProcessor"/>
    internal RowProcessor ProcessorFor(DataViewRow input, bool[] wanted, bool singleRow) => Row.ItemColumnsIn(input.Schema).Any()
        ? new ItemProcessor(this, input, wanted, singleRow)
        : CreateProcessor(input, wanted, singleRow);

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
