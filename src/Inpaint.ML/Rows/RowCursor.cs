using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>The added columns of one row, computed once a row when first read.</summary>
internal sealed class AddedValues : IDisposable
{
    private readonly DataViewRow _input;
    private readonly RowWork? _work;
    private long _position = -1;

    public AddedValues(RowTransformer transformer, DataViewRow input, ActiveColumns active)
    {
        _input = input;
        _work = active.AnyAdded ? transformer.CreateWork(input, active.Added, singleRow: true) : null;
    }

    public ValueGetter<T> Getter<T>(int output) => (ref T value) =>
    {
        if (_position != _input.Position || _position < 0)
        {
            _work!.Capture(0);
            _work.Run(1, CancellationToken.None);
            _position = _input.Position;
        }

        _work!.Get(output, 0, ref value);
    };

    public void Dispose() => _work?.Dispose();
}

/// <summary>A cursor that computes the added columns on the reader's thread.</summary>
internal sealed class RowCursor(RowTransformer transformer, DataViewSchema schema, DataViewRowCursor source, ActiveColumns active) : DataViewRowCursor
{
    private readonly AddedValues _added = new(transformer, source, active);
    private bool _disposed;

    public override DataViewSchema Schema => schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool MoveNext() => source.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Columns.RequireActive(active, column);
        return column.Index < active.SourceCount ? source.GetGetter<TValue>(source.Schema[column.Index]) : _added.Getter<TValue>(column.Index - active.SourceCount);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _added.Dispose();
            source.Dispose();
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

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedRow(transformer, OutputSchema, input, new ActiveColumns(transformer, InputSchema, OutputSchema, activeColumns));

    private sealed class MappedRow(RowTransformer transformer, DataViewSchema schema, DataViewRow input, ActiveColumns active) : DataViewRow
    {
        private readonly AddedValues _added = new(transformer, input, active);
        private bool _disposed;

        public override DataViewSchema Schema => schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Columns.RequireActive(active, column);
            return column.Index < active.SourceCount ? input.GetGetter<TValue>(input.Schema[column.Index]) : _added.Getter<TValue>(column.Index - active.SourceCount);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _added.Dispose();
                input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
