using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML.Scoring;

/// <summary>One input's rows of a batch.</summary>
internal abstract class OnnxInputRows(OnnxSlot slot, bool padded)
{
    public string Name => slot.Column;

    /// <summary>The graph's name of axis 1; empty without one.</summary>
    public string Symbol => Tensor.Symbols.Count > 1 ? Tensor.Symbols[1] : "";

    public TensorBuffer Buffer { get; } = new(slot.Tensor.ElementType);

    /// <summary>Whether shorter rows are padded to the longest of a batch.</summary>
    public bool IsPadded => padded;

    public OnnxSlot Slot => slot;

    /// <summary>The tensor with the batch as its first axis.</summary>
    public TensorInfo Tensor => slot.Batched;

    /// <param name="row">The cursor.</param>
    /// <param name="column">The column.</param>
    /// <param name="slot">The graph's input.</param>
    /// <param name="capacity">Rows captured per batch.</param>
    /// <param name="padding">What shorter rows are padded with; null for no padding.</param>
    /// <param name="shape">The column with each row's sizes; null to infer them from lengths.</param>
    public static OnnxInputRows Create(
        DataViewRow row, DataViewSchema.Column column, OnnxSlot slot, int capacity, double? padding, DataViewSchema.Column? shape)
    {
        Type item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        var shapes = new RowShapes(row, column, slot, capacity, padding is not null, shape);
        return (OnnxInputRows)Activator.CreateInstance(
            typeof(OnnxInputRows<>).MakeGenericType(item), row, column, slot, capacity, padding, shapes)!;
    }

    public abstract void Capture(int row);

    /// <summary>Orders rows by shape, shorter ones first.</summary>
    public abstract int Compare(int a, int b);

    /// <summary>Whether two rows can be scored together.</summary>
    public bool SameShape(int a, int b) => IsPadded || Compare(a, b) == 0;

    /// <summary>The unpadded size of a row along axis 1.</summary>
    public abstract int LengthOf(int row);

    /// <summary>The bytes of a row's tensor.</summary>
    public abstract long BytesOf(int row);

    /// <summary>Writes rows into the buffer, and zeros into the rest of the batch.</summary>
    public abstract void Fill(ReadOnlySpan<int> rows, int batch);
}

/// <inheritdoc />
internal sealed class OnnxInputRows<TItem> : OnnxInputRows
{
    private readonly DataViewRow _row;
    private readonly ValueGetter<VBuffer<TItem>>? _vector;
    private readonly ValueGetter<TItem>? _scalar;
    private readonly VBuffer<TItem>[] _rows;
    private readonly RowShapes _shapes;
    private readonly TItem? _padding;
    private TItem[] _dense = [];

    public OnnxInputRows(DataViewRow row, DataViewSchema.Column column, OnnxSlot slot, int capacity, double? padding, RowShapes shapes)
        : base(slot, padding is not null)
    {
        _row = row;
        _rows = new VBuffer<TItem>[capacity];
        _shapes = shapes;
        _padding = padding is null || Tensor.ElementType == TensorElementType.String
            ? default
            : (TItem)Convert.ChangeType(padding.Value, typeof(TItem), CultureInfo.InvariantCulture);
        if (column.Type is VectorDataViewType)
        {
            _vector = row.GetGetter<VBuffer<TItem>>(column);
        }
        else
        {
            _scalar = row.GetGetter<TItem>(column);
        }
    }

    public override void Capture(int row)
    {
        if (_vector is null)
        {
            TItem value = default!;
            _scalar!(ref value);
            VBufferEditor<TItem> editor = VBufferEditor.Create(ref _rows[row], 1);
            editor.Values[0] = value;
            _rows[row] = editor.Commit();
        }
        else
        {
            _vector(ref _rows[row]);
            if (Tensor.RowLength is { } length && (IsPadded ? _rows[row].Length > length : _rows[row].Length != length))
            {
                throw new InvalidRowException(
                    $"Row {_row.Position}: column '{Name}' has {_rows[row].Length} "
                        + $"{(Tensor.ElementType == TensorElementType.String ? "strings" : "numbers")}; the graph's input {Slot.Tensor} "
                        + $"takes {(IsPadded ? "at most " : "")}{length}. "
                        + $"{(IsPadded ? "Truncate it before" : "Give every row that many, or set Padding")}.");
            }
        }

        _shapes.Capture(row, _rows[row].Length);
    }

    public override int Compare(int a, int b) => _shapes.Compare(a, b);

    public override int LengthOf(int row) => _shapes.LengthOf(row);

    public override long BytesOf(int row) => (long)_rows[row].Length * Math.Max(1, Buffer.ElementSize);

    public override void Fill(ReadOnlySpan<int> rows, int batch)
    {
        ReadOnlySpan<long> shape = _shapes.Of(rows, batch);
        Buffer.Reshape(Slot.IsWhole ? shape[1..] : shape);
        int length = Buffer.Length / batch;
        if (typeof(TItem) == typeof(ReadOnlyMemory<char>))
        {
            FillStrings(rows, length);
        }
        else if (Tensor.ElementType == TensorElementType.Float16)
        {
            Span<Half> halves = Buffer.AsSpan<Half>();
            for (int i = 0; i < rows.Length; i++)
            {
                Span<Half> target = halves.Slice(i * length, length);
                ReadOnlySpan<float> values = MemoryMarshal.CreateReadOnlySpan(
                    ref Unsafe.As<TItem, float>(ref Dense(rows[i])[0]), _rows[rows[i]].Length);
                TensorPrimitives.ConvertToHalf(values, target);
                target[values.Length..].Fill((Half)(float)(object)(_padding ?? default!)!);
            }

            halves[(rows.Length * length)..].Clear();
        }
        else
        {
            Span<TItem> target = Items(Buffer);
            for (int i = 0; i < rows.Length; i++)
            {
                VBuffer<TItem> row = _rows[rows[i]];
                row.CopyTo(target.Slice(i * length, row.Length));
                target.Slice((i * length) + row.Length, length - row.Length).Fill(_padding!);
            }

            target[(rows.Length * length)..].Clear();
        }
    }

    private void FillStrings(ReadOnlySpan<int> rows, int length)
    {
        for (int i = 0; i < Buffer.Length; i++)
        {
            (int slot, int item) = (i / length, i % length);
            Buffer.SetText(
                i, slot < rows.Length && item < _rows[rows[slot]].Length
                    ? ((ReadOnlyMemory<char>)(object)_rows[rows[slot]].GetItemOrDefault(item)!).Span
                    : []);
        }
    }

    /// <summary>A row's values including zeros, in an array of at least one element.</summary>
    private TItem[] Dense(int row)
    {
        if (_dense.Length < _rows[row].Length)
        {
            _dense = new TItem[Math.Max(1, _rows[row].Length)];
        }

        _dense = _dense.Length == 0 ? new TItem[1] : _dense;
        _rows[row].CopyTo(_dense);
        return _dense;
    }

    // All item types but text are unmanaged, which the type system cannot express.
    private static unsafe Span<TItem> Items(TensorBuffer buffer)
    {
        Span<byte> bytes = buffer.Bytes;
        return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, TItem>(ref MemoryMarshal.GetReference(bytes)), buffer.Length);
    }
}
