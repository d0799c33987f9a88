using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Inpaint.Onnx.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// Writes a graph's picture and its hole into the tensors that the manifest describes: element type, layout, colour order,
/// value range, mask polarity and concatenation. Immutable and thread-safe.
/// </summary>
public sealed class InputEncoder
{
    private readonly Input[] _inputs;

    /// <summary>Precomputes the tables for a manifest.</summary>
    public InputEncoder(GraphManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        _inputs = [.. manifest.Inputs.Where(i => i.Parts[0].Role != PartRole.Caption).Select(i => new Input(i))];
        Names = [.. _inputs.Select(i => i.Contract.Name)];
        CaptionName = manifest.Inputs.FirstOrDefault(i => i.Parts[0].Role == PartRole.Caption)?.Name;
    }

    /// <summary>The picture inputs, in the order of the manifest.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The caption input, if any.</summary>
    public string? CaptionName { get; }

    /// <summary>The element type of picture input <paramref name="index"/>.</summary>
    public TensorElementType ElementType(int index) => ToTensorType(_inputs[index].Contract.Type);

    /// <summary>The number of elements per picture in input <paramref name="index"/>.</summary>
    public int RowLength(int index, int width, int height) => checked(_inputs[index].Channels * width * height);

    /// <summary>The shape of picture input <paramref name="index"/> for a batch.</summary>
    public long[] Shape(int index, int batch, int width, int height)
    {
        Input input = _inputs[index];
        return input.Contract.Layout == TensorLayout.Nchw
            ? [batch, input.Channels, height, width]
            : [batch, height, width, input.Channels];
    }

    /// <summary>Writes one picture.</summary>
    /// <param name="index">The index of the picture input.</param>
    /// <param name="picture">The graph's picture.</param>
    /// <param name="hidden">Its hidden pixels, of the same size.</param>
    /// <param name="row">One row of the tensor: float, Half or byte.</param>
    public void Write<T>(int index, Photo picture, Mask hidden, Span<T> row) where T : unmanaged
    {
        Input input = _inputs[index];
        int pixels = picture.Width * picture.Height;
        bool planar = input.Contract.Layout == TensorLayout.Nchw;
        int channel = 0;
        foreach (Part part in input.Parts)
        {
            for (int c = 0; c < part.Channels; c++, channel++)
            {
                Span<T> target = planar ? row.Slice(channel * pixels, pixels) : row[channel..];
                int step = planar ? 1 : input.Channels;
                part.Write(c, picture.Pixels, hidden.Pixels, target, step);
            }
        }
    }

    /// <summary>Writes one picture into row <paramref name="row"/> of a batch's buffer.</summary>
    public void Write(int index, Photo picture, Mask hidden, TensorBuffer buffer, int row)
    {
        int length = RowLength(index, picture.Width, picture.Height);
        switch (_inputs[index].Contract.Type)
        {
            case Inpaint.Graphs.ElementType.Float32:
                Write(index, picture, hidden, buffer.AsSpan<float>().Slice(row * length, length));
                break;
            case Inpaint.Graphs.ElementType.Float16:
                Write(index, picture, hidden, buffer.AsSpan<Half>().Slice(row * length, length));
                break;
            default:
                Write(index, picture, hidden, buffer.AsSpan<byte>().Slice(row * length, length));
                break;
        }
    }

    internal static TensorElementType ToTensorType(ElementType type) => type switch
    {
        Inpaint.Graphs.ElementType.Float32 => TensorElementType.Float,
        Inpaint.Graphs.ElementType.Float16 => TensorElementType.Float16,
        _ => TensorElementType.UInt8,
    };

    private sealed class Input(InputContract contract)
    {
        public InputContract Contract => contract;

        public Part[] Parts { get; } = [.. contract.Parts.Select(p => new Part(p))];

        public int Channels { get; } = contract.Parts.Sum(p => p.Role == PartRole.Image ? 3 : 1);
    }

    /// <summary>The values of one part, in lookup tables: 256 per colour channel, and four constants.</summary>
    private sealed class Part
    {
        private const int Known = 0, Hole = 1, Hidden = 2, One = 3;

        private readonly InputPart _contract;
        private readonly Table[] _colours;
        private readonly Table _constants;

