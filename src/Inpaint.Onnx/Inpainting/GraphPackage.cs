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
    public static GraphPackage Load(string nameOrPath) => LoadFolder(GraphLocator.Find(nameOrPath), nameOrPath);

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

    private static GraphPackage LoadFolder(string folder, string source)
    {
        string manifestPath = Path.Combine(folder, GraphManifest.FileName);
        byte[] json = File.ReadAllBytes(manifestPath);
        string file = ReadManifest(json, manifestPath).Graph.File;
        string modelPath = Path.Combine(folder, file);
        if (!File.Exists(modelPath))
        {
            throw new ManifestException($"{manifestPath}: graph.file is '{file}', which is not in {folder}. Put the graph beside its manifest.");
        }

        return FromBytesOf(File.ReadAllBytes(modelPath), json, manifestPath, source);
    }

    private static GraphPackage FromBytesOf(byte[] model, byte[] json, string manifestPath, string source)
    {
        GraphPackage checkedPair = FromBytes(model, json, manifestPath);
        return new GraphPackage(checkedPair.Manifest, model, json, source);
    }
}
