using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.Onnx;

/// <summary>
/// Reads a graph's output into the hidden pixels of its picture, rounded to 8 bits. Known pixels are never taken from a graph.
/// Immutable; safe from any thread.
/// </summary>
public sealed class PictureDecoder
{
    private readonly OutputContract _output;
    private readonly PixelRect? _hole;
    private readonly float[] _scale = new float[3];
    private readonly float[] _offset = new float[3];

    /// <summary>Prepares the numbers of a manifest.</summary>
    public PictureDecoder(GraphManifest manifest)
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
    public TensorElementType ElementType => PictureEncoder.ToTensorType(_output.Type);

    /// <summary>Elements that one picture takes.</summary>
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
    /// <exception cref="GraphException">The graph gave a number that is none (NaN or infinite).</exception>
    public void Read(ReadOnlySpan<float> row, Photo picture, Mask hidden)
    {
        PixelRect area = _hole ?? new PixelRect(0, 0, picture.Width, picture.Height);
        int pixels = area.Width * area.Height;
        bool planar = _output.Layout == TensorLayout.Nchw;
        int pixelStep = planar ? 1 : 3, channelStep = planar ? pixels : 1;
        Span<byte> rgba = picture.Pixels;
        ReadOnlySpan<byte> mask = hidden.Pixels;
        for (int c = 0; c < 3; c++)
        {
            int colour = _output.Channels == ChannelOrder.Rgb ? c : 2 - c;
            float scale = _scale[c], offset = _offset[c];
            for (int y = 0; y < area.Height; y++)
            {
                int at = ((area.Y + y) * picture.Width) + area.X;
                int from = (c * channelStep) + (y * area.Width * pixelStep);
                for (int x = 0; x < area.Width; x++, at++, from += pixelStep)
                {
                    if (mask[at] == 0)
                    {
                        continue;
                    }

                    float value = (row[from] * scale) + offset;
                    if (!float.IsFinite(value))
                    {
                        throw new GraphException($"The graph's output '{Name}' holds {row[from]} at column {x}, row {y}; expected finite numbers. Check the graph with 'inpaint graph check'.");
                    }

                    rgba[(4 * at) + colour] = (byte)(Math.Clamp(value, 0f, 255f) + 0.5f);
                }
            }
        }
    }

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
