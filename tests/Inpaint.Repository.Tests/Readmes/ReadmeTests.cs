using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Inpaint.Evaluation.Perception;
using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Repository.Tests.Projects;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Readmes;

/// <summary>The READMEs match the repository.</summary>
public sealed partial class ReadmeTests
{
    private const string Front = "README.md", Exporter = "src/Inpaint.Onnx.TorchSharp/README.md";

    public static TheoryData<string> Readmes =>
    [
        Front, "src/Inpaint/README.md", "src/Inpaint.Onnx/README.md", "src/Inpaint.Evaluation/README.md", "src/Inpaint.ML/README.md",
        "src/Inpaint.Hosting/README.md", Exporter,
    ];

    public static TheoryData<string> Commands =>
        [.. Readme.Blocks(Front).Where(b => b.Language == "sh").SelectMany(b => b.Text.Split('\n'))];

    [Theory, MemberData(nameof(Readmes))]
    public void Code_blocks_match_their_sources(string path)
    {
        ReadmeBlock[] blocks = [.. Readme.Blocks(path).Where(b => b.Language == "csharp")];
        Assert.NotEmpty(blocks);
        foreach (ReadmeBlock block in blocks)
        {
            Assert.True(
                block.Source is not null,
                $"{path}:{block.Line}: the block has no source; expected a comment '<!-- code: FILE#REGION -->' above it.");
            string source = Readme.Region(block.Source);
            Assert.True(
                source == block.Text, $"{path}:{block.Line}: the block differs from {block.Source}. Replace it with:\n\n{source}\n");
        }
    }

    [Theory, MemberData(nameof(Readmes))]
    public void The_first_block_starts_within_ten_lines(string path) => Assert.InRange(Readme.Blocks(path)[0].Line, 1, 10);

    [Theory, MemberData(nameof(Readmes))]
    public void Links_lead_to_existing_files(string path)
    {
        string text = File.ReadAllText(Path.Combine(Places.Repository, path));
        string folder = Path.Combine(Places.Repository, Path.GetDirectoryName(path)!);
        Assert.All(Link().Matches(text).Select(m => m.Groups[1].Value), link =>
            Assert.True(Path.Exists(Path.Combine(folder, link)), $"{path} links to '{link}', which does not exist."));
    }

    [Fact]
    public void Every_folder_of_the_layout_table_exists()
    {
        string[] places = RowsOf("## Repository layout");
        Assert.Contains("src/Inpaint.ML", places);
        Assert.All(places, place =>
            Assert.True(
                Directory.Exists(Path.Combine(Places.Repository, place)), $"The layout table contains '{place}', which does not exist."));
    }

    [Fact]
    public void The_manifest_table_has_every_key()
    {
        IEnumerable<string> keys = typeof(GraphManifest).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
        Assert.Equal(keys.Order(StringComparer.Ordinal), RowsOf("## The manifest").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_exporters_readme_has_the_number_of_operators()
    {
        string[] listed = [
            .. File.ReadLines(Path.Combine(Places.Repository, "src/Inpaint.Onnx.TorchSharp/OPERATORS.md"))
                .Where(l => l.StartsWith("| `aten::", StringComparison.Ordinal))];
        Assert.Contains(
            $"\n{listed.Length} operators of libtorch are supported", File.ReadAllText(Path.Combine(Places.Repository, Exporter)));
    }

    [Theory, MemberData(nameof(Commands))]
    public void Commands_are_valid(string command)
    {
        string[] words = command.Split(' ');
        switch (words)
        {
            case ["dotnet", "run", "-c", "Release", "--project", var project, "--", .. var arguments]:
                CheckArguments(project, arguments);
                break;
            case ["dotnet", "test" or "build", "-c", "Release", .. var properties]:
                Assert.All(properties, p => Assert.Contains(p, new[] { "-p:LongTests=only", "-p:OnnxRuntime=gpu" }));
                break;
            case ["dotnet", "package", "download", var package]:
                Assert.Equal($"{PerceptualNetwork.Package}@{PerceptualNetwork.PackageVersion}", package);
                Assert.Contains($"<PerceptualNetworkVersion>{PerceptualNetwork.PackageVersion}<",
                    File.ReadAllText(Path.Combine(Places.Repository, "Directory.Packages.props")));
                break;
            case [var script]:
                Assert.True(File.Exists(Path.Combine(Places.Repository, script)), $"'{script}' does not exist.");
                break;
            default:
                Assert.Fail($"This test does not know the command '{command}'; add a case for it.");
                break;
        }
    }

    [Fact]
    public void The_CI_script_runs_the_test_command_of_the_readme()
    {
        string script = File.ReadAllText(Path.Combine(Places.Repository, ".ci", "run"));
        string command = Readme.Blocks(Front).Select(b => b.Text).First(t => t.StartsWith("dotnet test", StringComparison.Ordinal));
        Assert.Contains($"\n{command} ", script);
    }

    /// <summary>Compares arguments with the program's help.</summary>
    private static void CheckArguments(string project, string[] arguments)
    {
        ProjectFile file = ProjectFile.All.Single(p => p.Path == $"{project}/{p.Name}.csproj");
        string program = Programs.PathOf(file.Name);
        string[] subcommand = [.. arguments.TakeWhile(a => a[0] != '-').Take(1)];
        Launched help = Launched.Run(program, [.. subcommand, "--help"], Places.Repository);
        if (subcommand.Length > 0 && help.All.Contains("\nCommands:", StringComparison.Ordinal))
        {
            // The first word is a group of commands.
            subcommand = [.. arguments.Take(2)];
            help = Launched.Run(program, [.. subcommand, "--help"], Places.Repository);
        }

        Assert.True(help.ExitCode is 0, $"{file.Name} {string.Join(' ', subcommand)} --help ended with {help.ExitCode}: {help.All}");
        Assert.All(arguments.Where(a => a.StartsWith("--", StringComparison.Ordinal)), option => Assert.Matches($@"{option}\b", help.All));
        string? graph = arguments.SkipWhile(a => a != "--graph").Skip(1).FirstOrDefault();
        Assert.True(
            graph is null
            || Directory.Exists(Path.Combine(Places.Repository, "onnx", Path.GetFileName(graph))), $"Graph '{graph}' does not exist.");
    }

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();

    /// <summary>The code spans in the first column of the table below a heading.</summary>
    private static string[] RowsOf(string heading)
    {
        IEnumerable<string> lines = File.ReadLines(Path.Combine(Places.Repository, Front)).SkipWhile(l => l != heading).Skip(1)
            .TakeWhile(l => !l.StartsWith('#'));
        return [.. lines.Where(l => l.StartsWith('|')).SelectMany(l => Code().Matches(l.Split('|')[1])).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
