using System.Text.Json;
using Inpaint.CommandLine;
using Inpaint.Scenes;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("inpaint")]
    [InlineData("score")]
    [InlineData("batch")]
    [InlineData("scenes")]
    [InlineData("doctor")]
    [InlineData("judge")]
    public void Help_is_the_approved_text(string command)
    {
        CliResult result = CliProgram.Expect(0, [.. command == "inpaint" ? Array.Empty<string>() : [command], "--help"]);
        string approved = Path.Combine(Places.Repository, "tests", "Inpaint.Cli.Tests", "Help", command + ".txt");
        Assert.Equal(File.ReadAllText(approved).TrimEnd(), result.Out.ReplaceLineEndings("\n").TrimEnd());
    }

    [Fact]
    public void Standard_output_contains_only_json()
    {
        CliResult result = CliProgram.Expect(0, "score", "scenes:3:32", "--out", _folder.File("done"), "--json");
        JsonElement summary = result.Json;
        Assert.Equal((3, 3, 0, 0), (summary.Number("photos"), summary.Number("completed"), summary.Number("kept"), summary.Number("bad")));
        Assert.True(summary.GetProperty("finished").GetBoolean());
        Assert.Equal(_folder.File("done/sheet.html"), summary.Text("sheet"));
        Assert.DoesNotContain('\u001b', result.Out + result.Error);
        Assert.Contains("3 photos completed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scenes_are_written_with_captions_and_only_once()
    {
        string folder = _folder.File("scenes");
        string[] arguments = ["scenes", "--count", "5", "--size", "48", "--seed", "7", "--out", folder, "--json"];
        Assert.Equal(5, CliProgram.Expect(0, arguments).Json.Number("drawn"));
        Assert.Equal(0, CliProgram.Expect(0, arguments).Json.Number("drawn"));
        Assert.Equal(5, File.ReadAllLines(Path.Combine(folder, "captions.jsonl")).Length);
        Photo scene = PhotoCodec.Decode(Path.Combine(folder, "scene-00000004.png"));
        Assert.Equal(SceneGenerator.Draw(4, 48, 7).Photo.Pixels, scene.Pixels);
    }

    [Fact]
    public void A_folder_of_other_scenes_is_rejected()
    {
        string folder = _folder.File("scenes");
        _ = CliProgram.Expect(0, "scenes", "--count", "2", "--out", folder);
        CliResult result = CliProgram.Expect(1, "scenes", "--count", "2", "--seed", "9", "--out", folder);
        Assert.Contains("seed 9", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_reports_native_libraries_graphs_and_throughput()
    {
        JsonElement report = CliProgram.Expect(0, "doctor", "--json").Json;
        Assert.True(report.GetProperty("ok").GetBoolean());
        Assert.Equal(Environment.ProcessorCount, report.Number("cores"));
        Assert.True(report.GetProperty("photos_per_second").GetDouble() > 0);
        Dictionary<string, JsonElement> checks = report.GetProperty("checks").EnumerateArray().ToDictionary(c => c.Text("name"));
        Assert.All(checks.Values, check => Assert.True(check.GetProperty("ok").GetBoolean()));
        Assert.Contains("CPUExecutionProvider", checks["ONNX Runtime"].Text("found"), StringComparison.Ordinal);
        Assert.Contains("libSkiaSharp", checks["SkiaSharp"].Text("found"), StringComparison.Ordinal);
        Assert.Contains("graph membrane", checks.Keys);
        Assert.Contains("graph pushpull", checks.Keys);
    }

    [Fact]
    public void Doctor_fails_with_a_remedy_for_a_damaged_graph()
    {
        string graph = _folder.File("onnx/broken");
        Directory.CreateDirectory(graph);
        File.Copy(Path.Combine(Places.Repository, "onnx", "membrane", "model.json"), Path.Combine(graph, "model.json"));
        File.WriteAllText(Path.Combine(graph, "model.onnx"), "no graph");
        CliResult result = CliProgram.RunIn(_folder.Path, "doctor");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("FAILED", result.Out, StringComparison.Ordinal);
        Assert.Contains("graph broken", result.Out, StringComparison.Ordinal);
        Assert.Contains("remove its folder", result.Out, StringComparison.Ordinal);
    }
}
