using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>An ONNX tensor with its values, row-major.</summary>
public sealed class TensorData
{
    internal TensorData(TensorProto proto) => Proto = proto;

    /// <summary>Its name in the graph; empty if it is not part of one.</summary>
    public string Name => Proto.Name;

    /// <summary>The element type.</summary>
    public DataType Type => (DataType)Proto.DataType;

    /// <summary>The lengths of the axes.</summary>
    public IReadOnlyList<long> Dims => Proto.Dims;

    internal TensorProto Proto { get; }

    /// <summary>A FLOAT tensor.</summary>
    /// <param name="values">Their number is the product of <paramref name="dims"/>.</param>
    /// <param name="dims">The lengths of the axes; none for a scalar.</param>
    /// <exception cref="ArgumentException">The number of values does not match.</exception>
    public static TensorData Make(ReadOnlySpan<float> values, params ReadOnlySpan<long> dims) =>
        Make(DataType.Float, values.Length, LittleEndian(MemoryMarshal.Cast<float, int>(values)), dims);

    /// <inheritdoc cref="Make(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    /// <summary>An INT64 tensor.</summary>
    public static TensorData Make(ReadOnlySpan<long> values, params ReadOnlySpan<long> dims) =>
        Make(DataType.Int64, values.Length, LittleEndian(values), dims);

    /// <inheritdoc cref="Make(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    /// <summary>A FLOAT16 tensor.</summary>
    public static TensorData Make(ReadOnlySpan<Half> values, params ReadOnlySpan<long> dims) =>
        Make(DataType.Float16, values.Length, LittleEndian(MemoryMarshal.Cast<Half, short>(values)), dims);

    /// <inheritdoc cref="Make(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    /// <summary>A UINT8 tensor.</summary>
    public static TensorData Make(ReadOnlySpan<byte> values, params ReadOnlySpan<long> dims) =>
        Make(DataType.Uint8, values.Length, ByteString.CopyFrom(values), dims);

    /// <summary>A tensor of any type.</summary>
    /// <param name="type">The element type; its size must be a multiple of a byte.</param>
    /// <param name="littleEndian">The elements, row-major.</param>
    /// <param name="dims">The lengths of the axes; none for a scalar.</param>
    public static TensorData Make(DataType type, ReadOnlySpan<byte> littleEndian, params ReadOnlySpan<long> dims) =>
        new(new TensorProto { DataType = (int)type, Dims = { dims.ToArray() }, RawData = ByteString.CopyFrom(littleEndian) });

    /// <summary>The elements of a FLOAT tensor.</summary>
    public float[] Floats() => Proto.HasRawData ? MemoryMarshal.Cast<byte, float>(Proto.RawData.Span).ToArray() : [.. Proto.FloatData];

    /// <summary>The elements of an INT64 tensor.</summary>
    public long[] Integers() => Proto.HasRawData ? MemoryMarshal.Cast<byte, long>(Proto.RawData.Span).ToArray() : [.. Proto.Int64Data];

    /// <summary>The elements of a FLOAT16 tensor.</summary>
    public Half[] Halves() => Proto.HasRawData
        ? MemoryMarshal.Cast<byte, Half>(Proto.RawData.Span).ToArray()
        : [.. Proto.Int32Data.Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits))];

    private static TensorData Make(DataType type, int count, ByteString raw, ReadOnlySpan<long> dims)
    {
        long expected = 1;
        foreach (long dim in dims)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dim, nameof(dims));
            expected = checked(expected * dim);
        }

        if (expected != count)
        {
            throw new ArgumentException($"Found {count} values, expected {expected} for the shape [{string.Join(',', dims.ToArray())}].",
                nameof(dims));
        }

        return new TensorData(new TensorProto { DataType = (int)type, Dims = { dims.ToArray() }, RawData = raw });
    }

    private static ByteString LittleEndian(ReadOnlySpan<long> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            return ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
        }

        long[] swapped = new long[values.Length];
        BinaryPrimitives.ReverseEndianness(values, swapped);
        return ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(swapped));
    }

    private static ByteString LittleEndian(ReadOnlySpan<int> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            return ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
        }

        int[] swapped = new int[values.Length];
        BinaryPrimitives.ReverseEndianness(values, swapped);
        return ByteString.CopyFrom(MemoryMarshal.AsBytes<int>(swapped));
    }

    private static ByteString LittleEndian(ReadOnlySpan<short> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            return ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
        }

        short[] swapped = new short[values.Length];
        BinaryPrimitives.ReverseEndianness(values, swapped);
        return ByteString.CopyFrom(MemoryMarshal.AsBytes<short>(swapped));
    }
}
