using System.Numerics.Tensors;
using Inpaint.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML;

/// <summary>The rows of one output, in one array.</summary>
internal sealed class OnnxOutputRows(TensorInfo tensor, int capacity)
{
    private readonly (int Start, int Length)[] _rows = new (int, int)[capacity];
    private byte[] _bytes = [];
    private float[] _floats = [];
    private int _used;

    public TensorInfo Tensor => tensor;

    public TensorBuffer Buffer { get; } = new(tensor.ElementType);

    /// <summary>Whether a batch's output has the batch as its first axis and no other that is known only afterwards.</summary>
    public bool HasKnownShape { get; } = tensor.Dims.Count > 0 && tensor.RowLength is not null;

    public void Clear() => _used = 0;

    public void Reshape(int batch) => Buffer.Reshape([batch, .. tensor.Dims.Skip(1).Select(d => (long)d)]);

    /// <summary>Takes the first <paramref name="count"/> rows of a batch's output over, from place <paramref name="first"/> on.</summary>
    public void Take(ReadOnlySpan<byte> output, ReadOnlySpan<long> shape, int first, int count, int batch)
    {
        int size = Buffer.ElementSize, numbers = output.Length / size;
        bool single = batch == 1 && shape.IsEmpty;
        if (!single && (shape.IsEmpty || shape[0] != batch))
        {
            throw new GraphException($"The graph's output {tensor} has the shape [{string.Join(", ", shape.ToArray())}] for {batch} rows; expected the rows as its first axis. Change the graph, or leave this output out.");
        }

        int row = numbers / batch;
        int needed = (_used + (count * row)) * size;
        if (_bytes.Length < needed)
        {
            Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
        }

        output[..(count * row * size)].CopyTo(_bytes.AsSpan(_used * size));
        for (int i = 0; i < count; i++, _used += row)
        {
            _rows[first + i] = (_used, row);
        }
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
            default:
                Give<bool, T>(Items<bool>(start, length), ref value);
                break;
        }
    }

    private ReadOnlySpan<TItem> Items<TItem>(int start, int length) where TItem : unmanaged =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, TItem>(_bytes.AsSpan(start * Buffer.ElementSize, length * Buffer.ElementSize));

    private void Give<TItem, T>(ReadOnlySpan<TItem> items, ref T value)
    {
        if (tensor.Dims.Count <= 1)
        {
            Value.Set(items[0], ref value);
        }
        else
        {
            Value.SetVector(items, ref value);
        }
    }
}
