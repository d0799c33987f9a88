using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>A column that a transformer adds.</summary>
internal sealed record AddedColumn(string Name, DataViewType Type);

/// <summary>
/// A transformer that adds columns computed from the same row: passes batches through it, a row at a time where a row is wanted,
/// and saves itself into ML.NET's model files. The base of all transformers of this package.
/// </summary>
public abstract class RowTransformer : ITransformer, IDisposable
{
    private protected RowTransformer()
    {
    }

    /// <summary>Always true: every row's values come from that row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The columns of the input, and the added ones.</summary>
    /// <exception cref="ArgumentException">An input column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        foreach (AddedColumn column in AddedColumns(inputSchema))
        {
            builder.AddColumn(column.Name, column.Type);
        }

        return builder.ToSchema();
    }

    /// <summary>The input with the added columns, computed when they are read.</summary>
    public IDataView Transform(IDataView input) => new RowsView(this, input);

    /// <summary>The same for single rows, as prediction engines use it.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowsMapper(this, inputSchema);

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    /// <summary>Frees what the transformer holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    private protected abstract void SaveModel(ModelSaveContext context);

    /// <summary>The columns added to an input, after checking that it has what they need.</summary>
    internal abstract IReadOnlyList<AddedColumn> AddedColumns(DataViewSchema input);

    /// <summary>The input columns that an added column is computed from.</summary>
    internal abstract IEnumerable<DataViewSchema.Column> Needs(DataViewSchema input);

    /// <summary>Batches under way at once when a whole view is read; 0 to work row by row on the reader's thread.</summary>
    internal virtual int Workers => 0;

    /// <summary>Work for one cursor.</summary>
    /// <param name="input">The cursor, or the single row.</param>
    /// <param name="wanted">Which of the added columns are wanted.</param>
    /// <param name="singleRow">Whether rows come one at a time.</param>
    internal abstract RowWork CreateWork(DataViewRow input, bool[] wanted, bool singleRow);
}
