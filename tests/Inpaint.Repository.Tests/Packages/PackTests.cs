using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using Inpaint.Repository.Tests.Apps;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Packages;

/// <summary>The packages, and an app outside the repository that uses them.</summary>
[Trait("Category", "Long")]
public sealed class PackTests
{
    /// <summary>No other build has this version, so that no cached package can stand in for it.</summary>
    private static readonly string Version = $"0.1.0-test.{DateTime.UtcNow.Ticks}";

    [Fact]
    public void The_packages_hold_what_they_should_and_an_app_outside_the_repository_runs_on_them()
    {
        using var folder = new TemporaryFolder();
        string packages = folder.File("packages");
        foreach (string name in new[] { "Inpaint", "Inpaint.Onnx", "Inpaint.ML" })
        {
            Launched packed = Launched.Dotnet(Places.Repository, "pack", $"src/{name}", "-c", "Release", "-o", packages, "--artifacts-path", folder.File("artifacts"), $"-p:Version={Version}", "-nodeReuse:false");
            Assert.True(packed.ExitCode == 0, packed.All);
        }

        Assert.Equal(6, Directory.GetFiles(packages).Length);
        Check(packages, "Inpaint", ("SkiaSharp", "2.88.9"));
        Check(packages, "Inpaint.Onnx", ("Inpaint", $"[{Version}]"), ("Google.Protobuf", "3.36.2"), ("Microsoft.ML.OnnxRuntime.Managed", "1.31.1"));
        Check(
            packages,
            "Inpaint.ML",
            ("Inpaint.Onnx", $"[{Version}]"),
            ("Microsoft.ML", "[5.0.1, 6.0.0)"),
            ("Microsoft.ML.ImageAnalytics", "[5.0.1, 6.0.0)"),
            ("Microsoft.ML.OnnxTransformer", "[5.0.1, 6.0.0)"));

        Launched app = BuildAndRunApp(folder, packages);
        ExistingAppChecks.Check(app, folder.File("album"));
    }

    private static void Check(string packages, string name, params (string Id, string Range)[] dependencies)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(packages, $"{name}.{Version}.nupkg"));
        string[] files = [.. package.Entries.Select(e => e.FullName)];
        Assert.Contains("README.md", files);
        Assert.Equal([$"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"], files.Where(f => f.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        using ZipArchive symbols = ZipFile.OpenRead(Path.Combine(packages, $"{name}.{Version}.snupkg"));
        Assert.Contains($"lib/net10.0/{name}.pdb", symbols.Entries.Select(e => e.FullName));

        using Stream stream = package.GetEntry($"{name}.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single();
        XNamespace ns = metadata.Name.Namespace;
        Assert.Equal("MIT", metadata.Element(ns + "license")!.Value);
        Assert.Equal("expression", (string?)metadata.Element(ns + "license")!.Attribute("type"));
        Assert.Equal("README.md", metadata.Element(ns + "readme")!.Value);
        Dictionary<string, string> found = metadata.Descendants(ns + "dependency").ToDictionary(d => (string)d.Attribute("id")!, d => (string)d.Attribute("version")!);
        Assert.All(dependencies, d => Assert.Equal(d.Range, found.GetValueOrDefault(d.Id)));
        Assert.DoesNotContain(found.Keys, id => id is "Microsoft.ML.OnnxRuntime" or "Microsoft.ML.OnnxRuntime.Gpu" or "Grpc.Tools");
    }

    /// <summary>Builds the app's own sources with nothing of the repository around them.</summary>
    private static Launched BuildAndRunApp(TemporaryFolder folder, string packages)
    {
        string app = Directory.CreateDirectory(folder.File("app")).FullName;
        foreach (string source in Directory.GetFiles(Path.Combine(Places.Repository, "pipelines", "ExistingApp"), "*.cs"))
        {
            File.Copy(source, Path.Combine(app, Path.GetFileName(source)));
        }

        // What is already on this machine is taken from there; what is new, ours, is unpacked here and goes with this folder.
        File.WriteAllText(Path.Combine(app, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="unpacked" /></config>
              <fallbackPackageFolders><add key="here" value="{InstalledPackages()}" /></fallbackPackageFolders>
              <packageSources><add key="local" value="{packages}" /></packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(app, "ExistingApp.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Inpaint.ML" Version="{Version}" />
                <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.31.1" />
              </ItemGroup>
            </Project>
            """);
        Launched built = Launched.Dotnet(app, "build", "-c", "Release", "-o", folder.File("built"), "-nodeReuse:false");
        Assert.True(built.ExitCode == 0, built.All);
        string program = Path.Combine(folder.File("built"), OperatingSystem.IsWindows() ? "ExistingApp.exe" : "ExistingApp");
        // The one line uses the graph in the package; the step-by-step chain names a file, which is found here.
        var graphs = new Dictionary<string, string> { ["INPAINT_GRAPHS"] = Path.Combine(Places.Repository, "onnx") };
        return Launched.Run(program, ["--out", folder.File("album"), "--graph", "pushpull"], folder.Path, graphs);
    }

    private static string InstalledPackages()
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Places.Repository, "tests", "Inpaint.Repository.Tests", "obj", "project.assets.json")));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    }
}
