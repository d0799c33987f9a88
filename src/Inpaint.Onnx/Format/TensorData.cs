using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Inpaint.Onnx.Proto;
using static Inpaint.Onnx.Proto.TensorProto.Types;

namespace Inpaint.Onnx.Format;

/// <summary>Makes ONNX tensors of arrays, row-major, as little-endian raw data.</summary>
public static class TensorData
{
    /// <summary>A FLOAT tensor.</summary>
    /// <param name="values">As many as the product of <paramref name="dims"/>.</param>
    /// <param name="dims">The lengths of the axes; none for a scalar.</param>
    /// <exception cref="ArgumentException">The number of values is another.</exception>
    public static TensorProto Make(ReadOnlySpan<float> values, params ReadOnlySpan<long> dims) =>
        Make(DataType.Float, values.Length, LittleEndian(MemoryMarshal.Cast<float, int>(values)), dims);

    /// <inheritdoc cref="Make(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    /// <summary>An INT64 tensor.</summary>
    public static TensorProto Make(ReadOnlySpan<long> values, params ReadOnlySpan<long> dims) =>
        Make(DataType.Int64, values.Length, LittleEndian(values), dims);

    /// <inheritdoc cref="Make(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    /// <summary>A FLOAT16 tensor.</summary>
    public static TensorProto Make(ReadOnlySpan<Half> values, params ReadOnlySpan<long> dims) =>
        Make(DataType.Float16, values.Length, LittleEndian(MemoryMarshal.Cast<Half, short>(values)), dims);

    /// <inheritdoc cref="Make(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    /// <summary>A UINT8 tensor.</summary>
    public static TensorProto Make(ReadOnlySpan<byte> values, params ReadOnlySpan<long> dims) =>
        Make(DataType.Uint8, values.Length, ByteString.CopyFrom(values), dims);

    private static TensorProto Make(DataType type, int count, ByteString raw, ReadOnlySpan<long> dims)
    {
        long expected = 1;
        foreach (long dim in dims)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dim, nameof(dims));
            expected = checked(expected * dim);
        }

        if (expected != count)
        {
            throw new ArgumentException($"Found {count} values, expected {expected} for the shape [{string.Join(',', dims.ToArray())}].", nameof(dims));
        }

        return new TensorProto { DataType = (int)type, Dims = { dims.ToArray() }, RawData = raw };
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
