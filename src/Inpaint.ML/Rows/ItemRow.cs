using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>One item of a captured row, as a row: columns of several items have the item's value, the others the row's.</summary>
internal sealed class ItemRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly ItemColumn?[] _items;
    private readonly HashSet<int> _read;
    private readonly PassThroughColumn?[] _values;
    private long[] _positions = [];
    private int _row, _item;

    public ItemRow(DataViewRow input, RowSchema row)
    {
        _input = input;
        _items = new ItemColumn?[input.Schema.Count];
        foreach (DataViewSchema.Column column in row.ItemColumnsIn(input.Schema))
        {
            _items[column.Index] = ItemColumn.Create(input, column);
        }

        _read = row.Dependencies(input.Schema);
        _values = new PassThroughColumn?[input.Schema.Count];
        var schema = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in input.Schema)
        {
            bool several = _items[column.Index] is not null;
            schema.AddColumn(
                column.Name, several ? ItemColumns.ItemOf(column.Type) : column.Type, several ? null : column.Annotations);
        }

        Schema = schema.ToSchema();
    }

    /// <summary>The number of rows that are captured at once; set before the first one is.</summary>
    public int Capacity
    {
        set
        {
            _positions = new long[value];
            foreach (int index in _read)
            {
                if (_items[index] is { } items)
                {
                    items.Capacity = value;
                }
                else
                {
                    _values[index] = PassThroughColumn.Create(_input, _input.Schema[index], value);
                }
            }
        }
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _positions[_row];

    public override long Batch => _input.Batch;

    public void Capture(int row)
    {
        _positions[row] = _input.Position;
        foreach (int index in _read)
        {
            _items[index]?.Capture(row);
            _values[index]?.Capture(row);
        }
    }

    /// <summary>The number of items of a captured row.</summary>
    /// <exception cref="InvalidOperationException">Its columns have different numbers of items.</exception>
    public int CountOf(int row)
    {
        int[] counts = [.. _items.OfType<ItemColumn>().Select(column => column.CountOf(row)).Distinct()];
        return counts.Length == 1
            ? counts[0]
            : throw new InvalidOperationException(
                $"Row {_positions[row]}: the columns {string.Join(", ", _items.OfType<ItemColumn>().Select(c => c.Name))} have "
                    + $"{string.Join(" and ", counts)} items; expected equally many. Name columns of one MaskPhotos.");
    }

    public void MoveTo(int row, int item) => (_row, _item) = (row, item);

    public override bool IsColumnActive(DataViewSchema.Column column) => _read.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int index = column.Index;
        return _items[index] is { } items
            ? (ref TValue value) => items.Get(_row, _item, ref value)
            : (ref TValue value) => _values[index]!.Get(_row, ref value);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Array.ForEach(_values, column => column?.Dispose());
        }

        base.Dispose(disposing);
    }
}

/// <summary>A column of several items, captured for a batch of rows.</summary>
internal abstract class ItemColumn(string name)
{
    public string Name => name;

    /// <summary>The number of rows that are captured at once.</summary>
    public abstract int Capacity { set; }

    public static ItemColumn Create(DataViewRow input, DataViewSchema.Column column) => (ItemColumn)Activator.CreateInstance(
        typeof(ItemColumn<>).MakeGenericType(((VectorDataViewType)column.Type).ItemType.RawType), input, column)!;

    public abstract void Capture(int row);

    public abstract int CountOf(int row);

    public abstract void Get<T>(int row, int item, ref T value);
}

/// <inheritdoc />
internal sealed class ItemColumn<TItem>(DataViewRow input, DataViewSchema.Column column) : ItemColumn(column.Name)
{
    private readonly ValueGetter<VBuffer<TItem>> _getter = input.GetGetter<VBuffer<TItem>>(column);
    private readonly int _length = ItemColumns.ItemOf(column.Type) is VectorDataViewType vector ? vector.Size : 1;
    private readonly bool _isVector = ItemColumns.ItemOf(column.Type) is VectorDataViewType;
    private VBuffer<TItem>[] _rows = [];

    public override int Capacity
    {
        set => _rows = new VBuffer<TItem>[value];
    }

    public override void Capture(int row) => _getter(ref _rows[row]);

    public override int CountOf(int row) => _rows[row].Length % _length == 0
        ? _rows[row].Length / _length
        : throw new InvalidOperationException($"column '{Name}' has {_rows[row].Length} values; expected a multiple of {_length}.");

    public override void Get<T>(int row, int item, ref T value)
    {
        if (_isVector)
        {
            Span<TItem> target = Value.Edit<TItem, T>(_length, ref value);
            if (_rows[row].IsDense)
            {
                _rows[row].GetValues().Slice(item * _length, _length).CopyTo(target);
                return;
            }

            for (int i = 0; i < target.Length; i++)
            {
                target[i] = _rows[row].GetItemOrDefault((item * _length) + i);
            }

            return;
        }

        TItem one = _rows[row].GetItemOrDefault(item);
        Value.Set(one, ref value);
    }
}
