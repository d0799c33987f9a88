using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Inpaint.ML.Rows;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML.Scoring;

/// <summary>One output's rows of a batch.</summary>
internal abstract class OnnxOutputRows(TensorInfo tensor)
{
    public TensorInfo Tensor => tensor;

    public TensorBuffer Buffer { get; } = new(tensor.ElementType);

    /// <summary>Whether the shape of a batch's output is known before it is computed.</summary>
    public bool HasKnownShape { get; } =
        tensor.Dims.Count > 0 && tensor.RowLength is not null && tensor.ElementType != TensorElementType.String;

    /// <param name="tensor">The graph's output.</param>
    /// <param name="capacity">Rows captured per batch.</param>
    /// <param name="scalars">Whether outputs of one number per row are scalars.</param>
    public static OnnxOutputRows Create(TensorInfo tensor, int capacity, bool scalars)
    {
        DataViewType type = OnnxBinding.ColumnTypeOf(tensor, scalars);
        Type item = type is VectorDataViewType vector ? vector.ItemType.RawType : type.RawType;
        return (OnnxOutputRows)Activator.CreateInstance(
            typeof(OnnxOutputRows<>).MakeGenericType(item), tensor, capacity, type is not VectorDataViewType)!;
    }

    public void Reshape(int batch) => Buffer.Reshape([batch, .. tensor.Dims.Skip(1).Select(d => (long)d)]);

    public abstract void Clear();

    /// <summary>Copies the rows of a batch's output.</summary>
    /// <param name="output">The batch's output.</param>
    /// <param name="rows">The slots of the rows.</param>
    /// <param name="batch">Rows of the output; those after <paramref name="rows"/> are unused.</param>
    /// <param name="lengths">For each axis after the batch the padded input that it is as long as; null for axes without padding.</param>
    public abstract void Take(OrtValue output, ReadOnlySpan<int> rows, int batch, OnnxInputRows?[] lengths);

    /// <summary>Copies the rows of the buffer.</summary>
    public abstract void TakeBuffer(ReadOnlySpan<int> rows, int batch);

    public abstract void Get<T>(int row, ref T value);
}

/// <inheritdoc />
internal sealed class OnnxOutputRows<TItem>(TensorInfo tensor, int capacity, bool scalar) : OnnxOutputRows(tensor)
{
    private readonly (int Start, int Length)[] _rows = new (int, int)[capacity];
    private TItem[] _items = [];
    private float[] _widened = [];
    private int _used;

    public override void Clear() => _used = 0;

    public override void Take(OrtValue output, ReadOnlySpan<int> rows, int batch, OnnxInputRows?[] lengths)
    {
        long[] shape = output.GetTensorTypeAndShape().Shape;
        if (Tensor.ElementType == TensorElementType.String)
        {
            TItem[] strings = [.. output.GetStringTensorAsArray().Select(s => (TItem)(object)s.AsMemory())];
            Copy(strings, shape, rows, batch, lengths);
        }
        else
        {
            Copy(ItemsOf(output.GetTensorMutableRawData()), shape, rows, batch, lengths);
        }
    }

    public override void TakeBuffer(ReadOnlySpan<int> rows, int batch) =>
        Copy(ItemsOf(Buffer.Bytes), Buffer.Shape, rows, batch, lengths: []);

    public override void Get<T>(int row, ref T value)
    {
        ReadOnlySpan<TItem> items = _items.AsSpan(_rows[row].Start, _rows[row].Length);
        if (scalar)
        {
            Value.Set(items[0], ref value);
        }
        else
        {
            Value.SetVector(items, ref value);
        }
    }

    /// <summary>
    /// A tensor's bytes as items; half floats are widened. The item types here are unmanaged, which the type system cannot express.
    /// </summary>
    private ReadOnlySpan<TItem> ItemsOf(ReadOnlySpan<byte> bytes)
    {
        if (Tensor.ElementType == TensorElementType.Float16)
        {
            ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes);
            _widened = _widened.Length < halves.Length ? new float[halves.Length] : _widened;
            TensorPrimitives.ConvertToSingle(halves, _widened);
            bytes = MemoryMarshal.AsBytes(_widened.AsSpan(0, halves.Length));
        }

        return MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, TItem>(ref MemoryMarshal.GetReference(bytes)), bytes.Length / Unsafe.SizeOf<TItem>());
    }

    private void Copy(ReadOnlySpan<TItem> items, ReadOnlySpan<long> shape, ReadOnlySpan<int> rows, int batch, OnnxInputRows?[] lengths)
    {
        bool single = batch == 1 && shape.IsEmpty;
        if (!single && (shape.IsEmpty || shape[0] != batch))
        {
            throw new GraphException(
                $"The graph's output {Tensor} has the shape [{string.Join(", ", shape.ToArray())}] for {batch} rows; expected the "
                    + "rows as its first axis. Change the graph, or omit this output.");
        }

        int row = items.Length / batch, needed = _used + (rows.Length * row);
        if (_items.Length < needed)
        {
            Array.Resize(ref _items, Math.Max(needed, 2 * _items.Length));
        }

        bool padded = shape.Length == lengths.Length + 1 && Array.Exists(lengths, l => l is not null);
        for (int i = 0; i < rows.Length; i++)
        {
            int begin = _used;
            ReadOnlySpan<TItem> own = items.Slice(i * row, row);
            if (!padded)
            {
                own.CopyTo(_items.AsSpan(_used));
                _used += row;
            }

            foreach ((int start, int length) in padded ? Unpadded(shape, rows[i], lengths) : [])
            {
                own.Slice(start, length).CopyTo(_items.AsSpan(_used));
                _used += length;
            }

            _rows[rows[i]] = (begin, _used - begin);
        }
    }

    /// <summary>The runs of elements of a padded row that are not padding.</summary>
    private static List<(int Start, int Length)> Unpadded(ReadOnlySpan<long> shape, int row, OnnxInputRows?[] lengths)
    {
        // Axis by axis, runs are divided into the unpadded part of the next axis.
        List<(int Start, int Length)> runs = [(0, 1)];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            int side = (int)shape[axis + 1], kept = lengths[axis] is { } input ? Math.Min(side, input.LengthOf(row)) : side;
            runs = kept == side
                ? [.. runs.Select(run => (run.Start * side, run.Length * side))]
                : [.. runs.SelectMany(run => Enumerable.Range(run.Start, run.Length)).Select(place => (place * side, kept))];
        }

        return runs;
    }
}
