using Inpaint.Graphs;
using Inpaint.Json;
using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>Finds graphs by name: a path as it stands, or a folder under one of the graph folders.</summary>
public static class GraphLocator
{
    /// <summary>The environment variable that names a folder of graphs, looked into first.</summary>
    public const string EnvironmentVariable = "INPAINT_GRAPHS";

    /// <summary>
    /// The folders that names are looked up in, in this order: <c>INPAINT_GRAPHS</c>, <c>onnx</c> beside the program,
    /// and the nearest <c>onnx</c> above the working folder or the program (the repository's).
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

    /// <summary>The folder that holds a graph's manifest.</summary>
    /// <param name="nameOrPath">A folder's or manifest's path, or a name under <see cref="Folders"/>; <c>onnx/NAME</c> is such a name too.</param>
    /// <exception cref="GraphException">There is none; the message lists the names that there are.</exception>
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

        IReadOnlyList<string> folders = Folders();
        if (!Path.IsPathRooted(nameOrPath))
        {
            string name = nameOrPath.Replace('\\', '/').TrimEnd('/');
            name = name.StartsWith("onnx/", StringComparison.Ordinal) ? name[5..] : name;
            string? found = folders.Select(f => Path.Combine(f, name)).FirstOrDefault(HasManifest);
            if (found is not null)
            {
                return found;
            }
        }

        string[] known = [.. Names()];
        string? nearest = StrictJson.Nearest(Path.GetFileName(nameOrPath.TrimEnd('/')), known);
        string looked = folders.Count == 0 ? "there is no folder 'onnx' here" : $"looked in {string.Join(", ", folders)}";
        throw new GraphException($"Graph '{nameOrPath}' is not found: no {GraphManifest.FileName} there, and {looked}. "
            + (nearest is not null ? $"Did you mean '{nearest}'?" : known.Length > 0 ? $"Known: {string.Join(", ", known)}." : $"Give a folder that holds model.onnx and {GraphManifest.FileName}, or set {EnvironmentVariable}."));
    }

    /// <summary>The names of all graphs under <see cref="Folders"/>, sorted, each once.</summary>
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
