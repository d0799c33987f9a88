using System.Xml.Linq;
using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Projects;

/// <summary>The fixed places, and project files that stay small.</summary>
public sealed class LayoutTests
{
    private static readonly string[] TopLevel =
    [
        "src", "training", "pipelines", "tests", "onnx",
        "Inpaint.sln", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE", "global.json",
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
    ];

    [Fact]
    public void The_top_level_contains_only_the_fixed_folders_and_files()
    {
        string[] found = [.. TrackedFiles.Paths.Select(p => p.Split('/')[0]).Distinct().Where(p => p[0] != '.')];
        Assert.Equal(TopLevel.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_project_file_has_25_lines_or_fewer() =>
        Assert.All(ProjectFile.All, p =>
            Assert.True(p.Lines <= 25,
            $"{p} has {p.Lines} lines; expected 25 or fewer. Move what several projects share to the root's props."));

    [Fact]
    public void A_project_is_named_after_its_folder() =>
        Assert.All(ProjectFile.All, p => Assert.Equal(p.Name, Path.GetFileName(Path.GetDirectoryName(p.Path))));

    [Fact]
    public void The_solution_is_in_the_classic_format_and_lists_every_project()
    {
        string solution = File.ReadAllText(Path.Combine(Places.Repository, "Inpaint.sln"));
        Assert.Contains("Microsoft Visual Studio Solution File, Format Version 12.00", solution);
        Assert.All(ProjectFile.All, p => Assert.Contains(p.Path.Replace('/', '\\'), solution));
    }

    [Fact]
    public void Package_versions_are_specified_only_in_the_root()
    {
        Assert.All(ProjectFile.All, p =>
            Assert.DoesNotContain(p.Xml.Descendants("PackageReference"), r => r.Attribute("Version") is not null
            || r.Attribute("VersionOverride") is not null));
        XDocument central = XDocument.Load(Path.Combine(Places.Repository, "Directory.Packages.props"));
        Assert.Equal("true", central.Descendants("ManagePackageVersionsCentrally").Single().Value);
        Assert.Equal("true", central.Descendants("CentralPackageTransitivePinningEnabled").Single().Value);
        Assert.All(central.Descendants("PackageVersion"), v => Assert.DoesNotContain('*', (string)v.Attribute("Version")!));
        string[] pinned = [.. central.Descendants("PackageVersion").Select(v => (string)v.Attribute("Include")!)];
        Assert.Equal(pinned.Distinct(), pinned);
        Assert.All(ProjectFile.All.SelectMany(p => p.Packages), p => Assert.Contains(p, pinned));
    }

    [Fact]
    public void All_ONNX_Runtime_packages_have_the_same_version()
    {
        XDocument central = XDocument.Load(Path.Combine(Places.Repository, "Directory.Packages.props"));
        string[] versions = [.. central.Descendants("PackageVersion")
            .Where(v => (string)v.Attribute("Include")! is var name && name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal)
                && name != "Microsoft.ML.OnnxRuntime.Extensions")
            .Select(v => (string)v.Attribute("Version")!)];
        Assert.Equal(3, versions.Length);
        Assert.Single(versions.Distinct());
    }
}
