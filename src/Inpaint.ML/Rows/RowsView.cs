using Microsoft.ML;

namespace Inpaint.ML.Rows;

/// <summary>A view with a transformer's columns behind those of its source.</summary>
internal sealed class RowsView : IDataView
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

/// <summary>Which columns of a transformer's output are wanted, and what of the source that takes.</summary>
internal sealed class ActiveColumns
{
    private readonly bool[] _active;

    public ActiveColumns(RowTransformer transformer, DataViewSchema source, DataViewSchema output, IEnumerable<DataViewSchema.Column> needed)
    {
        _active = new bool[output.Count];
        foreach (DataViewSchema.Column column in needed)
        {
            _active[column.Index] = true;
        }

        SourceCount = source.Count;
        Added = _active[source.Count..];
        AnyAdded = Array.IndexOf(Added, true) >= 0;
        var needs = AnyAdded ? transformer.Needs(source).Select(c => c.Index).ToHashSet() : [];
        Source = [.. source.Where(c => _active[c.Index] || needs.Contains(c.Index))];
    }

    /// <summary>Columns of the source that must be read.</summary>
    public IReadOnlyList<DataViewSchema.Column> Source { get; }

    /// <summary>Number of columns of the source.</summary>
    public int SourceCount { get; }

    /// <summary>For each added column, whether it is wanted.</summary>
    public bool[] Added { get; }

    public bool AnyAdded { get; }

    public bool this[int column] => _active[column];
}
