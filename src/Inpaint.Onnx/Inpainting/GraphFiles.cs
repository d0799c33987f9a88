using System.Security.Cryptography;
using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// A graph and its manifest as read from files, possibly inconsistent; see <see cref="GraphPackage"/> for a consistent pair.
/// </summary>
/// <param name="Manifest">The manifest, which is valid on its own.</param>
/// <param name="ManifestJson">The manifest's bytes.</param>
/// <param name="Model">The ONNX file's bytes.</param>
public sealed record GraphFiles(GraphManifest Manifest, byte[] ManifestJson, byte[] Model)
{
    /// <summary>SHA-256 of the ONNX file, in lower-case hexadecimal digits.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Model));

    /// <summary>Whether the hash in the manifest matches the graph.</summary>
    public bool HashAgrees => Sha256.Equals(Manifest.Graph.Sha256, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads both files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="source">The name of the graph in error messages.</param>
    /// <exception cref="GraphException">A file cannot be read.</exception>
    /// <exception cref="ManifestException">The manifest is not valid, or a file is missing.</exception>
    public static GraphFiles Read(string folder, string source)
    {
        (GraphManifest manifest, byte[] json) = ReadManifest(folder, source);
        return new GraphFiles(manifest, json, ReadFile(folder, manifest.Graph.File, source));
    }

    /// <summary>Reads the manifest of a folder without its graph.</summary>
    /// <inheritdoc cref="Read" path="/param"/>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static (GraphManifest Manifest, byte[] Json) ReadManifest(string folder, string source)
    {
        byte[] json = ReadFile(folder, GraphManifest.FileName, source);
        return (GraphManifest.Parse(json, $"{source}/{GraphManifest.FileName}"), json);
    }

    private static byte[] ReadFile(string folder, string file, string source)
    {
        try
        {
            string path = Path.Combine(folder, file);
            return File.Exists(path) ? File.ReadAllBytes(path) : throw new ManifestException(
                $"{source}: the file '{file}' does not exist; expected {GraphManifest.FileName} and the graph of graph.file in the "
                + "same folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GraphException($"{source}: {file} cannot be read ({e.GetType().Name}). Check its permissions.", e);
        }
    }
}
