using System.Security.Cryptography;
using Inpaint.Graphs;
using Inpaint.Json;
using Inpaint.Onnx.Format;
using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>A graph with its manifest, checked: hashes agree, the graph is what the manifest says, nothing refers to files outside.</summary>
public sealed class GraphPackage
{
    private GraphPackage(GraphManifest manifest, byte[] model, byte[] manifestJson, string source)
    {
        Manifest = manifest;
        Model = model;
        ManifestJson = manifestJson;
        Source = source;
    }

    /// <summary>What the graph wants and gives.</summary>
    public GraphManifest Manifest { get; }

    /// <summary>The ONNX file's bytes.</summary>
    public byte[] Model { get; }

    /// <summary>The manifest's bytes.</summary>
    public byte[] ManifestJson { get; }

    /// <summary>The name or path that it was loaded by.</summary>
    public string Source { get; }

    /// <summary>Loads a graph by the name of a folder under the graph folders, or by the path of a folder or of a manifest.</summary>
    /// <param name="nameOrPath">Such as <c>membrane</c>, <c>onnx/membrane</c> or <c>/models/lama</c>.</param>
    /// <exception cref="GraphException">There is no such graph.</exception>
    /// <exception cref="ManifestException">Manifest and graph are not as they must be.</exception>
    public static GraphPackage Load(string nameOrPath)
    {
        string folder = GraphLocator.Find(nameOrPath);
        GraphPackage package = LoadFolder(folder, folder);
        return new GraphPackage(package.Manifest, package.Model, package.ManifestJson, nameOrPath);
    }

    /// <summary>Loads the graph and the manifest of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="source">What error messages call the graph, such as its name or path.</param>
    /// <exception cref="GraphException">A file cannot be read.</exception>
    /// <exception cref="ManifestException">Manifest and graph are inconsistent.</exception>
    public static GraphPackage LoadFolder(string folder, string source)
    {
        byte[] json = ReadFile(folder, GraphManifest.FileName, source);
        string file = ReadManifest(json, $"{source}/{GraphManifest.FileName}").Graph.File;
        return FromBytes(ReadFile(folder, file, source), json, source);
    }

    /// <summary>Loads the manifest of a folder without its graph.</summary>
    /// <inheritdoc cref="LoadFolder" path="/param"/>
    /// <inheritdoc cref="LoadFolder" path="/exception"/>
    public static GraphManifest LoadManifest(string folder, string source) =>
        ReadManifest(ReadFile(folder, GraphManifest.FileName, source), $"{source}/{GraphManifest.FileName}");

    /// <summary>Takes a graph and its manifest from memory.</summary>
    /// <param name="model">The ONNX file's bytes.</param>
    /// <param name="manifestJson">The manifest's bytes.</param>
    /// <param name="source">What error messages call the pair.</param>
    public static GraphPackage FromBytes(byte[] model, byte[] manifestJson, string source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(manifestJson);
        GraphManifest manifest = ReadManifest(manifestJson, source);
        string sha = Convert.ToHexStringLower(SHA256.HashData(model));
        if (!sha.Equals(manifest.Graph.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new ManifestException($"{source}: graph.sha256 is {manifest.Graph.Sha256}, but the graph's is {sha}. The pair is not used: write model.onnx first and model.json last, with the hash of that graph.");
        }

        ManifestFit.Check(manifest, GraphInspection.Inspect(model, what: source), source);
        return new GraphPackage(manifest, model, manifestJson, source);
    }

    /// <summary>Reads and checks a manifest without its graph.</summary>
    public static GraphManifest ReadManifest(ReadOnlySpan<byte> json, string source)
    {
        return GraphManifest.Parse(json, source);
    }

    private static byte[] ReadFile(string folder, string file, string source)
    {
        try
        {
            string path = Path.Combine(folder, file);
            return File.Exists(path) ? File.ReadAllBytes(path) : throw new ManifestException(
                $"{source}: there is no file '{file}'; expected {GraphManifest.FileName} and, beside it, the graph that graph.file names.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GraphException($"{source}: {file} cannot be read ({e.GetType().Name}). Check its permissions.", e);
        }
    }
}
