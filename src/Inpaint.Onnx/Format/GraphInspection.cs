using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Format;

/// <summary>
/// Inspects a graph and checks its structure, without running it. Suitable for untrusted files: for any content, the result is an
/// inspection or an <see cref="OnnxFormatException"/>.
/// </summary>
public static class GraphInspection
{
    /// <summary>The domain of the standard operators, which may also be empty in files.</summary>
    public const string DefaultDomain = "ai.onnx";

    /// <summary>Inspects a file.</summary>
    /// <param name="path">An ONNX file. External data, if allowed, is in its folder.</param>
    /// <param name="options">The options; the defaults if null.</param>
    /// <exception cref="OnnxFormatException">The file is not a valid ONNX model, or contains something that the options do not
    /// allow.</exception>
    public static GraphInspectionResult Inspect(string path, InspectionOptions? options = null)
    {
        options ??= InspectionOptions.Default;
        OnnxModel model = OnnxModel.Read(path, options.MaxBytes);
        return Inspect(model, options with { Folder = Path.GetDirectoryName(Path.GetFullPath(path)) }, path);
    }

    /// <summary>Inspects a file's bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="options">The options; the defaults if null.</param>
    /// <param name="what">The file's name in error messages.</param>
    /// <exception cref="OnnxFormatException">As for a file.</exception>
    public static GraphInspectionResult Inspect(ReadOnlySpan<byte> bytes, InspectionOptions? options = null, string what = "The model")
    {
        options ??= InspectionOptions.Default;
        return bytes.Length <= options.MaxBytes
            ? Inspect(OnnxModel.Read(bytes, what), options, what)
            : throw new OnnxFormatException(
                $"{what}: found {bytes.Length} bytes, expected at most {options.MaxBytes}. Allow more if you trust the file.");
    }

    /// <summary>Inspects a model in memory.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="options">The options; the defaults if null.</param>
    /// <param name="what">The model's name in error messages.</param>
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
