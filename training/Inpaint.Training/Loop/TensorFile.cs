using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>
/// Named tensors in one file, in the safetensors format: a length, a JSON header with types, shapes and offsets, then the data.
/// </summary>
internal static class TensorFile
{
    private const int LengthBytes = 8;
    private const long LongestHeader = 100_000_000;

    /// <summary>Writes tensors of 32-bit floats and 64-bit integers; other types become 32-bit floats.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var header = new Dictionary<string, object>();
        var data = new List<byte[]>();
        long at = 0;
        using (no_grad())
        {
            foreach ((string name, Tensor tensor) in tensors)
            {
                bool whole = tensor.dtype == ScalarType.Int64;
                using Tensor plain = tensor.detach().to(whole ? ScalarType.Int64 : ScalarType.Float32).cpu().contiguous();
                byte[] bytes = plain.bytes.ToArray();
                long[] offsets = [at, at + bytes.Length];
                header.Add(name, new { dtype = whole ? "I64" : "F32", tensor.shape, data_offsets = offsets });
                data.Add(bytes);
                at += bytes.Length;
            }
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        byte[] length = new byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        AtomicFile.Write(path, file =>
        {
            file.Write(length);
            file.Write(json);
            foreach (byte[] bytes in data)
            {
                file.Write(bytes);
            }
        });
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FailedException">It is truncated or not of this format.</exception>
    public static Dictionary<string, Tensor> Read(string path)
    {
        byte[] all = File.ReadAllBytes(path);
        long length = all.Length >= LengthBytes ? BinaryPrimitives.ReadInt64LittleEndian(all) : -1;
        if (length is < 2 or > LongestHeader || length > all.Length - LengthBytes)
        {
            throw new FailedException($"{path} is not a file of tensors (safetensors), or is truncated.");
        }

        var tensors = new Dictionary<string, Tensor>();
        try
        {
            using JsonDocument header = JsonDocument.Parse(all.AsMemory(LengthBytes, (int)length));
            foreach (JsonProperty entry in header.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
            {
                tensors.Add(entry.Name, ReadTensor(entry.Value, all.AsSpan(LengthBytes + (int)length)));
            }
        }
        catch (Exception e) when (
            e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new FailedException($"{path} is not a file of tensors (safetensors), or is truncated: {e.Message}", e);
        }

        return tensors;
    }

    private static Tensor ReadTensor(JsonElement entry, ReadOnlySpan<byte> data)
    {
        long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
        long from = entry.GetProperty("data_offsets")[0].GetInt64(), to = entry.GetProperty("data_offsets")[1].GetInt64();
        ReadOnlySpan<byte> bytes = data[(int)from..(int)to];
        string type = entry.GetProperty("dtype").GetString()!;
        return type switch
        {
            "F32" => tensor(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray(), shape),
            "I64" => tensor(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(bytes).ToArray(), shape),
            _ => throw new ArgumentException($"type {type}; expected F32 or I64"),
        };
    }
}
