using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>
/// A view with a transformer's columns after those of its source. By <see cref="IDataTransform"/>, an internal interface of ML.NET,
/// <c>ConvertToOnnx</c> sees the step and refuses it, rather than leave it and all steps before it out.
/// </summary>
internal sealed class RowsView : IDataTransform
{
    private readonly RowTransformer _transformer;
    private readonly IDataView _source;

    public RowsView(RowTransformer transformer, IDataView source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _transformer = transformer;
        _source = source;
        Schema = transformer.GetOutputSchema(source.Schema);
    }

    public DataViewSchema Schema { get; }

    IDataView IDataTransform.Source => _source;

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_transformer).Save(ctx);

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ActiveColumns active = Activate(columnsNeeded);
        DataViewRowCursor cursor = _source.GetRowCursor(active.Source, rand);
        try
        {
            return active.AnyAdded && _transformer.Workers > 0
                ? new LookAheadCursor(_transformer, Schema, cursor, active)
                : new RowCursor(_transformer, Schema, cursor, active);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        ActiveColumns active = Activate(columnsNeeded);
        if (active.AnyAdded && _transformer.Workers > 0)
        {
            // One cursor keeps all workers busy.
            return [GetRowCursor(columnsNeeded, rand)];
        }

        DataViewRowCursor[] cursors = _source.GetRowCursorSet(active.Source, n, rand);
        return [.. cursors.Select(c => new RowCursor(_transformer, Schema, c, active))];
    }

    private ActiveColumns Activate(IEnumerable<DataViewSchema.Column> needed) => new(_transformer, _source.Schema, Schema, needed);
}

/// <summary>The columns of a transformer's output that are read, and the source columns that they require.</summary>
internal sealed class ActiveColumns
{
    private readonly bool[] _active;

    public ActiveColumns(
        RowTransformer transformer, DataViewSchema source, DataViewSchema output, IEnumerable<DataViewSchema.Column> needed)
    {
        _active = new bool[output.Count];
        foreach (DataViewSchema.Column column in needed)
        {
            _active[column.Index] = true;
        }

        SourceCount = source.Count;
        Added = _active[source.Count..];
        AnyAdded = Array.IndexOf(Added, true) >= 0;
        HashSet<int> dependencies = AnyAdded ? transformer.Row.Dependencies(source) : [];
        Source = [.. source.Where(c => _active[c.Index] || dependencies.Contains(c.Index))];
    }

    /// <summary>Source columns that must be read.</summary>
    public IReadOnlyList<DataViewSchema.Column> Source { get; }

    /// <summary>Number of source columns.</summary>
    public int SourceCount { get; }

    /// <summary>For each added column, whether it is read.</summary>
    public bool[] Added { get; }

    public bool AnyAdded { get; }

    public bool this[int column] => _active[column];

    /// <summary>Refuses a getter for a column that was not requested, or for values of another type than the column's.</summary>
    public void Require<T>(DataViewSchema.Column column)
    {
        if (typeof(T) != column.Type.RawType)
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' is {column.Type}, whose values are {column.Type.RawType}; a getter for {typeof(T)} was requested. "
                    + "Request the column's type.");
        }

        if (!_active[column.Index])
        {
            throw new ArgumentOutOfRangeException(
                nameof(column), $"Column '{column.Name}' was not requested when the cursor was created. Name it in GetRowCursor.");
        }
    }
}
