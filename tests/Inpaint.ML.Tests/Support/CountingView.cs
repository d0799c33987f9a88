using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Support;

/// <summary>A view that counts reads of each column and open cursors, and can fail at one row.</summary>
internal sealed class CountingView(IDataView source, long failAt = -1) : IDataView
{
    private readonly int[] _reads = new int[source.Schema.Count];
    private int _open;
    private int _moves;

    public Exception Failure { get; } = new InvalidTimeZoneException("the source broke");

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => source.CanShuffle;

    /// <summary>Cursors that are not disposed.</summary>
    public int OpenCursors => Volatile.Read(ref _open);

    /// <summary>Rows that cursors have read.</summary>
    public int Moves => Volatile.Read(ref _moves);

    public int ReadsOf(string column) => Volatile.Read(ref _reads[source.Schema[column].Index]);

    public int AllReads => _reads.Sum();

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, source.GetRowCursor(columnsNeeded, rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. source.GetRowCursorSet(columnsNeeded, n, rand).Select(c => new Cursor(this, c))];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly CountingView _view;
        private readonly DataViewRowCursor _cursor;
        private readonly long _failAt;
        private int _disposed;

        public Cursor(CountingView view, DataViewRowCursor cursor)
        {
            _view = view;
            _cursor = cursor;
            _failAt = view.FailAt;
            Interlocked.Increment(ref view._open);
        }

        public override DataViewSchema Schema => _cursor.Schema;

        public override long Position => _cursor.Position;

        public override long Batch => _cursor.Batch;

        public override bool MoveNext()
        {
            Interlocked.Increment(ref _view._moves);
            bool moved = _cursor.MoveNext();
            return _cursor.Position == _failAt && _failAt >= 0 ? throw _view.Failure : moved;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _cursor.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _cursor.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> getter = _cursor.GetGetter<TValue>(column);
            return (ref TValue value) =>
            {
                Interlocked.Increment(ref _view._reads[column.Index]);
                getter(ref value);
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref _view._open);
                _cursor.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    private long FailAt => failAt;
}
