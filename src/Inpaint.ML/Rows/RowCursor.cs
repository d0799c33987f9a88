using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>A row's columns, of which the added ones are computed once per row, when one of them is first read.</summary>
internal sealed class ComputedRow : IDisposable
{
    private readonly DataViewRow _input;
    private readonly ActiveColumns _active;
    private readonly RowProcessor? _processor;
    private long _position = -1;

    public ComputedRow(RowTransformer transformer, DataViewRow input, ActiveColumns active)
    {
        (_input, _active) = (input, active);
        _processor = active.AnyAdded ? transformer.ProcessorFor(input, active.Added, singleRow: true) : null;
    }

    public ValueGetter<T> GetGetter<T>(DataViewSchema.Column column)
    {
        _active.Require<T>(column);
        if (column.Index < _active.SourceCount)
        {
            return _input.GetGetter<T>(_input.Schema[column.Index]);
        }

        int output = column.Index - _active.SourceCount;
        return (ref T value) =>
        {
            if (_position != _input.Position || _position < 0)
            {
                _processor!.Capture(0);
                _processor.Run(1, CancellationToken.None);
                _position = _input.Position;
            }

            _processor!.Get(output, 0, ref value);
        };
    }

    public void Dispose()
    {
        _processor?.Dispose();
        _input.Dispose();
    }
}

/// <summary>A cursor that computes the added columns on the reader's thread.</summary>
internal sealed class RowCursor(RowTransformer transformer, DataViewSchema schema, DataViewRowCursor source, ActiveColumns active)
    : DataViewRowCursor
{
    private readonly ComputedRow _row = new(transformer, source, active);
    private bool _disposed;

    public override DataViewSchema Schema => schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool MoveNext() => source.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _row.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>The added columns of single rows, for prediction engines.</summary>
internal sealed class RowsMapper(RowTransformer transformer, DataViewSchema inputSchema) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema { get; } = transformer.GetOutputSchema(inputSchema);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        new ActiveColumns(transformer, InputSchema, OutputSchema, dependingColumns).Source;

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var row = new MappedRow(transformer, OutputSchema, input, new ActiveColumns(transformer, InputSchema, OutputSchema, activeColumns));
        transformer.StartEngine();
        return row;
    }

    private sealed class MappedRow(RowTransformer transformer, DataViewSchema schema, DataViewRow input, ActiveColumns active) : DataViewRow
    {
        private readonly ComputedRow _row = new(transformer, input, active);
        private bool _disposed;

        public override DataViewSchema Schema => schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _row.Dispose();
                transformer.TryEndEngine();
            }

            base.Dispose(disposing);
        }
    }
}
