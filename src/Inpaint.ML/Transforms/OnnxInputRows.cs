using System.Numerics.Tensors;
using Inpaint.ML.Rows;
using Inpaint.Onnx.Runtime;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML.Transforms;

/// <summary>The rows of one input column, until they are scored.</summary>
internal abstract class OnnxInputRows(string name, TensorInfo tensor, bool padded)
{
    /// <summary>The column.</summary>
    public string Name => name;

    /// <summary>What the graph calls axis 1; empty where it does not.</summary>
    public string Symbol => tensor.Symbols.Count > 1 ? tensor.Symbols[1] : "";

    public TensorBuffer Buffer { get; } = new(tensor.ElementType);

    /// <summary>Whether shorter rows are filled up to the longest of a batch.</summary>
    public bool IsPadded => padded;

    public TensorInfo Tensor => tensor;

    /// <param name="row">The rows, one after the other.</param>
    /// <param name="column">The column.</param>
    /// <param name="tensor">The graph's input.</param>
    /// <param name="capacity">Rows that are held at once.</param>
    /// <param name="padding">What shorter rows are filled up with; null for rows that are not.</param>
    /// <param name="shape">The column with each row's sizes; null where the lengths say enough.</param>
    public static OnnxInputRows Create(DataViewRow row, DataViewSchema.Column column, TensorInfo tensor, int capacity, double? padding, DataViewSchema.Column? shape)
    {
        Type item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        var shapes = RowShapes.Create(row, column, tensor, capacity, padding is not null, shape);
        return (OnnxInputRows)Activator.CreateInstance(typeof(OnnxInputRows<>).MakeGenericType(item), row, column, tensor, capacity, padding, shapes)!;
    }

    public abstract void Capture(int row);

    /// <summary>Where row <paramref name="a"/> stands before row <paramref name="b"/> when rows of one shape are put together, the shorter ones of padded columns first.</summary>
    public abstract int Compare(int a, int b);

    /// <summary>Whether two rows can be scored together.</summary>
    public bool SameShape(int a, int b) => IsPadded || Compare(a, b) == 0;

    /// <summary>Sizes of axis 1 that a row has itself.</summary>
    public abstract int OwnLength(int row);

    /// <summary>Writes rows into the buffer, and nothing into what is left of the batch.</summary>
    public abstract void Fill(ReadOnlySpan<int> rows, int batch);
}

/// <summary>The same, of one item type.</summary>
internal sealed class OnnxInputRows<TItem> : OnnxInputRows
{
    private readonly DataViewRow _row;
    private readonly string _name;
    private readonly ValueGetter<VBuffer<TItem>>? _vector;
    private readonly ValueGetter<TItem>? _scalar;
    private readonly VBuffer<TItem>[] _rows;
    private readonly RowShapes _shapes;
    private readonly TItem? _padding;
    private TItem[] _dense = [];

    public OnnxInputRows(DataViewRow row, DataViewSchema.Column column, TensorInfo tensor, int capacity, double? padding, RowShapes shapes) : base(column.Name, tensor, padding is not null)
    {
        _row = row;
        _name = column.Name;
        _rows = new VBuffer<TItem>[capacity];
        _shapes = shapes;
        _padding = padding is null || tensor.ElementType == TensorElementType.String ? default : (TItem)Convert.ChangeType(padding.Value, typeof(TItem), System.Globalization.CultureInfo.InvariantCulture);
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
                throw new InvalidRowException($"Row {_row.Position}: column '{_name}' holds {_rows[row].Length} {(Tensor.ElementType == TensorElementType.String ? "texts" : "numbers")}; the graph's input {Tensor} takes {length}{(IsPadded ? " at the most: cut it off before" : "")}.");
            }
        }

        _shapes.Capture(row, _rows[row].Length);
    }

    public override int Compare(int a, int b) => _shapes.Compare(a, b);

    public override int OwnLength(int row) => _shapes.Axis1(row);

    public override void Fill(ReadOnlySpan<int> rows, int batch)
    {
        long[] shape = _shapes.Of(rows, batch);
        Buffer.Reshape(shape);
        int length = Buffer.Length / batch;
        if (typeof(TItem) == typeof(ReadOnlyMemory<char>))
        {
            FillTexts(rows, length);
        }
        else if (Tensor.ElementType == TensorElementType.Float16)
        {
            Span<Half> halves = Buffer.AsSpan<Half>();
            for (int i = 0; i < rows.Length; i++)
            {
                Span<Half> target = halves.Slice(i * length, length);
                ReadOnlySpan<float> values = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref System.Runtime.CompilerServices.Unsafe.As<TItem, float>(ref Dense(rows[i])[0]), _rows[rows[i]].Length);
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

    private void FillTexts(ReadOnlySpan<int> rows, int length)
    {
        for (int i = 0; i < Buffer.Length; i++)
        {
            (int place, int item) = (i / length, i % length);
            Buffer.SetText(i, place < rows.Length && item < _rows[rows[place]].Length ? ((ReadOnlyMemory<char>)(object)_rows[rows[place]].GetItemOrDefault(item)!).Span : []);
        }
    }

    /// <summary>A row's values with all its zeros; at least one element long.</summary>
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

    // The item types are all unmanaged but text, which the type system cannot tell.
    private static unsafe Span<TItem> Items(TensorBuffer buffer)
    {
        Span<byte> bytes = buffer.Bytes;
        return System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, TItem>(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(bytes)), buffer.Length);
    }
}
