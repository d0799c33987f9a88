using System.Numerics.Tensors;
using Inpaint.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML;

/// <summary>The rows of one input column, until they are scored.</summary>
internal abstract class OnnxInputRows(TensorInfo tensor)
{
    public TensorBuffer Buffer { get; } = new(tensor.ElementType);

    protected TensorInfo Tensor => tensor;

    public static OnnxInputRows Create(DataViewRow row, DataViewSchema.Column column, TensorInfo tensor, int capacity)
    {
        Type item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        return (OnnxInputRows)Activator.CreateInstance(typeof(OnnxInputRows<>).MakeGenericType(item), row, column, tensor, capacity)!;
    }

    public abstract void Capture(int row);

    public abstract bool SameShape(int a, int b);

    public abstract void Fill(int first, int count, int batch);
}

/// <summary>The same, of one item type.</summary>
internal sealed class OnnxInputRows<TItem> : OnnxInputRows where TItem : unmanaged
{
    private readonly DataViewRow _row;
    private readonly string _name;
    private readonly ValueGetter<VBuffer<TItem>>? _vector;
    private readonly ValueGetter<TItem>? _scalar;
    private readonly VBuffer<TItem>[] _rows;
    private readonly int[]? _columnDims;

    public OnnxInputRows(DataViewRow row, DataViewSchema.Column column, TensorInfo tensor, int capacity) : base(tensor)
    {
        _row = row;
        _name = column.Name;
        _rows = new VBuffer<TItem>[capacity];
        if (column.Type is VectorDataViewType type)
        {
            _vector = row.GetGetter<VBuffer<TItem>>(column);
            _columnDims = type.IsKnownSize && type.Dimensions.Length == tensor.Dims.Count - 1 ? [.. type.Dimensions] : null;
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
            TItem value = default;
            _scalar!(ref value);
            VBufferEditor<TItem> editor = VBufferEditor.Create(ref _rows[row], 1);
            editor.Values[0] = value;
            _rows[row] = editor.Commit();
            return;
        }

        _vector(ref _rows[row]);
        if (Tensor.RowLength is { } length && _rows[row].Length != length)
        {
            throw new InvalidOperationException($"Row {_row.Position}: column '{_name}' holds {_rows[row].Length} numbers; the graph's input {Tensor} takes {length}.");
        }

        if (Tensor.RowLength is null)
        {
            _ = ShapeOf(_rows[row].Length, 1);
        }
    }

    public override bool SameShape(int a, int b) => _rows[a].Length == _rows[b].Length;

    public override void Fill(int first, int count, int batch)
    {
        int length = _rows[first].Length;
        Buffer.Reshape(ShapeOf(length, batch));
        if (Tensor.ElementType == TensorElementType.Float16)
        {
            Span<Half> halves = Buffer.AsSpan<Half>();
            for (int i = 0; i < count; i++)
            {
                TensorPrimitives.ConvertToHalf(System.Runtime.InteropServices.MemoryMarshal.Cast<TItem, float>(Dense(first + i)), halves[(i * length)..]);
            }

            halves[(count * length)..].Clear();
            return;
        }

        Span<TItem> target = Buffer.AsSpan<TItem>();
        for (int i = 0; i < count; i++)
        {
            _rows[first + i].CopyTo(target.Slice(i * length, length));
        }

        target[(count * length)..].Clear();
    }

    private ReadOnlySpan<TItem> Dense(int row) => _rows[row].IsDense ? _rows[row].GetValues() : _rows[row].DenseValues().ToArray();

    private long[] ShapeOf(int length, int batch)
    {
        var shape = new long[Math.Max(1, Tensor.Dims.Count)];
        shape[0] = batch;
        int known = 1, dynamic = -1, dynamics = 0;
        for (int i = 1; i < shape.Length; i++)
        {
            shape[i] = Tensor.Dims[i];
            if (shape[i] < 0 && _columnDims is not null)
            {
                shape[i] = _columnDims[i - 1];
            }

            if (shape[i] < 0)
            {
                dynamic = i;
                dynamics++;
            }
            else
            {
                known *= (int)shape[i];
            }
        }

        if (dynamics == 1 && length % known == 0)
        {
            shape[dynamic] = length / known;
        }
        else if (dynamics > 0 || known != length)
        {
            throw new InvalidOperationException($"Row {_row.Position}: column '{_name}' holds {length} numbers, which do not give the graph's input {Tensor} a shape. Give the column a vector type with dimensions.");
        }

        return shape;
    }
}
