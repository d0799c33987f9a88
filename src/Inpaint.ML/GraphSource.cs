using System.Diagnostics.CodeAnalysis;

namespace Inpaint.ML;

/// <summary>
/// The graph of a step: its name or path, or its content. Strings, the bytes of ONNX files and packages are converted to it.
/// </summary>
public sealed class GraphSource
{
    private readonly byte[]? _model;
    private readonly GraphPackage? _package;

    private GraphSource(string? name, byte[]? model, GraphPackage? package) => (Name, _model, _package) = (name, model, package);

    /// <summary>The name or path; null for a graph given by its content.</summary>
    public string? Name { get; }

    /// <summary>A graph by name or path: an ONNX file, or a folder or name of a graph with a manifest.</summary>
    /// <param name="nameOrPath">For example <c>membrane</c>, <c>onnx/membrane</c> or <c>/models/detector.onnx</c>.</param>
    [return: NotNullIfNotNull(nameof(nameOrPath))]
    public static implicit operator GraphSource?(string? nameOrPath) => nameOrPath is null ? null : FromName(nameOrPath);

    /// <summary>The bytes of an ONNX file, which has no manifest.</summary>
    /// <param name="model">The bytes; not copied.</param>
    [return: NotNullIfNotNull(nameof(model))]
    public static implicit operator GraphSource?(byte[]? model) => model is null ? null : FromBytes(model);

    /// <summary>A graph with its manifest.</summary>
    /// <param name="package">The graph.</param>
    [return: NotNullIfNotNull(nameof(package))]
    public static implicit operator GraphSource?(GraphPackage? package) => package is null ? null : FromPackage(package);

    /// <inheritdoc cref="op_Implicit(string)"/>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static GraphSource FromName(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        return new(nameOrPath, null, null);
    }

    /// <inheritdoc cref="op_Implicit(byte[])"/>
    public static GraphSource FromBytes(byte[] model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(null, model, null);
    }

    /// <inheritdoc cref="op_Implicit(GraphPackage)"/>
    public static GraphSource FromPackage(GraphPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return new(null, null, package);
    }

    /// <summary>Reads an ONNX file, which has no manifest, from a stream.</summary>
    /// <param name="stream">The stream, read to its end and not closed.</param>
    public static GraphSource FromStream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return FromBytes(bytes.ToArray());
    }

    /// <inheritdoc />
    public override string ToString() => Name ?? _package?.Source ?? $"a graph of {_model!.Length} bytes";

    /// <summary>The graph with its manifest.</summary>
    /// <exception cref="GraphException">It is not found, or is an ONNX file without a manifest.</exception>
    internal GraphPackage Load() => _package ?? (Name is not null
        ? GraphPackage.Load(Name)
        : throw new GraphException(
            $"The graph was given as the {_model!.Length} bytes of an ONNX file; expected one with a manifest. "
                + $"Use {nameof(GraphPackage)}.{nameof(GraphPackage.FromBytes)} with both."));

    /// <summary>The bytes of the ONNX file.</summary>
    /// <exception cref="GraphException">There is no such file or graph.</exception>
    internal byte[] ReadModel(bool allowExternalData)
    {
        if ((_model ?? _package?.Model) is { } content)
        {
            return content;
        }

        if (File.Exists(Name))
        {
            return allowExternalData ? OnnxModel.ReadWhole(Name) : File.ReadAllBytes(Name);
        }

        // "onnx/NAME/model.onnx" is the graph of that name, wherever the graph folders are.
        return GraphPackage.Load(Path.GetFileName(Name) == "model.onnx" ? Path.GetDirectoryName(Name)! : Name!).Model;
    }
}
