using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Inpaint.Onnx.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// Reads a graph's output into the hidden pixels of its picture, rounded to 8 bits. Known pixels are never changed.
/// Immutable and thread-safe.
/// </summary>
public sealed class OutputDecoder
{
    private readonly OutputContract _output;
    private readonly PixelRect? _hole;
    private readonly float[] _scale = new float[3];
    private readonly float[] _offset = new float[3];

    /// <summary>Precomputes the conversion for a manifest.</summary>
    public OutputDecoder(GraphManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        _output = manifest.Output;
        _hole = _output.Content == OutputContent.Fill ? manifest.Hole.ToRect() : null;
        for (int c = 0; c < 3; c++)
        {
            // 255 * v, where x = low + v * (high - low), or x = (v - mean) / std.
            (float scale, float offset) = _output is { Mean: { } mean, Std: { } std }
                ? (std[c], mean[c])
                : (1 / (_output.Range[1] - _output.Range[0]), -_output.Range[0] / (_output.Range[1] - _output.Range[0]));
            _scale[c] = 255 * scale;
            _offset[c] = 255 * offset;
        }
    }

    /// <summary>The output's name.</summary>
    public string Name => _output.Name;

    /// <summary>The output's element type.</summary>
    public TensorElementType ElementType => InputEncoder.ToTensorType(_output.Type);

    /// <summary>The number of elements per picture.</summary>
    public int RowLength(int width, int height) => checked(3 * (_hole?.Width ?? width) * (_hole?.Height ?? height));

    /// <summary>The shape of the output for a batch of pictures of this size.</summary>
    public long[] Shape(int batch, int width, int height)
    {
        long w = _hole?.Width ?? width, h = _hole?.Height ?? height;
        return _output.Layout == TensorLayout.Nchw ? [batch, 3, h, w] : [batch, h, w, 3];
    }

    /// <summary>Reads one picture.</summary>
    /// <param name="row">One row of the output.</param>
    /// <param name="picture">The graph's picture; only hidden pixels change.</param>
    /// <param name="hidden">Its hidden pixels.</param>
    /// <exception cref="GraphException">The output contains a non-finite value.</exception>
    public void Read(ReadOnlySpan<float> row, Photo picture, Mask hidden)
    {
        PixelRect area = _hole ?? new PixelRect(0, 0, picture.Width, picture.Height);
        bool planar = _output.Layout == TensorLayout.Nchw;
        int pixelStep = planar ? 1 : 3, channelStep = planar ? area.Width * area.Height : 1;
        for (int y = 0; y < area.Height; y++)
        {
            int at = ((area.Y + y) * picture.Width) + area.X, from = y * area.Width * pixelStep;
            Span<byte> pixels = picture.Pixels.Slice(4 * at, 4 * area.Width);
            ReadOnlySpan<byte> mask = hidden.Pixels.Slice(at, area.Width);
            for (int x = planar ? ReadVectors(row[from..], channelStep, pixels, mask) : 0; x < area.Width; x++)
            {
                if (mask[x] != 0)
                {
                    ReadPixel(row, from + (x * pixelStep), channelStep, pixels.Slice(4 * x, 4), (x, y));
                }
            }
        }
    }

    private void ReadPixel(ReadOnlySpan<float> row, int from, int channelStep, Span<byte> pixel, (int X, int Y) place)
    {
        for (int c = 0; c < 3; c++)
        {
            float number = row[from + (c * channelStep)], value = (number * _scale[c]) + _offset[c];
            if (!float.IsFinite(value))
            {
                throw new GraphException(
                    $"The graph's output '{Name}' contains {number} at column {place.X}, row {place.Y}; expected finite values. "
                    + "Check the graph with 'inpaint graph check'.");
            }

            pixel[ColourOf(c)] = (byte)(Math.Clamp(value, 0f, 255f) + 0.5f);
        }
    }

    /// <summary>Reads eight pixels at a time, up to the last few of the row, or to a non-finite value.</summary>
    /// <returns>The number of pixels read.</returns>
    private int ReadVectors(ReadOnlySpan<float> row, int channelStep, Span<byte> pixels, ReadOnlySpan<byte> mask)
    {
        int x = 0;
        if (!Vector256.IsHardwareAccelerated || !BitConverter.IsLittleEndian)
        {
            return x;
        }

        for (; x <= mask.Length - Vector256<float>.Count; x += Vector256<float>.Count)
        {
            Vector256<uint> made = Vector256.Create(0xFF000000);
            Vector256<float> finite = Vector256<float>.AllBitsSet;
            for (int c = 0; c < 3; c++)
            {
                Vector256<float> value = (Vector256.Create(row[(x + (c * channelStep))..]) * _scale[c]) + Vector256.Create(_offset[c]);
                finite &= Vector256.IsFinite(value);
                Vector256<float> clamped = Vector256.Min(Vector256.Max(value, Vector256<float>.Zero), Vector256.Create(255f));
                made |= Vector256.ConvertToInt32(clamped + Vector256.Create(0.5f)).AsUInt32() << (8 * ColourOf(c));
            }

            if (Vector256.ExtractMostSignificantBits(finite) != byte.MaxValue)
            {
                return x;
            }

            Span<byte> eight = pixels.Slice(4 * x, Vector256<byte>.Count);
            Vector256<uint> known = Vector256.Equals(WidenEight(mask.Slice(x, 8)), Vector256<uint>.Zero);
            Vector256.ConditionalSelect(known, Vector256.Create<byte>(eight).AsUInt32(), made).AsByte().CopyTo(eight);
        }

        return x;
    }

    private static Vector256<uint> WidenEight(ReadOnlySpan<byte> bytes) =>
        Vector256.WidenLower(Vector256.WidenLower(Vector256.CreateScalarUnsafe(BinaryPrimitives.ReadUInt64LittleEndian(bytes)).AsByte()));

    private int ColourOf(int channel) => _output.Channels == ChannelOrder.Rgb ? channel : 2 - channel;

    /// <summary>Reads row <paramref name="row"/> of a batch's buffer.</summary>
    public void Read(TensorBuffer buffer, int row, Photo picture, Mask hidden)
    {
        int length = RowLength(picture.Width, picture.Height);
        if (buffer.ElementType == TensorElementType.Float)
        {
            Read(buffer.AsSpan<float>().Slice(row * length, length), picture, hidden);
            return;
        }

        float[] widened = System.Buffers.ArrayPool<float>.Shared.Rent(length);
        try
        {
            if (buffer.ElementType == TensorElementType.Float16)
            {
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(buffer.AsSpan<Half>().Slice(row * length, length), widened);
            }
            else
            {
                ReadOnlySpan<byte> bytes = buffer.AsSpan<byte>().Slice(row * length, length);
                for (int i = 0; i < bytes.Length; i++)
                {
                    widened[i] = bytes[i];
                }
            }

            Read(widened.AsSpan(0, length), picture, hidden);
        }
        finally
        {
            System.Buffers.ArrayPool<float>.Shared.Return(widened);
        }
    }
}
