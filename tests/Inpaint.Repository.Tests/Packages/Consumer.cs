using System.Text.Json;
using System.Xml.Linq;
using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Packages;

/// <summary>A program with nothing of the repository around it, in a folder of its own.</summary>
internal static class Consumer
{
    private static readonly Lazy<string> Installed = new(() =>
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Places.Repository, "tests", "Inpaint.Repository.Tests", "obj", "project.assets.json")));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    });

    /// <summary>Where this machine keeps the packages that are unpacked already.</summary>
    public static string InstalledPackages => Installed.Value;

    /// <summary>The version that this repository is built with.</summary>
    public static string VersionOf(string package)
    {
        XDocument central = XDocument.Load(Path.Combine(Places.Repository, "Directory.Packages.props"));
        string version = (string)central.Descendants("PackageVersion").Single(v => (string?)v.Attribute("Include") == package).Attribute("Version")!;
        return version.TrimStart('[').Split(',')[0];
    }

    /// <summary>Writes the project and where its packages come from.</summary>
    /// <param name="folder">The project's folder; it is made.</param>
    /// <param name="name">The project's name.</param>
    /// <param name="source">A folder with packages to restore from.</param>
    /// <param name="properties">Further properties, as XML.</param>
    /// <param name="packages">The packages it refers to, with their versions.</param>
    /// <param name="import">A file that the project imports; null for none.</param>
    /// <param name="sdk">Its SDK.</param>
    public static void Write(string folder, string name, string source, string properties, IReadOnlyDictionary<string, string> packages, string? import = null, string sdk = "Microsoft.NET.Sdk")
    {
        Directory.CreateDirectory(folder);

        // What is already on this machine is taken from there; what is new, ours, is unpacked here and goes with this folder.
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
            new XElement("ItemGroup", packages.Select(p => new XElement("PackageReference", new XAttribute("Include", p.Key), new XAttribute("Version", p.Value)))),
            import is null ? null : new XElement("Import", new XAttribute("Project", import))).Save(Path.Combine(folder, $"{name}.csproj"));
    }
}
