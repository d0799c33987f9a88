using Google.Protobuf;
using Inpaint.Files;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>An ONNX model in memory.</summary>
public sealed class OnnxModel
{
    internal OnnxModel(ModelProto proto) => Proto = proto;

    internal ModelProto Proto { get; }

    /// <summary>The weights and constants of the graph.</summary>
    public IEnumerable<TensorData> Initializers => Proto.Graph.Initializer.Select(i => new TensorData(i));

    /// <summary>The bytes of the values of <see cref="Initializers"/> that are inside the model.</summary>
    public long WeightBytes => Proto.Graph.Initializer.Sum(i => (long)i.RawData.Length);

    /// <summary>The most bytes that one ONNX file can have: a protobuf message ends at 2 GiB.</summary>
    public const long MaxBytes = int.MaxValue;

    /// <summary>Reads a model.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="what">What error messages call them: a path.</param>
    /// <exception cref="OnnxFormatException">The bytes are empty, cut off, or no ONNX model.</exception>
    public static OnnxModel Read(ReadOnlySpan<byte> bytes, string what = "The model")
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OnnxFormatException($"{what}: found {bytes.Length} bytes that do not end or nest as an ONNX model does "
                + $"({e.Message}). The file is cut off or no ONNX file; get or export it again.", e);
        }

        string? missing = !model.HasIrVersion || model.IrVersion <= 0 ? "ir_version"
            : model.Graph is null ? "graph"
            : model.OpsetImport.Count == 0 ? "opset_import"
            : null;
        return missing is null
            ? new OnnxModel(model)
            : throw new OnnxFormatException($"{what}: found {bytes.Length} bytes without the field {missing}, which every ONNX model has. "
                + "The file is cut off or no ONNX file; get or export it again.");
    }

    /// <summary>Reads a model from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Larger files are refused before they are read. Default 2 GiB.</param>
    /// <exception cref="OnnxFormatException">The file is empty, cut off, too large, or no ONNX model.</exception>
    public static OnnxModel Read(string path, long maxBytes = MaxBytes) => Read(ReadBytes(path, maxBytes), path);

    /// <summary>Writes the model atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, ToBytes());

    /// <summary>The model in the format of a file.</summary>
    public byte[] ToBytes() => Proto.ToByteArray();

    /// <summary>A copy that also gives out values that its nodes compute.</summary>
    /// <param name="values">Names of values; those that no node computes or that are outputs already are left out.</param>
    public OnnxModel WithOutputs(IEnumerable<string> values)
    {
        ModelProto copy = Proto.Clone();
        var given = new HashSet<string>(copy.Graph.Output.Select(o => o.Name));
        var made = new HashSet<string>(copy.Graph.Node.SelectMany(n => n.Output));
        copy.Graph.Output.Add(values.Where(v => made.Contains(v) && given.Add(v)).Select(v => new ValueInfoProto { Name = v }));
        return new OnnxModel(copy);
    }

    /// <summary>
    /// Moves the weights into a file beside the model (external data), which has room for more than the 2 GB of one file.
    /// </summary>
    /// <param name="path">The file; there must be none.</param>
    /// <param name="location">Its name, as the model will refer to it.</param>
    /// <returns>The bytes of the file.</returns>
    public long MoveWeights(string path, string location) => ExternalWeights.Write(Proto.Graph, path, location);

    /// <summary>Reads a graph with external data as one that contains its weights.</summary>
    /// <param name="path">An ONNX file. The files beside it are read where each is a plain file with one name; read only those that you
    /// trust.</param>
    /// <returns>The graph's bytes; those of the file where it has no external data.</returns>
    /// <exception cref="OnnxFormatException">The graph is damaged, a file beside it is not as it must be, or both are more than the 2 GB
    /// that one file can hold.</exception>
    public static byte[] ReadWhole(string path)
    {
        GraphInspectionResult found = GraphInspection.Inspect(path, new InspectionOptions { AllowExternalData = true });
        byte[] bytes = ReadBytes(path, MaxBytes);
        if (found.ExternalData.Count == 0)
        {
            return bytes;
        }

        if (found.ExternalData.Sum(t => t.Length ?? 0) + bytes.LongLength > MaxBytes)
        {
            throw new OnnxFormatException($"{path}: its weights are {found.ExternalData.Sum(t => t.Length ?? 0):N0} bytes in files beside "
                + $"it, and one graph in memory has {MaxBytes:N0} at the most. Store them in halves.");
        }

        ModelProto model = Read(bytes, path).Proto;
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (TensorProto tensor in model.Graph.Initializer.Where(TensorSizes.IsExternal))
        {
            ExternalTensor place = found.ExternalData.First(t => t.Tensor.Contains($"'{tensor.Name}'", StringComparison.Ordinal)
                || t.Tensor == tensor.Name);
            using FileStream file = File.OpenRead(Path.Combine(folder, place.Location));
            file.Position = place.Offset;
            byte[] numbers = new byte[place.Length ?? (file.Length - place.Offset)];
            file.ReadExactly(numbers);
            tensor.RawData = ByteString.CopyFrom(numbers);
            tensor.ExternalData.Clear();
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        }

        return model.ToByteArray();
    }

    internal static byte[] ReadBytes(string path, long maxBytes)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > Math.Min(maxBytes, Array.MaxLength))
        {
            throw new OnnxFormatException($"{path}: found {file.Length} bytes, expected at most {Math.Min(maxBytes, Array.MaxLength)}. "
                + "Allow more where you trust the file, or keep its weights in external data.");
        }

        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
