using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>
/// Reads what a graph is and checks its structure, before anything of it runs. Made for files from strangers: whatever they hold, the
/// answer is a result or an <see cref="OnnxFormatException"/>.
/// </summary>
public static class GraphInspection
{
    /// <summary>The name of ONNX's own operators' domain, which files may also leave empty.</summary>
    public const string DefaultDomain = "ai.onnx";

    /// <summary>Inspects a file.</summary>
    /// <param name="path">An ONNX file; external data may lie in its folder, where allowed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="OnnxFormatException">The file is no ONNX model, is not built as one must be, or holds what the options do not
    /// allow.</exception>
    public static GraphInspectionResult Inspect(string path, InspectionOptions? options = null)
    {
        options ??= InspectionOptions.Default;
        OnnxModel model = OnnxModel.Read(path, options.MaxBytes);
        return Inspect(model, options with { Folder = Path.GetDirectoryName(Path.GetFullPath(path)) }, path);
    }

    /// <summary>Inspects a file's bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="what">What error messages call the file.</param>
    /// <exception cref="OnnxFormatException">As for a file.</exception>
    public static GraphInspectionResult Inspect(ReadOnlySpan<byte> bytes, InspectionOptions? options = null, string what = "The model")
    {
        options ??= InspectionOptions.Default;
        return bytes.Length <= options.MaxBytes
            ? Inspect(OnnxModel.Read(bytes, what), options, what)
            : throw new OnnxFormatException(
                $"{what}: found {bytes.Length} bytes, expected at most {options.MaxBytes}. Allow more where you trust the file.");
    }

    /// <summary>Inspects a model in memory.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="what">What error messages call it.</param>
    /// <exception cref="OnnxFormatException">As for a file.</exception>
    public static GraphInspectionResult Inspect(OnnxModel model, InspectionOptions? options = null, string what = "The model")
    {
        ArgumentNullException.ThrowIfNull(model);
        return Inspect(model.Proto, options, what);
    }

    internal static GraphInspectionResult Inspect(ModelProto model, InspectionOptions? options = null, string what = "The model")
    {
        options ??= InspectionOptions.Default;
        if (model.Graph is null)
        {
            throw new OnnxFormatException($"{what}: found no graph; every ONNX model has one.");
        }

        var walk = new GraphWalk(model, what);
        walk.Model();
        walk.Calls.Check(options.MaxNodes, what);
        ExternalFiles.Check(walk.ExternalData, options, what);
        HashSet<string> initializers =
            [.. model.Graph.Initializer.Select(i => i.Name), .. model.Graph.SparseInitializer.Select(s => s.Values?.Name ?? "")];
        return new GraphInspectionResult
        {
            IrVersion = model.IrVersion,
            Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            Opsets = Opsets(model, what),
            Operators = walk.Operators,
            Inputs = [.. model.Graph.Input.Where(i => !initializers.Contains(i.Name)).Select(Value)],
            Outputs = [.. model.Graph.Output.Select(Value)],
            Parameters = walk.Parameters,
            ParameterBytes = walk.ParameterBytes,
            ExternalData = walk.ExternalData,
            Metadata = model.MetadataProps.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value),
        };
    }

    internal static string Domain(string domain) => domain.Length == 0 ? DefaultDomain : domain;

    private static Dictionary<string, long> Opsets(ModelProto model, string what)
    {
        var opsets = new Dictionary<string, long>();
        foreach (OperatorSetIdProto import in model.OpsetImport)
        {
            if (!opsets.TryAdd(Domain(import.Domain), import.Version))
            {
                throw new OnnxFormatException($"{what}: found two operator sets of the domain '{Domain(import.Domain)}' "
                    + $"({opsets[Domain(import.Domain)]} and {import.Version}), expected one; export the graph again.");
            }
        }

        return opsets;
    }

    private static GraphValue Value(ValueInfoProto info) => info.Type?.TensorType is { } tensor
        ? new GraphValue(info.Name, (DataType)tensor.ElemType, tensor.Shape?.Dim.Select(GraphDimension.Read).ToArray())
        : new GraphValue(info.Name, DataType.Undefined, null);
}
