using System.Security.Cryptography;
using Inpaint.Graphs;
using Inpaint.Onnx.Inpainting;

namespace Inpaint.Cli.Graphs;

/// <summary>A graph's folder as it lies there, whether or not its files agree.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="ManifestJson">The manifest's bytes.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="Model">The graph's bytes.</param>
internal sealed record GraphFiles(string Folder, byte[] ManifestJson, GraphManifest Manifest, byte[] Model)
{
    /// <summary>SHA-256 of the graph.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Model));

    /// <summary>Whether the manifest has the graph's hash.</summary>
    public bool HashAgrees => Sha256.Equals(Manifest.Graph.Sha256, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the manifest lies.</summary>
    public string ManifestPath => ManifestPathOf(Folder);

    /// <summary>Reads both files.</summary>
    /// <exception cref="ManifestException">The manifest is not valid, or there is no graph beside it.</exception>
    public static GraphFiles Read(string folder)
    {
        string path = ManifestPathOf(folder);
        byte[] json = File.ReadAllBytes(path);
        GraphManifest manifest = GraphPackage.ReadManifest(json, path);
        string model = Path.Combine(folder, manifest.Graph.File);
        return File.Exists(model)
            ? new GraphFiles(folder, json, manifest, File.ReadAllBytes(model))
            : throw new ManifestException($"{path}: graph.file is '{manifest.Graph.File}', which is not in {folder}. Put the graph beside its manifest.");
    }

    private static string ManifestPathOf(string folder) => Path.Combine(folder, GraphManifest.FileName);
}
