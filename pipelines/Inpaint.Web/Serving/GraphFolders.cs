namespace Inpaint.Web.Serving;

/// <summary>The folders of graphs on disk. A request names a folder in them, never a path.</summary>
internal sealed class GraphFolders(ServiceOptions options)
{
    private readonly IReadOnlyList<string> _folders = options.Graphs is { } folder ? [Path.GetFullPath(folder)] : GraphLocator.Folders();

    /// <summary>The names of all graphs, sorted.</summary>
    public IReadOnlyList<string> Names() => [.. _folders
        .Where(Directory.Exists)
        .SelectMany(Directory.EnumerateDirectories)
        .Select(f => Path.GetFileName(f)!)
        .Where(name => FolderOf(name) is not null)
        .Distinct()
        .Order(StringComparer.Ordinal)];

    /// <summary>The folder of a graph; null where there is none of that name.</summary>
    public string? FolderOf(string name) => IsName(name)
        ? _folders.Select(f => Path.Combine(f, name)).FirstOrDefault(f => File.Exists(Path.Combine(f, GraphManifest.FileName)))
        : null;

    /// <summary>A file beside the manifest, such as the card; null if none.</summary>
    public string? FileOf(string name, string file) =>
        FolderOf(name) is { } found && File.Exists(Path.Combine(found, file)) ? Path.Combine(found, file) : null;

    /// <summary>The stamp of a manifest; null if none.</summary>
    public string? StampOf(string name) => FileOf(name, GraphManifest.FileName) is { } manifest ? FileStamp.Of(manifest) : null;

    /// <summary>Loads a graph. Messages contain its name, never its path.</summary>
    /// <exception cref="GraphException">There is none, or a file cannot be read.</exception>
    /// <exception cref="ManifestException">Manifest and graph are inconsistent.</exception>
    public GraphPackage Load(string name) => GraphPackage.LoadFolder(Require(name), name);

    /// <summary>Loads the manifest of a graph. Messages contain its name, never its path.</summary>
    /// <exception cref="GraphException">There is none, or the file cannot be read.</exception>
    /// <exception cref="ManifestException">The manifest is invalid.</exception>
    public GraphManifest LoadManifest(string name) => GraphFiles.ReadManifest(Require(name), name).Manifest;

    private string Require(string name) => FolderOf(name) ?? throw new GraphException($"There is no graph '{name}'.");

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 100
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
        && !name.Contains("..", StringComparison.Ordinal);
}
