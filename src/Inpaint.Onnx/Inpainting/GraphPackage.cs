using Inpaint.Onnx.Format;
using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>A graph with its manifest. The hash, inputs and outputs match the manifest, and there is no external data.</summary>
public sealed class GraphPackage
{
    private readonly GraphFiles _files;

    private GraphPackage(GraphFiles files, string source) => (_files, Source) = (files, source);

    /// <summary>Inputs, outputs and sizes of the graph.</summary>
    public GraphManifest Manifest => _files.Manifest;

    /// <summary>The ONNX file's bytes.</summary>
    public byte[] Model => _files.Model;

    /// <summary>The manifest's bytes.</summary>
    public byte[] ManifestJson => _files.ManifestJson;

    /// <summary>SHA-256 of the ONNX file, in lower-case hexadecimal digits.</summary>
    public string Sha256 => _files.Sha256;

    /// <summary>The name or path from which it was loaded.</summary>
    public string Source { get; }

    /// <summary>Loads a graph by name, or by the path of its folder or manifest.</summary>
    /// <param name="nameOrPath">For example <c>membrane</c>, <c>onnx/membrane</c> or <c>/models/lama</c>.</param>
    /// <exception cref="GraphException">There is no such graph, or a file cannot be read.</exception>
    /// <exception cref="ManifestException">The manifest and the graph are inconsistent.</exception>
    public static GraphPackage Load(string nameOrPath)
    {
        string folder = GraphLocator.Find(nameOrPath);
        return new GraphPackage(Check(GraphFiles.Read(folder, folder), folder), nameOrPath);
    }

    /// <summary>Loads the graph and the manifest of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="source">The name of the graph in error messages.</param>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static GraphPackage LoadFolder(string folder, string source) => new(Check(GraphFiles.Read(folder, source), source), source);

    /// <summary>Loads a graph and its manifest from memory.</summary>
    /// <param name="model">The ONNX file's bytes.</param>
    /// <param name="manifestJson">The manifest's bytes.</param>
    /// <param name="source">The name of the graph in error messages.</param>
    /// <exception cref="ManifestException">The manifest and the graph are inconsistent.</exception>
    public static GraphPackage FromBytes(byte[] model, byte[] manifestJson, string source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(manifestJson);
        return new GraphPackage(Check(new GraphFiles(GraphManifest.Parse(manifestJson, source), manifestJson, model), source), source);
    }

    private static GraphFiles Check(GraphFiles files, string source)
    {
        if (!files.HashAgrees)
        {
            throw new ManifestException(
                $"{source}: graph.sha256 is {files.Manifest.Graph.Sha256}, but the graph's is {files.Sha256}. "
                + "The graph is not used: write model.onnx first and model.json last, with the hash of that graph.");
        }

        ManifestFit.Check(files.Manifest, GraphInspection.Inspect(files.Model, what: source), source);
        return files;
    }
}
