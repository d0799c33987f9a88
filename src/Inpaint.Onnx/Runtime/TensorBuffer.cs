using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.Onnx.Runtime;

/// <summary>
/// Native memory for one tensor, reused for several runs: it grows on demand and is passed to ONNX Runtime without copying.
/// Not thread-safe.
/// </summary>
public sealed unsafe class TensorBuffer : IDisposable
{
    private void* _memory;
    private nuint _capacity;
    private OrtValue? _value;
    private long[] _shape = [];

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="elementType">The element type. Strings are not stored in the buffer's memory: see <see cref="SetText"/>.</param>
    public TensorBuffer(TensorElementType elementType)
    {
        ElementType = elementType;
        ElementSize = elementType == TensorElementType.String ? 0 : SizeOf(elementType);
    }

    /// <summary>Frees the memory of an undisposed buffer.</summary>
    ~TensorBuffer() => Free();

    /// <summary>The element type.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>The size of an element in bytes; 0 for strings.</summary>
    public int ElementSize { get; }

    /// <summary>The current shape.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The number of elements of the current shape.</summary>
    public int Length { get; private set; }

    /// <summary>Sets the shape; existing values are kept if the memory does not need to grow.</summary>
    public void Reshape(ReadOnlySpan<long> shape)
    {
        if (_value is not null && shape.SequenceEqual(_shape))
        {
            return;
        }

        long length = 1;
        foreach (long side in shape)
        {
            length = checked(length * side);
        }

        if (ElementType == TensorElementType.String)
        {
            _value?.Dispose();
            (_shape, Length) = (shape.ToArray(), checked((int)length));
            _value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, _shape);
            return;
        }

        nuint bytes = checked((nuint)(length * ElementSize));
        if (bytes > _capacity || _memory is null)
        {
            void* grown = NativeMemory.AlignedAlloc(Math.Max(bytes, 64), 64);
            NativeMemory.Clear(grown, Math.Max(bytes, 64));
            if (_memory is not null)
            {
                NativeMemory.Copy(_memory, grown, Math.Min(bytes, _capacity));
                NativeMemory.AlignedFree(_memory);
            }

            _memory = grown;
            _capacity = Math.Max(bytes, 64);
        }

        _value?.Dispose();
        _shape = shape.ToArray();
        Length = checked((int)length);
        _value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, ElementType, _shape, (nint)_memory, (long)bytes);
    }

    /// <summary>The values as <typeparamref name="T"/>, which must have the size of the element type.</summary>
    public Span<T> AsSpan<T>() where T : unmanaged => sizeof(T) == ElementSize
        ? new Span<T>(_memory, Length)
        : throw new InvalidOperationException($"Elements of {ElementType} are {ElementSize} bytes; {typeof(T).Name} has {sizeof(T)}.");

    /// <summary>Sets a string element.</summary>
    /// <param name="index">The index of the element.</param>
    /// <param name="text">The string.</param>
    public void SetText(int index, ReadOnlySpan<char> text) => Value.StringTensorSetElementAt(text, index);

    /// <summary>The memory as bytes.</summary>
    public Span<byte> Bytes => new(_memory, Length * ElementSize);

    /// <summary>Frees the memory until the next <see cref="Reshape"/>, unless it is small.</summary>
    /// <param name="keptBytes">The size in bytes up to which it is kept.</param>
    public void Trim(long keptBytes)
    {
        if (_capacity > (nuint)keptBytes)
        {
            Free();
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    internal OrtValue Value => _value ?? throw new InvalidOperationException("The buffer has no shape yet.");

    /// <summary>The size in bytes of an element type.</summary>
    /// <exception cref="GraphException">Strings and unknown types have no fixed size.</exception>
    public static int SizeOf(TensorElementType type) => type switch
    {
        TensorElementType.UInt8 or TensorElementType.Int8 or TensorElementType.Bool => 1,
        TensorElementType.Float16 or TensorElementType.BFloat16 or TensorElementType.Int16 or TensorElementType.UInt16 => 2,
        TensorElementType.Float or TensorElementType.Int32 or TensorElementType.UInt32 => 4,
        TensorElementType.Double or TensorElementType.Int64 or TensorElementType.UInt64 => 8,
        _ => throw new GraphException($"Tensors of {type} cannot be scored in batches; expected numbers or booleans."),
    };

    private void Free()
    {
        _value?.Dispose();
        _value = null;
        if (_memory is not null)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            _capacity = 0;
        }
    }
}
