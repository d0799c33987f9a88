using System.Numerics.Tensors;
using Inpaint.ML.Rows;
using Inpaint.Onnx.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML.Transforms;

/// <summary>The rows of one output, in one array.</summary>
internal sealed class OnnxOutputRows(TensorInfo tensor, int capacity, bool scalars)
{
    private readonly (int Start, int Length)[] _rows = new (int, int)[capacity];
    private readonly bool _scalar = OnnxBinding.IsScalar(tensor, scalars);
    private readonly List<ReadOnlyMemory<char>> _texts = [];
    private byte[] _bytes = [];
    private float[] _floats = [];
    private int _used;

    public TensorInfo Tensor => tensor;

    public TensorBuffer Buffer { get; } = new(tensor.ElementType);

    /// <summary>Whether a batch's output has the batch as its first axis and no other that is known only afterwards.</summary>
    public bool HasKnownShape { get; } = tensor.Dims.Count > 0 && tensor.RowLength is not null && tensor.ElementType != TensorElementType.String;

    public void Clear()
    {
        _used = 0;
        _texts.Clear();
    }

    public void Reshape(int batch) => Buffer.Reshape([batch, .. tensor.Dims.Skip(1).Select(d => (long)d)]);

    /// <summary>Takes the rows of a batch's output over.</summary>
    /// <param name="output">The batch's output.</param>
    /// <param name="rows">Which rows they are.</param>
    /// <param name="batch">Rows of the batch, of which the last may be nobody's.</param>
    /// <param name="lengths">For each axis behind the batch the padded input whose length is each row's own; null where all of it is.</param>
    public void Take(OrtValue output, ReadOnlySpan<int> rows, int batch, OnnxInputRows?[] lengths)
    {
        OrtTensorTypeAndShapeInfo info = output.GetTensorTypeAndShape();
        if (tensor.ElementType == TensorElementType.String)
        {
            TakeTexts(output.GetStringTensorAsArray(), info.Shape, rows, batch, lengths);
        }
        else
        {
            Take(output.GetTensorMutableRawData(), info.Shape, rows, batch, lengths);
        }
    }

    /// <summary>The same of memory.</summary>
    public void Take(ReadOnlySpan<byte> output, ReadOnlySpan<long> shape, ReadOnlySpan<int> rows, int batch, OnnxInputRows?[] lengths)
    {
        CheckBatch(shape, batch);
        int size = Buffer.ElementSize, row = output.Length / size / batch;
        int needed = (_used + (rows.Length * row)) * size;
        if (_bytes.Length < needed)
        {
            Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
        }

        for (int i = 0; i < rows.Length; i++)
        {
            int begin = _used;
            foreach ((int start, int length) in Own(shape, rows[i], row, lengths))
            {
                output.Slice(((i * row) + start) * size, length * size).CopyTo(_bytes.AsSpan(_used * size));
                _used += length;
            }

            _rows[rows[i]] = (begin, _used - begin);
        }
    }

    /// <summary>The runs of elements of a padded row that are the row's own.</summary>
    private static List<(int Start, int Length)> Own(ReadOnlySpan<long> shape, int row, int elements, OnnxInputRows?[] lengths)
    {
        List<(int Start, int Length)> runs = [(0, elements)];
        if (Array.TrueForAll(lengths, l => l is null) || shape.Length != lengths.Length + 1)
        {
            return runs;
        }

        // Axis by axis: places along those before, which are one place at first.
        runs = [(0, 1)];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            int side = (int)shape[axis + 1], kept = lengths[axis] is { } padded ? Math.Min(side, padded.OwnLength(row)) : side;
            runs = kept == side
                ? [.. runs.Select(run => (run.Start * side, run.Length * side))]
                : [.. runs.SelectMany(run => Enumerable.Range(run.Start, run.Length)).Select(place => (place * side, kept))];
        }

        return runs;
    }

    public void Get<T>(int row, ref T value)
    {
        (int start, int length) = _rows[row];
        switch (tensor.ElementType)
        {
            case TensorElementType.Float16:
                if (_floats.Length < length)
                {
                    _floats = new float[length];
                }

                TensorPrimitives.ConvertToSingle(Items<Half>(start, length), _floats);
                Give<float, T>(_floats.AsSpan(0, length), ref value);
                break;
            case TensorElementType.Float:
                Give<float, T>(Items<float>(start, length), ref value);
                break;
            case TensorElementType.Double:
                Give<double, T>(Items<double>(start, length), ref value);
                break;
            case TensorElementType.Int8:
                Give<sbyte, T>(Items<sbyte>(start, length), ref value);
                break;
            case TensorElementType.Int16:
                Give<short, T>(Items<short>(start, length), ref value);
                break;
            case TensorElementType.Int32:
                Give<int, T>(Items<int>(start, length), ref value);
                break;
            case TensorElementType.Int64:
                Give<long, T>(Items<long>(start, length), ref value);
                break;
            case TensorElementType.UInt8:
                Give<byte, T>(Items<byte>(start, length), ref value);
                break;
            case TensorElementType.UInt16:
                Give<ushort, T>(Items<ushort>(start, length), ref value);
                break;
            case TensorElementType.UInt32:
                Give<uint, T>(Items<uint>(start, length), ref value);
                break;
            case TensorElementType.UInt64:
                Give<ulong, T>(Items<ulong>(start, length), ref value);
                break;
            case TensorElementType.String:
                Give<ReadOnlyMemory<char>, T>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_texts).Slice(start, length), ref value);
                break;
            default:
                Give<bool, T>(Items<bool>(start, length), ref value);
                break;
        }
    }

    private void TakeTexts(string[] texts, ReadOnlySpan<long> shape, ReadOnlySpan<int> rows, int batch, OnnxInputRows?[] lengths)
    {
        CheckBatch(shape, batch);
        int row = texts.Length / batch;
        for (int i = 0; i < rows.Length; i++)
        {
            int begin = _texts.Count;
            foreach ((int start, int length) in Own(shape, rows[i], row, lengths))
            {
                _texts.AddRange(texts.Skip((i * row) + start).Take(length).Select(t => t.AsMemory()));
            }

            _rows[rows[i]] = (begin, _texts.Count - begin);
        }
    }

    private void CheckBatch(ReadOnlySpan<long> shape, int batch)
    {
        bool single = batch == 1 && shape.IsEmpty;
        if (!single && (shape.IsEmpty || shape[0] != batch))
        {
            throw new GraphException($"The graph's output {tensor} has the shape [{string.Join(", ", shape.ToArray())}] for {batch} rows; expected the rows as its first axis. Change the graph, or leave this output out.");
        }
    }

    private ReadOnlySpan<TItem> Items<TItem>(int start, int length) where TItem : unmanaged =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, TItem>(_bytes.AsSpan(start * Buffer.ElementSize, length * Buffer.ElementSize));

    private void Give<TItem, T>(ReadOnlySpan<TItem> items, ref T value)
    {
        if (_scalar)
        {
            Value.Set(items[0], ref value);
        }
        else
        {
            Value.SetVector(items, ref value);
        }
    }
}
