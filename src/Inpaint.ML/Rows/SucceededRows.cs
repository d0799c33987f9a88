using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>The rows of a view whose status is <c>ok</c>.</summary>
internal sealed class SucceededRows : IDataView
{
    private readonly IDataView _source;
    private readonly DataViewSchema.Column _status;

    /// <exception cref="ArgumentException">The view has no status column for the column.</exception>
    public SucceededRows(IDataView source, string column)
    {
        _source = source;
        _status = new[] { $"{column}Status", column }.Select(source.Schema.GetColumnOrNull)
            .FirstOrDefault(found => found?.Type is TextDataViewType)
            ?? throw new ArgumentException(
                $"The input has no text column '{column}Status' or '{column}'; it has "
                    + $"{string.Join(", ", source.Schema.Where(c => !c.IsHidden).Select(c => c.Name))}. Name a column of a step with "
                    + "OnError = OnError.Row, or its status column.", nameof(column));
    }

    public DataViewSchema Schema => _source.Schema;

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return new Cursor(_source.GetRowCursor(needed.Append(_status).DistinctBy(c => c.Index), rand), needed, _status);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return [.. _source.GetRowCursorSet(needed.Append(_status).DistinctBy(c => c.Index), n, rand)
            .Select(cursor => new Cursor(cursor, needed, _status))];
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _source;
        private readonly HashSet<int> _needed;
        private readonly ValueGetter<ReadOnlyMemory<char>> _status;
        private long _position = -1;

        public Cursor(DataViewRowCursor source, IEnumerable<DataViewSchema.Column> needed, DataViewSchema.Column status)
        {
            _source = source;
            _needed = [.. needed.Select(c => c.Index)];
            _status = source.GetGetter<ReadOnlyMemory<char>>(status);
        }

        public override DataViewSchema Schema => _source.Schema;

        public override long Position => _position;

        public override long Batch => _source.Batch;

        public override bool MoveNext()
        {
            ReadOnlyMemory<char> status = default;
            while (_source.MoveNext())
            {
                _status(ref status);
                if (status.Span.SequenceEqual(InpaintingStatus.Ok.ToWord()))
                {
                    _position++;
                    return true;
                }
            }

            _position = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _needed.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _source.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
