using System.Text.Json;
using Inpaint.CommandLine;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.File("done");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_override_the_settings_of_a_pipeline_definition()
    {
        string definition = Define($$"""
            {
              "input": ["scenes:2:64"], "out": {{JsonSerializer.Serialize(Out)}}, "graph": "pushpull", "mask_polarity": "black",
              "caption": "A boat.",
              "format": "jpeg", "feather": 2, "device": "cpu", "batch": 4, "workers": 1, "on_error": "fail"
            }
            """);
        JsonElement summary = CliProgram.Expect(0, "score", "--pipeline", definition, "--format", "png", "--json").Json;
        Assert.Equal("pushpull", summary.Text("graph"));
        Assert.Equal(2, summary.Number("completed"));
        Assert.True(File.Exists(Path.Combine(Out, "scene-00000000.png.png")));
        Assert.Equal("png;feather=2;hole=centre", Pictures.Rows(Out)[0].Text("settings"));
    }

    [Theory]
    [InlineData("""{"grpah": "membrane"}""", "did you mean 'graph'?")]
    [InlineData("""{"batch": -1}""", "batch is '-1'; expected an integer from 0 to 4096")]
    [InlineData("""{"device": "tpu"}""", "device is 'tpu'; expected auto, cpu, cuda:N, tensorrt:N, directml:N, openvino or coreml")]
    [InlineData("""{"feather": "wide"}""", "feather")]
    [InlineData("""{"caption": "a", "captions": "b.jsonl"}""", "Both --caption and --captions")]
    [InlineData("[1, 2", "pipeline.json")]
    public void An_invalid_definition_is_a_usage_error(string json, string message)
    {
        CliResult result = CliProgram.Expect(2, "score", "--out", Out, "--pipeline", Define(json));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Out);
    }

    public static TheoryData<string> ShippedDefinitions() =>
        [.. Directory.EnumerateFiles(Path.Combine(Places.Repository, "pipelines"), "*.json").Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(ShippedDefinitions))]
    public void Every_included_definition_works(string name)
    {
        string definition = Path.Combine(Places.Repository, "pipelines", name);
        _ = CliProgram.Expect(0, "score", "scenes:2", "--out", Out, "--pipeline", definition);
        Assert.Equal(2, Pictures.Rows(Out).Count);
    }

    [Theory]
    [InlineData("Unknown option '--bach'; did you mean '--batch'?", "score", "--out", "x", "--bach", "3")]
    [InlineData("Unknown command 'scor'; did you mean 'score'?", "scor")]
    [InlineData("--batch is 'many'; expected an integer from 0 to 4096.", "score", "--out", "x", "--batch", "many")]
    [InlineData("--on-error is 'stop'; expected row or fail.", "score", "--out", "x", "--on-error", "stop")]
    [InlineData("--format is 'tiff'; expected png, jpeg or webp.", "score", "--out", "x", "--format", "tiff")]
    [InlineData(
        "--device is 'tpu'; expected auto, cpu, cuda:N, tensorrt:N, directml:N, openvino or coreml.", "score", "--out", "x",
        "--device", "tpu")]
    [InlineData("--out is missing", "score", "scenes:2")]
    [InlineData("--mask is 'nowhere.png', which does not exist", "score", "scenes:2", "--out", "x", "--mask", "nowhere.png")]
    [InlineData("cannot be read", "score", "scenes:2", "--out", "x", "--pipeline", "nowhere.json")]
    [InlineData("--size is '8'; expected an integer from 16 to 4096.", "scenes", "--out", "x", "--size", "8")]
    public void A_usage_error_is_written_to_stderr_with_exit_code_2(string message, params string[] arguments)
    {
        CliResult result = CliProgram.RunIn(_folder.Path, arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Out);
        Assert.False(Directory.Exists(_folder.File("x")));
    }

    [Theory]
    [InlineData("'nowhere' does not exist", "score", "nowhere", "--out", "x")]
    [InlineData("Did you mean 'membrane'?", "score", "scenes:2", "--out", "x", "--graph", "membrain")]
    [InlineData("scenes:COUNT[:SIZE[:SEED]]", "score", "scenes:none", "--out", "x")]
    public void A_missing_file_is_reported_on_stderr_with_exit_code_1(string message, params string[] arguments)
    {
        CliResult result = CliProgram.RunIn(_folder.Path, arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_input_folder_is_rejected_as_output()
    {
        string photos = _folder.File("photos");
        _ = Pictures.Write(Path.Combine(photos, "a.png"), 1);
        CliResult result = CliProgram.Expect(2, "score", photos, "--out", photos + "/");
        Assert.Contains("an input too", result.Error, StringComparison.Ordinal);
        Assert.Equal(["a.png"], Directory.EnumerateFileSystemEntries(photos).Select(Path.GetFileName));
    }

    private string Define(string json)
    {
        string path = _folder.File("pipeline.json");
        File.WriteAllText(path, json);
        return path;
    }
}
