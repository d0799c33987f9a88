using System.Text.Json;
using System.Xml.Linq;
using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Packages;

/// <summary>A project outside the repository.</summary>
internal static class Consumer
{
    private static readonly Lazy<string> Installed = new(() =>
    {
        using var assets = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(Places.Repository, "tests", "Inpaint.Repository.Tests", "obj", "project.assets.json")));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    });

    /// <summary>The package folder of this machine.</summary>
    public static string InstalledPackages => Installed.Value;

    /// <summary>The version of a package in this repository.</summary>
    public static string VersionOf(string package)
    {
        XDocument central = XDocument.Load(Path.Combine(Places.Repository, "Directory.Packages.props"));
        string version = (string)central.Descendants("PackageVersion").Single(v => (string?)v.Attribute("Include") == package)
            .Attribute("Version")!;
        return version.TrimStart('[').Split(',')[0];
    }

    /// <summary>Writes a project and its NuGet configuration.</summary>
    /// <param name="folder">The project's folder; it is created.</param>
    /// <param name="name">The project's name.</param>
    /// <param name="source">The package source: a folder.</param>
    /// <param name="properties">Additional properties, as XML.</param>
    /// <param name="packages">The package references and their versions.</param>
    /// <param name="import">A file for the project to import, if any.</param>
    /// <param name="sdk">Its SDK.</param>
    public static void Write(
        string folder, string name, string source, string properties, IReadOnlyDictionary<string, string> packages, string? import = null,
        string sdk = "Microsoft.NET.Sdk")
    {
        Directory.CreateDirectory(folder);

        // Packages of others come from the package folder of this machine; ours are unpacked here and deleted with the folder.
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="unpacked" /></config>
              <fallbackPackageFolders><add key="here" value="{InstalledPackages}" /></fallbackPackageFolders>
              <packageSources><clear /><add key="local" value="{source}" /></packageSources>
            </configuration>
            """);
        new XElement(
            "Project",
            new XAttribute("Sdk", sdk),
            XElement.Parse($"""
                <PropertyGroup>
                  <OutputType>Exe</OutputType>
                  <TargetFramework>net10.0</TargetFramework>
                  <Nullable>enable</Nullable>
                  <ImplicitUsings>enable</ImplicitUsings>
                  <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                  <NuGetAudit>false</NuGetAudit>
                  {properties}
                </PropertyGroup>
                """),
            new XElement(
                "ItemGroup",
                packages.Select(p =>
                    new XElement("PackageReference", new XAttribute("Include", p.Key), new XAttribute("Version", p.Value)))),
            import is null ? null : new XElement("Import", new XAttribute("Project", import))).Save(Path.Combine(folder, $"{name}.csproj"));
    }
}
