using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>Finds graphs by path or by name; a name is a subfolder of one of the graph folders.</summary>
public static class GraphLocator
{
    /// <summary>The environment variable for a folder of graphs that is searched first.</summary>
    public const string EnvironmentVariable = "INPAINT_GRAPHS";

    /// <summary>
    /// The folders in which names are looked up, in order: <c>INPAINT_GRAPHS</c>, <c>onnx</c> next to the program,
    /// and the nearest <c>onnx</c> above the working directory or the program (that of the repository).
    /// </summary>
    public static IReadOnlyList<string> Folders()
    {
        var folders = new List<string>();
        void Add(string? folder)
        {
            if (!string.IsNullOrEmpty(folder) && Directory.Exists(folder) && !folders.Contains(Path.GetFullPath(folder)))
            {
                folders.Add(Path.GetFullPath(folder));
            }
        }

        Add(Environment.GetEnvironmentVariable(EnvironmentVariable));
        Add(Path.Combine(AppContext.BaseDirectory, "onnx"));
        Add(Above(Environment.CurrentDirectory));
        Add(Above(AppContext.BaseDirectory));
        return folders;
    }

    /// <summary>Finds the folder of a graph.</summary>
    /// <param name="nameOrPath">
    /// The path of a folder or manifest, or a name in <see cref="Folders"/>; <c>onnx/NAME</c> is also a name.
    /// </param>
    /// <exception cref="GraphException">There is no such graph; the message lists the existing names.</exception>
    public static string Find(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        if (HasManifest(nameOrPath))
        {
            return Path.GetFullPath(nameOrPath);
        }

        if (Path.GetFileName(nameOrPath) is GraphManifest.FileName && File.Exists(nameOrPath))
        {
            return Path.GetDirectoryName(Path.GetFullPath(nameOrPath))!;
        }

        List<string> places = [Path.GetFullPath(nameOrPath)];
        if (!Path.IsPathRooted(nameOrPath))
        {
            string name = nameOrPath.Replace('\\', '/').TrimEnd('/');
            name = name.StartsWith("onnx/", StringComparison.Ordinal) ? name[5..] : name;
            places.AddRange(Folders().Select(folder => Path.GetFullPath(Path.Combine(folder, name))));
            if (places.Find(HasManifest) is { } found)
            {
                return found;
            }
        }

        string[] known = [.. Names()];
        string? nearest = StrictJson.Nearest(Path.GetFileName(nameOrPath.TrimEnd('/')), known);
        throw new GraphException($"Graph '{nameOrPath}' is not found: no {GraphManifest.FileName} in "
            + $"{string.Join(", ", places.Distinct())}. "
            + (nearest is not null
                ? $"Did you mean '{nearest}'?"
                : known.Length > 0
                ? $"Known: {string.Join(", ", known)}."
                : $"Specify a folder with model.onnx and {GraphManifest.FileName}, or set {EnvironmentVariable}."));
    }

    /// <summary>The distinct names of all graphs in <see cref="Folders"/>, sorted.</summary>
    public static IEnumerable<string> Names() => Folders()
        .SelectMany(Directory.EnumerateDirectories)
        .Where(HasManifest)
        .Select(f => Path.GetFileName(f)!)
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static bool HasManifest(string folder) => File.Exists(Path.Combine(folder, GraphManifest.FileName));

    private static string? Above(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "onnx");
            if (Directory.Exists(candidate) && Directory.EnumerateDirectories(candidate).Any(HasManifest))
            {
                return candidate;
            }
        }

        return null;
    }
}
