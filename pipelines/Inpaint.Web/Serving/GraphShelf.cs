
using Inpaint.Graphs;
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;

namespace Inpaint.Web.Serving;

/// <summary>The graphs' folders on disk: a request names a folder in them, never a path.</summary>
internal sealed class GraphShelf(string? folder)
{
    private readonly IReadOnlyList<string> _folders = folder is null ? GraphLocator.Folders() : [Path.GetFullPath(folder)];

    /// <summary>The names of all graphs, sorted.</summary>
    public IReadOnlyList<string> Names() => [.. _folders
        .Where(Directory.Exists)
        .SelectMany(Directory.EnumerateDirectories)
        .Where(f => File.Exists(Path.Combine(f, GraphManifest.FileName)))
        .Select(f => Path.GetFileName(f)!)
        .Where(IsName)
        .Distinct()
        .Order(StringComparer.Ordinal)];

    /// <summary>A graph's folder; null where there is none of that name.</summary>
    public string? FolderOf(string name) => IsName(name)
        ? _folders.Select(f => Path.Combine(f, name)).FirstOrDefault(f => File.Exists(Path.Combine(f, GraphManifest.FileName)))
        : null;

    /// <summary>Says when a manifest was written last, to see a change without reading it; null where there is none.</summary>
    public Stamp? StampOf(string name) =>
        FolderOf(name) is { } found && new FileInfo(Path.Combine(found, GraphManifest.FileName)) is { Exists: true } file
            ? new Stamp(file.LastWriteTimeUtc, file.Length)
            : null;

    /// <summary>Reads a pair. Messages name the graph, not where it lies.</summary>
    /// <exception cref="GraphException">There is none, or a file cannot be read.</exception>
    /// <exception cref="ManifestException">Manifest and graph are not as they must be.</exception>
    public GraphPackage Read(string name)
    {
        string folder = FolderOf(name) ?? throw new GraphException($"There is no graph '{name}'.");
        try
        {
            byte[] json = File.ReadAllBytes(Path.Combine(folder, GraphManifest.FileName));
            string file = GraphPackage.ReadManifest(json, $"{name}/{GraphManifest.FileName}").Graph.File;
            string path = Path.Combine(folder, file);
            return File.Exists(path)
                ? GraphPackage.FromBytes(File.ReadAllBytes(path), json, name)
                : throw new GraphException($"{name}: graph.file is '{file}', which is not beside {GraphManifest.FileName}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GraphException($"{name}: its files cannot be read ({e.GetType().Name}).", e);
        }
    }

    /// <summary>A file beside the manifest, such as the card; null where there is none.</summary>
    public string? FileOf(string name, string file) =>
        FolderOf(name) is { } found && File.Exists(Path.Combine(found, file)) ? Path.Combine(found, file) : null;

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && !name.Contains("..", StringComparison.Ordinal);
}

/// <summary>When a file was written, and how long it is.</summary>
internal readonly record struct Stamp(DateTime Written, long Length);
