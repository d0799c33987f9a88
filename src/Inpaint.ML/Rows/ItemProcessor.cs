using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>
/// Applies a step to each item of rows that hold several, in batches over all rows; the results of a row follow each other. Columns with
/// one value are the same for each item.
/// </summary>
internal sealed class ItemProcessor : RowProcessor
{
    private readonly RowProcessor _inner;
    private readonly ItemRow _item;
    private readonly ItemResults?[] _results;
    private readonly ExceptionDispatchInfo?[] _errors;
    private readonly int[] _owners;

    public ItemProcessor(RowTransformer transformer, DataViewRow input, bool[] wanted, bool singleRow)
    {
        _item = new ItemRow(input, transformer.Row);
        _inner = transformer.CreateProcessor(_item, wanted, singleRow);
        _item.Capacity = _inner.Capacity;
        _results = [.. transformer.Row.Outputs.Select((column, i) => wanted[i] ? ItemResults.Create(column.Type, Capacity) : null)];
        _errors = new ExceptionDispatchInfo?[Capacity];
        _owners = new int[Capacity];
    }

    public override int Capacity => _inner.Capacity;

    public override void Capture(int row) => _item.Capture(row);

    public override void Run(int count, CancellationToken cancellation)
    {
        int filled = 0;
        for (int row = 0; row < count; row++)
        {
            _errors[row] = null;
            Array.ForEach(_results, result => result?.Clear(row));
            for (int item = 0, items = CountOf(row); item < items; item++)
            {
                _item.MoveTo(row, item);
                _inner.Capture(filled);
                _owners[filled++] = row;
                filled = filled == Capacity ? Score(filled, cancellation) : filled;
            }
        }

        _ = Score(filled, cancellation);
    }

    public override void Get<T>(int output, int row, ref T value)
    {
        _errors[row]?.Throw();
        _results[output]!.Get(row, ref value);
    }

    public override void Dispose()
    {
        _inner.Dispose();
        _item.Dispose();
        base.Dispose();
    }

    private int CountOf(int row)
    {
        try
        {
            return _item.CountOf(row);
        }
        catch (InvalidOperationException e)
        {
            _errors[row] = ExceptionDispatchInfo.Capture(e);
            return 0;
        }
    }

    private int Score(int count, CancellationToken cancellation)
    {
        if (count > 0)
        {
            _inner.Run(count, cancellation);
        }

        for (int i = 0; i < count; i++)
        {
            try
            {
                for (int output = 0; output < _results.Length; output++)
                {
                    _results[output]?.Add(_owners[i], _inner, output, i);
                }
            }
            catch (Exception e) when (e is InpaintException or InvalidOperationException)
            {
                // The error of the row, thrown when it is read.
                _errors[_owners[i]] ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        return 0;
    }
}

/// <summary>An added column's values for the items of each row.</summary>
internal abstract class ItemResults
{
    public static ItemResults Create(DataViewType type, int capacity) => (ItemResults)Activator.CreateInstance(
        typeof(ItemResults<>).MakeGenericType((type as VectorDataViewType)?.ItemType.RawType ?? type.RawType),
        type is VectorDataViewType, capacity)!;

    public abstract void Clear(int row);

    /// <summary>Adds the value that a processor has in a slot.</summary>
    public abstract void Add(int row, RowProcessor from, int output, int slot);

    public abstract void Get<T>(int row, ref T value);
}

/// <inheritdoc />
internal sealed class ItemResults<TItem>(bool isVector, int capacity) : ItemResults
{
    private readonly List<TItem>[] _rows = [.. Enumerable.Range(0, capacity).Select(_ => new List<TItem>())];
    private VBuffer<TItem> _vector;

    public override void Clear(int row) => _rows[row].Clear();

    public override void Add(int row, RowProcessor from, int output, int slot)
    {
        if (isVector)
        {
            from.Get(output, slot, ref _vector);
            _rows[row].AddRange(_vector.DenseValues());
            return;
        }

        TItem value = default!;
        from.Get(output, slot, ref value);
        _rows[row].Add(value);
    }

    public override void Get<T>(int row, ref T value) =>
        Value.SetVector<TItem, T>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows[row]), ref value);
}
