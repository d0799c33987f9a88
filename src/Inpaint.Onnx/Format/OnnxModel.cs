using Google.Protobuf;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>An ONNX model in memory.</summary>
public sealed class OnnxModel
{
    internal OnnxModel(ModelProto proto) => Proto = proto;

    internal ModelProto Proto { get; }

    /// <summary>The weights and constants of the graph.</summary>
    public IEnumerable<TensorData> Initializers => Proto.Graph.Initializer.Select(i => new TensorData(i));

    /// <summary>The size in bytes of the <see cref="Initializers"/> stored in the model.</summary>
    public long WeightBytes => Proto.Graph.Initializer.Sum(i => (long)i.RawData.Length);

    /// <summary>The maximum size of an ONNX file in bytes: the 2 GiB limit of protobuf messages.</summary>
    public const long MaxBytes = int.MaxValue;

    /// <summary>Reads a model.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="what">The model's name in error messages, such as its path.</param>
    /// <exception cref="OnnxFormatException">The bytes are empty, truncated, or not an ONNX model.</exception>
    public static OnnxModel Read(ReadOnlySpan<byte> bytes, string what = "The model")
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OnnxFormatException($"{what}: found {bytes.Length} bytes that are not a valid ONNX model "
                + $"({e.Message}). The file is truncated or not an ONNX file; copy or export it again.", e);
        }

        string? missing = !model.HasIrVersion || model.IrVersion <= 0 ? "ir_version"
            : model.Graph is null ? "graph"
            : model.OpsetImport.Count == 0 ? "opset_import"
            : null;
        return missing is null
            ? new OnnxModel(model)
            : throw new OnnxFormatException($"{what}: found {bytes.Length} bytes without the field {missing}, which every ONNX model has. "
                + "The file is truncated or not an ONNX file; copy or export it again.");
    }

    /// <summary>Reads a model from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The largest file; larger files are rejected before reading. Default 2 GiB.</param>
    /// <exception cref="OnnxFormatException">The file is empty, truncated, too large, or not an ONNX model.</exception>
    public static OnnxModel Read(string path, long maxBytes = MaxBytes) => Read(ReadBytes(path, maxBytes), path);

    /// <summary>Writes the model atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, ToBytes());

    /// <summary>Serializes the model.</summary>
    public byte[] ToBytes() => Proto.ToByteArray();

    /// <summary>The names of a column's slots in a model that ML.NET exported; null if it has none.</summary>
    /// <param name="column">The column's name in ML.NET.</param>
    public IReadOnlyList<string>? SlotNames(string column) => Proto.Graph.Node.FirstOrDefault(n => n.Name == $"mlnet.{column}.SlotNames")
        ?.Attribute.FirstOrDefault(a => a.Name == "keys_strings")?.Strings.Select(s => s.ToStringUtf8()).ToArray();

    /// <summary>
    /// Whether the size of an output may depend on the values of the inputs, rather than on their sizes only, as the number of boxes that a
    /// detector finds.
    /// </summary>
    /// <param name="output">The name of an output.</param>
    public bool SizeDependsOnValues(string output) => new DataDependentSizes(Proto).Reach(output);

    /// <summary>Returns a copy with additional outputs for intermediate values.</summary>
    /// <param name="values">Names of values; those that no node computes or that are already outputs are ignored.</param>
    public OnnxModel WithOutputs(IEnumerable<string> values)
    {
        ModelProto copy = Proto.Clone();
        var given = new HashSet<string>(copy.Graph.Output.Select(o => o.Name));
        var made = new HashSet<string>(copy.Graph.Node.SelectMany(n => n.Output));
        copy.Graph.Output.Add(values.Where(v => made.Contains(v) && given.Add(v)).Select(v => new ValueInfoProto { Name = v }));
        return new OnnxModel(copy);
    }

    /// <summary>
    /// Returns the part of the graph that computes some of its values, which become the only outputs; nodes, inputs and weights that they
    /// do not need are left out.
    /// </summary>
    /// <param name="values">Names of values that nodes compute.</param>
    /// <param name="inputDims">The axes of every input; none to keep those of the graph. Other values lose their declared shapes.</param>
    /// <exception cref="ArgumentException">No node computes one of the values.</exception>
    public OnnxModel Part(IReadOnlyList<string> values, params ReadOnlySpan<GraphDimension> inputDims)
    {
        ArgumentNullException.ThrowIfNull(values);
        ModelProto copy = Proto.Clone();
        GraphProto graph = copy.Graph;
        var needed = new HashSet<string>(values);
        for (int i = graph.Node.Count - 1; i >= 0; i--)
        {
            // Nodes are in topological order, so whoever reads a value has been seen before.
            NodeProto node = graph.Node[i];
            if (node.Output.Any(needed.Contains))
            {
                needed.UnionWith(node.Input);
            }
            else
            {
                graph.Node.RemoveAt(i);
            }
        }

        if (values.FirstOrDefault(v => !graph.Node.Any(n => n.Output.Contains(v))) is { } unknown)
        {
            throw new ArgumentException($"No node of the graph '{graph.Name}' computes '{unknown}'.", nameof(values));
        }

        RemoveUnneeded(graph.Initializer, i => i.Name, needed);
        RemoveUnneeded(graph.Input, i => i.Name, needed);
        foreach (TypeProto.Types.Tensor tensor in inputDims.IsEmpty ? [] : graph.Input.Select(i => i.Type.TensorType))
        {
            tensor.Shape = new TensorShapeProto();
            foreach (GraphDimension dim in inputDims)
            {
                tensor.Shape.Dim.Add(dim.ToProto());
            }
        }

        graph.ValueInfo.Clear();
        graph.Output.Clear();
        graph.Output.Add(values.Select(v => new ValueInfoProto { Name = v }));
        return new OnnxModel(copy);
    }

    /// <summary>Moves the weights to an external file, which can exceed the 2 GB limit of the model file.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="location">The file's name in the model.</param>
    /// <returns>The size of the file in bytes.</returns>
    public long MoveWeights(string path, string location) => ExternalWeights.Write(Proto.Graph, path, location);

    /// <summary>Reads a graph with external data as one that contains its weights.</summary>
    /// <param name="path">A trusted ONNX file. Its external files must be regular files without other hard links.</param>
    /// <returns>The graph's bytes; those of the file if it has no external data.</returns>
    /// <exception cref="OnnxFormatException">The graph or an external file is damaged or not allowed, or both together exceed
    /// 2 GB.</exception>
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
            throw new OnnxFormatException($"{path}: its weights are {found.ExternalData.Sum(t => t.Length ?? 0):N0} bytes in external "
                + $"files, but a graph in memory can have at most {MaxBytes:N0}. Store them as 16-bit floats.");
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

    private static void RemoveUnneeded<T>(IList<T> items, Func<T, string> nameOf, HashSet<string> needed)
    {
        for (int i = items.Count - 1; i >= 0; i--)
        {
            if (!needed.Contains(nameOf(items[i])))
            {
                items.RemoveAt(i);
            }
        }
    }

    internal static byte[] ReadBytes(string path, long maxBytes)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > Math.Min(maxBytes, Array.MaxLength))
        {
            throw new OnnxFormatException($"{path}: found {file.Length} bytes, expected at most {Math.Min(maxBytes, Array.MaxLength)}. "
                + "Allow more if you trust the file, or store its weights as external data.");
        }

        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
