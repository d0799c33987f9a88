using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>
/// A cursor that reads ahead: batches of rows are read from the source on the reader's thread, processed by parallel workers and returned
/// in the source's order. The requested source columns of each row are copied meanwhile.
/// </summary>
internal sealed class LookAheadCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly ActiveColumns _active;
    private readonly OrderedWorkers<RowBatch> _workers;
    private readonly ValueGetter<DataViewRowId> _sourceId;
    private RowBatch? _current;
    private int _row = -1;
    private long _position = -1;
    private bool _sourceEnded;
    private bool _ended;
    private bool _disposed;

    public LookAheadCursor(RowTransformer transformer, DataViewSchema schema, DataViewRowCursor source, ActiveColumns active)
    {
        Schema = schema;
        _source = source;
        _active = active;
        _sourceId = source.GetIdGetter();
        _workers = new OrderedWorkers<RowBatch>(
            transformer.Workers,
            () => new RowBatch(transformer.ProcessorFor(source, active.Added, singleRow: false), source, active),
            Fill,
            (batch, stop) => batch.Processor.Run(batch.Count, stop));
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => _current is null ? 0 : _current.Batches[_row];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        if (_ended)
        {
            return false;
        }

        if (_current is null || ++_row >= _current.Count)
        {
            _current?.SourceError?.Throw();
            _row = 0;
            _current = _workers.Next();
            if (_current is null)
            {
                _ended = true;
                _position = -1;
                return false;
            }
        }

        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = Current.Ids[_row];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _active.Require<TValue>(column);
        int index = column.Index;
        if (index < _active.SourceCount)
        {
            return (ref TValue value) => Current.PassThrough[index]!.Get(_row, ref value);
        }

        int output = index - _active.SourceCount;
        return (ref TValue value) => Current.Processor.Get(output, _row, ref value);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = _ended = true;
            _current = null;
            _workers.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private RowBatch Current => _current
        ?? throw new InvalidOperationException("The cursor is not on a row; call MoveNext first and read only while it returns true.");

    private bool Fill(RowBatch batch)
    {
        batch.Count = 0;
        batch.SourceError = null;
        try
        {
            while (batch.Count < batch.Processor.Capacity && !_sourceEnded)
            {
                if (!_source.MoveNext())
                {
                    _sourceEnded = true;
                    break;
                }

                batch.Capture(_source, _sourceId);
            }
        }
        catch (Exception e) when (batch.Count > 0)
        {
            // The rows before the failure are returned first.
            batch.SourceError = ExceptionDispatchInfo.Capture(e);
            _sourceEnded = true;
        }

        return batch.Count > 0;
    }

    private sealed class RowBatch(RowProcessor processor, DataViewRow source, ActiveColumns active) : IDisposable
    {
        public RowProcessor Processor => processor;

        public int Count { get; set; }

        public ExceptionDispatchInfo? SourceError { get; set; }

        public DataViewRowId[] Ids { get; } = new DataViewRowId[processor.Capacity];

        public long[] Batches { get; } = new long[processor.Capacity];

        public PassThroughColumn?[] PassThrough { get; } =
            [.. source.Schema.Select(c => active[c.Index] ? PassThroughColumn.Create(source, c, processor.Capacity) : null)];

        public void Capture(DataViewRow row, ValueGetter<DataViewRowId> id)
        {
            id(ref Ids[Count]);
            Batches[Count] = row.Batch;
            foreach (PassThroughColumn? column in PassThrough)
            {
                column?.Capture(Count);
            }

            processor.Capture(Count);
            Count++;
        }

        public void Dispose()
        {
            processor.Dispose();
            foreach (PassThroughColumn? column in PassThrough)
            {
                column?.Dispose();
            }
        }
    }
}
