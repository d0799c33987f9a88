using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Inpaint.ML.Rows;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML.Scoring;

/// <summary>One output's rows of a batch.</summary>
internal abstract class OnnxOutputRows(OnnxSlot slot)
{
    public OnnxSlot Slot => slot;

    /// <summary>The tensor with the batch as its first axis.</summary>
    public TensorInfo Tensor => slot.Batched;

    public TensorBuffer Buffer { get; } = new(slot.Tensor.ElementType);

    /// <summary>Whether the shape of a batch's output is known before it is computed.</summary>
    public bool HasKnownShape { get; } =
        slot.Batched is { Dims.Count: > 0, RowLength: not null, ElementType: not TensorElementType.String };

    /// <param name="slot">The graph's output.</param>
    /// <param name="capacity">Rows captured per batch.</param>
    /// <param name="scalars">Whether outputs of one number per row are scalars.</param>
    public static OnnxOutputRows Create(OnnxSlot slot, int capacity, bool scalars)
    {
        DataViewType type = OnnxBinding.ColumnTypeOf(slot, scalars);
        Type item = type is VectorDataViewType vector ? vector.ItemType.RawType : type.RawType;
        return (OnnxOutputRows)Activator.CreateInstance(
            typeof(OnnxOutputRows<>).MakeGenericType(item), slot, capacity, type is not VectorDataViewType)!;
    }

    public void Reshape(int batch) => Buffer.Reshape(ShapeOf(batch));

    /// <summary>Whether a batch's output has the declared shape.</summary>
    public bool HasShape(OrtValue output, int batch) => output.GetTensorTypeAndShape().Shape.AsSpan().SequenceEqual(ShapeOf(batch));

    private ReadOnlySpan<long> ShapeOf(int batch)
    {
        long[] shape = [batch, .. Tensor.Dims.Skip(1).Select(d => (long)d)];
        return slot.IsWhole ? shape.AsSpan(1) : shape;
    }

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

    /// <summary>Where a row's values are kept until <see cref="Clear"/>.</summary>
    public abstract (int Start, int Length) this[int row] { get; set; }

    /// <summary>Whether two kept values are equal, floating-point numbers up to 0.2 % of the largest.</summary>
    public abstract bool AreEqual((int Start, int Length) a, (int Start, int Length) b);
}

/// <inheritdoc />
internal sealed class OnnxOutputRows<TItem>(OnnxSlot slot, int capacity, bool scalar) : OnnxOutputRows(slot)
{
    private readonly (int Start, int Length)[] _rows = new (int, int)[capacity];
    private TItem[] _items = [];
    private float[] _widened = [];
    private int _used;

    public override (int Start, int Length) this[int row]
    {
        get => _rows[row];
        set => _rows[row] = value;
    }

    public override void Clear() => _used = 0;

    public override bool AreEqual((int Start, int Length) a, (int Start, int Length) b)
    {
        ReadOnlySpan<TItem> x = _items.AsSpan(a.Start, a.Length), y = _items.AsSpan(b.Start, b.Length);
        if (x.Length != y.Length)
        {
            return false;
        }

        double largest = 0, difference = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (typeof(TItem) == typeof(float) || typeof(TItem) == typeof(double))
            {
                double first = Convert.ToDouble(x[i], CultureInfo.InvariantCulture);
                double second = Convert.ToDouble(y[i], CultureInfo.InvariantCulture);
                if (double.IsFinite(first) && double.IsFinite(second))
                {
                    largest = Math.Max(largest, Math.Abs(first));
                    difference = Math.Max(difference, Math.Abs(first - second));
                }
                else if (!first.Equals(second))
                {
                    return false;
                }
            }
            else if (typeof(TItem) == typeof(ReadOnlyMemory<char>)
                ? !((ReadOnlyMemory<char>)(object)x[i]!).Span.SequenceEqual(((ReadOnlyMemory<char>)(object)y[i]!).Span)
                : !EqualityComparer<TItem>.Default.Equals(x[i], y[i]))
            {
                return false;
            }
        }

        return difference <= 0.002 * largest;
    }

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
        bool single = Slot.IsWhole || (batch == 1 && shape.IsEmpty);
        if (!single && (shape.IsEmpty || shape[0] != batch))
        {
            throw new GraphException(
                $"The graph's output {Slot.Tensor} has the shape [{string.Join(", ", shape.ToArray())}] for {batch} rows; expected the "
                + "rows "
                    + $"as its first axis. If a row's output has any number of rows, set {nameof(OnnxScoringOptions.BatchAxis)} to "
                    + $"{nameof(OnnxBatchAxis.None)}; else change the graph, or omit this output.");
        }

        int row = items.Length / batch;
        if (Tensor.RowLength is > 0 and { } declared && row != declared)
        {
            throw new GraphException(
                $"The graph's output {Slot.Tensor} has {row} values per row; expected {declared}, as declared. Correct the graph's "
                + "output.");
        }

        int needed = _used + (rows.Length * row);
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
