using System.Xml.Linq;
using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Projects;

/// <summary>A project file as it is written.</summary>
internal sealed class ProjectFile
{
    private static readonly Lazy<IReadOnlyList<ProjectFile>> Read = new(() => [.. TrackedFiles.Paths
        .Where(p => p.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(p => new ProjectFile(p))]);

    private ProjectFile(string path)
    {
        Path = path;
        string text = File.ReadAllText(System.IO.Path.Combine(Places.Repository, path));
        Lines = text.TrimEnd().Split('\n').Length;
        Xml = XDocument.Parse(text);
        LinkedSources = [.. Items("Compile").Select(i => i.Replace('\\', '/')).Where(i => i.StartsWith("..", StringComparison.Ordinal))];
        Projects = [.. Items("ProjectReference").Select(i => System.IO.Path.GetFileNameWithoutExtension(i.Replace('\\', '/')))];
        Packages = [.. Items("PackageReference")];
    }

    /// <summary>All project files of the repository.</summary>
    public static IReadOnlyList<ProjectFile> All => Read.Value;

    /// <summary>Relative to the root, with slashes.</summary>
    public string Path { get; }

    /// <summary>The file's name without its extension.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The top folder: src, training, pipelines or tests.</summary>
    public string Area => Path[..Path.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The folder of the file, relative to the root.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    /// <summary>The C# files in the project's folder, relative to the root.</summary>
    public IEnumerable<string> Sources =>
        TrackedFiles.Paths.Where(p => p.StartsWith(Folder + "/", StringComparison.Ordinal) && p.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>Source files of other folders that the project compiles itself, as written in the project file.</summary>
    public IReadOnlyList<string> LinkedSources { get; }

    /// <summary>The assembly that the project builds, in the tests' own configuration.</summary>
    public string BuiltAssembly
    {
        get
        {
            string output = System.IO.Path.GetRelativePath(System.IO.Path.Combine(Places.Repository, "tests", "Inpaint.Repository.Tests"),
                AppContext.BaseDirectory);
            string path = System.IO.Path.Combine(Places.Repository, Folder, output, $"{Name}.dll");
            Assert.True(File.Exists(path), $"{path} is missing. Build the solution first: dotnet build -c Release.");
            return path;
        }
    }

    public int Lines { get; }

    public XDocument Xml { get; }

    /// <summary>The names of the projects referred to.</summary>
    public IReadOnlyList<string> Projects { get; }

    /// <summary>The names of the packages referred to.</summary>
    public IReadOnlyList<string> Packages { get; }

    public static ProjectFile Named(string name) => All.Single(p => p.Name == name);

    /// <summary>The project itself and all that it refers to, directly or not.</summary>
    public IReadOnlyList<ProjectFile> Closure()
    {
        var reached = new Dictionary<string, ProjectFile>();
        void Visit(ProjectFile project)
        {
            if (reached.TryAdd(project.Name, project))
            {
                foreach (string name in project.Projects)
                {
                    Visit(Named(name));
                }
            }
        }

        Visit(this);
        return [.. reached.Values];
    }

    public override string ToString() => Path;

    private IEnumerable<string> Items(string kind) => Xml.Descendants(kind).Select(e => (string?)e.Attribute("Include")).OfType<string>();
}
