using System.Xml.Linq;
using Inpaint.ML.Rows;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Packages;

/// <summary>
/// The packages of the libraries that were built together with these tests. One MSBuild process packs all, faster than several
/// <c>dotnet pack</c>.
/// </summary>
public sealed class BuiltPackages : IDisposable
{
    public static readonly string[] Names =
        ["Inpaint", "Inpaint.Onnx", "Inpaint.Jobs", "Inpaint.Evaluation", "Inpaint.ML", "Inpaint.Hosting", "Inpaint.Onnx.TorchSharp"];

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _packed;

    public BuiltPackages() => _packed = new(Pack);

    /// <summary>The folder with the packages and their symbols.</summary>
    public string Folder => _packed.Value;

    /// <summary>Their version in this repository.</summary>
    public static string Version { get; } = XDocument.Load(Path.Combine(Places.Repository, "Directory.Build.props")).Descendants("Version")
        .Single().Value;

    /// <summary>The configuration of these tests and of the packages.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public string Package(string name, string kind = "nupkg") => Path.Combine(Folder, $"{name}.{Version}.{kind}");

    public void Dispose() => _folder.Dispose();

    private string Pack()
    {
        string packages = _folder.File("packages"), all = _folder.File("all.proj");
        new XElement("Project", new XElement("Target", new XAttribute("Name", "PackAll"), new XElement(
            "MSBuild",
            new XAttribute("Projects", string.Join(';', Names.Select(n => Path.Combine(Places.Repository, "src", n, $"{n}.csproj")))),
            new XAttribute("Targets", "Pack"),
            new XAttribute("Properties", $"NoBuild=true;Configuration={Configuration};PackageOutputPath={packages}")))).Save(all);
        Launched packed = Launched.Dotnet(_folder.Path, "msbuild", all, "-t:PackAll", "-warnaserror", "-nodeReuse:false");
        Assert.True(packed.ExitCode == 0, packed.All);
        return packages;
    }
}