        public Part(InputPart contract)
        {
            _contract = contract;
            _colours = contract.Role == PartRole.Image
                ? [.. Enumerable.Range(0, 3).Select(c => new Table([.. Enumerable.Range(0, 256).Select(v => Encode(v / 255f, c))]))]
                : [];
            _constants = new Table([contract.Known, contract.Hole, contract.Hidden, 1f]);
        }

        public int Channels => _contract.Role == PartRole.Image ? 3 : 1;

        public void Write<T>(int channel, ReadOnlySpan<byte> rgba, ReadOnlySpan<byte> hidden, Span<T> target, int step) where T : unmanaged
        {
            T[] constants = _constants.As<T>();
            switch (_contract.Role)
            {
                case PartRole.Image:
                    int colour = _contract.Channels == ChannelOrder.Rgb ? channel : 2 - channel;
                    LookUp(_colours[channel].As<T>(), rgba[colour..], hidden.Length, target, step);
                    WriteHidden(constants[Hidden], hidden, target, step);
                    break;
                case PartRole.Mask:
                    Fill(constants[Known], 0, hidden.Length, target, step);
                    WriteHidden(constants[Hole], hidden, target, step);
                    break;
                default:
                    Fill(constants[One], 0, hidden.Length, target, step);
                    break;
            }
        }

        /// <summary>Writes the table entry of every fourth byte.</summary>
        private static void LookUp<T>(T[] table, ReadOnlySpan<byte> bytes, int pixels, Span<T> target, int step) where T : unmanaged
        {
            // A hot loop without bounds checks: both spans are long enough, and a byte is less than 256.
            ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, (4 * pixels) - 3);
            ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, ((pixels - 1) * step) + 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(table.Length, 256);
            ref byte from = ref MemoryMarshal.GetReference(bytes);
            ref T to = ref MemoryMarshal.GetReference(target);
            ref T entries = ref MemoryMarshal.GetArrayDataReference(table);
            nint i = 0;
            for (; step == 1 && i <= pixels - 4; i += 4)
            {
                Unsafe.Add(ref to, i) = Unsafe.Add(ref entries, (nint)Unsafe.Add(ref from, 4 * i));
                Unsafe.Add(ref to, i + 1) = Unsafe.Add(ref entries, (nint)Unsafe.Add(ref from, (4 * i) + 4));
                Unsafe.Add(ref to, i + 2) = Unsafe.Add(ref entries, (nint)Unsafe.Add(ref from, (4 * i) + 8));
                Unsafe.Add(ref to, i + 3) = Unsafe.Add(ref entries, (nint)Unsafe.Add(ref from, (4 * i) + 12));
            }

            for (; i < pixels; i++)
            {
                Unsafe.Add(ref to, i * step) = Unsafe.Add(ref entries, (nint)Unsafe.Add(ref from, 4 * i));
            }
        }

        private static void WriteHidden<T>(T value, ReadOnlySpan<byte> hidden, Span<T> target, int step) where T : unmanaged
        {
            int start = 0;
            while (hidden[start..].IndexOfAnyExcept((byte)0) is >= 0 and int known)
            {
                start += known;
                int length = hidden[start..].IndexOf((byte)0);
                length = length < 0 ? hidden.Length - start : length;
                Fill(value, start, length, target, step);
                start += length;
            }
        }

        private static void Fill<T>(T value, int start, int length, Span<T> target, int step) where T : unmanaged
        {
            if (step == 1)
            {
                target.Slice(start, length).Fill(value);
                return;
            }

            for (int i = start; i < start + length; i++)
            {
                target[i * step] = value;
            }
        }

        private float Encode(float v, int channel) => _contract is { Mean: { } mean, Std: { } std }
            ? (v - mean[channel]) / std[channel]
            : _contract.Range[0] + (v * (_contract.Range[1] - _contract.Range[0]));
    }

    /// <summary>The same values in each of the three element types.</summary>
    private sealed class Table(float[] values)
    {
        private readonly Half[] _halves = [.. values.Select(v => (Half)v)];
        private readonly byte[] _bytes = [.. values.Select(v => (byte)Math.Clamp(MathF.Round(v), 0, 255))];

        public T[] As<T>() where T : unmanaged => typeof(T) == typeof(float) ? (T[])(object)values
            : typeof(T) == typeof(Half) ? (T[])(object)_halves
            : typeof(T) == typeof(byte) ? (T[])(object)_bytes
            : throw new ArgumentException($"Pictures are written as float, Half or byte; found {typeof(T).Name}.");
    }
}
