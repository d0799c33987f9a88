using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Projects;

/// <summary>A program outside the repository with its settings, built on its libraries in a folder of its own.</summary>
internal sealed class ProgramOnLibraries : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _name;

    public ProgramOnLibraries(string name, string code, string[] libraries, string properties = "")
    {
        _name = name;
        foreach (string file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
        {
            File.WriteAllText(
                _folder.File(file), $"""<Project><Import Project="{Path.Combine(Places.Repository, file)}" /></Project>""");
        }

        string references = string.Concat(libraries.Select(l =>
            $"""<ProjectReference Include="{Path.Combine(Places.Repository, "src", l, $"{l}.csproj")}" />"""));
        File.WriteAllText(_folder.File("Program.cs"), code);
        File.WriteAllText(_folder.File($"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><UsesOnnxRuntime>true</UsesOnnxRuntime>{properties}</PropertyGroup>
              <ItemGroup>{references}</ItemGroup>
            </Project>
            """);
    }

    public string Folder => _folder.Path;

    /// <summary>A file below the folder of artifacts.</summary>
    public string Built(string path) => Path.Combine(Artifacts, path);

    /// <summary>The folder of an included graph.</summary>
    public string Graph(string name) => Path.Combine(Places.Repository, "onnx", name);

    public void Dispose() => _folder.Dispose();

    /// <summary>Builds or publishes it for release; the libraries are built again, beside it.</summary>
    public Launched Dotnet(string command, params string[] arguments) => Launched.Dotnet(
        Folder,
        [
            command, $"{_name}.csproj", "-c", "Release", "--artifacts-path", Artifacts, "-nodeReuse:false", "-p:UseSharedCompilation=false",
            "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", .. arguments,
        ]);

    private string Artifacts => _folder.File("artifacts");
}
