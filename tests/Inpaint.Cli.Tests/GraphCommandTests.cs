using System.Security.Cryptography;
using System.Text.Json;
using Inpaint.CommandLine;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

public sealed class GraphCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void List_has_the_graphs_of_the_repository_with_size_and_hole()
    {
        JsonElement[] graphs = [.. CliProgram.Expect(0, "graph", "list", "--json").Json.GetProperty("graphs").EnumerateArray()];

        JsonElement membrane = graphs.Single(g => g.Text("name") == "membrane"),
            pushpull = graphs.Single(g => g.Text("name") == "pushpull");
        Assert.Equal(("64x64", "32x32 at 16,16"), (membrane.Text("size"), membrane.Text("hole")));
        Assert.Equal(("any", "free"), (pushpull.Text("size"), pushpull.Text("hole")));
        Assert.Equal(new FileInfo(Path.Combine(Places.Repository, "onnx", "membrane", "model.onnx")).Length, membrane.Number("bytes"));
        Assert.All(graphs, g => Assert.False(g.TryGetProperty("error", out _)));
    }

    [Fact]
    public void List_shows_the_error_of_an_invalid_graph_and_lists_the_others()
    {
        GraphOnDisk.Write(EvaluationGraphs.OneColour(0, 0, 0), _folder.File("onnx/good"));
        string bad = GraphOnDisk.Write(EvaluationGraphs.OneColour(0, 0, 0), _folder.File("onnx/bad"));
        GraphOnDisk.Edit(bad, m => m["scores"] = "many");
        GraphOnDisk.Edit(_folder.File("onnx/good"), m =>
            m["scores"] = JsonSerializer.SerializeToNode(new { valid = new { hole_psnr = 15.5 }, test = new { hole_psnr = 14.25 } }));

        CliResult result = CliProgram.RunIn(_folder.Path, "graph", "list");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("14.25 (test)", result.Out);
        Assert.Contains("1,028", result.Out);
        Assert.Contains("bad:", result.Error);
        Assert.Contains("scores", result.Error);
    }

    [Fact]
    public void Show_prints_contract_operators_and_hash()
    {
        string folder = GraphOnDisk.Write(EvaluationGraphs.ColourOfWords([("red", [1, 0, 0]), ("green", [0, 1, 0])]),
            _folder.File("words"));

        JsonElement shown = CliProgram.Expect(0, "graph", "show", folder, "--json").Json;
        string text = CliProgram.Expect(0, "graph", "show", folder).Out;

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "model.onnx")))),
            shown.Text("sha256"));
        Assert.True(shown.GetProperty("sha256_agrees").GetBoolean());
        Assert.Equal("fill", shown.GetProperty("manifest").GetProperty("output").Text("name"));
        JsonElement graph = shown.GetProperty("graph");
        Assert.Equal(17, graph.GetProperty("opsets").Number("ai.onnx"));
        Assert.Equal(1, graph.GetProperty("operators").Number("ai.onnx:MatMul"));

        // Two colours of three numbers, the shape's four, one zero, and 32x32 of nothing.
        Assert.Equal(6 + 4 + 1 + 1024, graph.Number("parameters"));
        Assert.Equal(["N", "3", "64", "64"], graph.GetProperty("inputs")[0].GetProperty("dims").EnumerateArray().Select(d => d.ToString()));
        Assert.Contains("binary, union; 2 words: red, green", text);
        Assert.Contains("image rgb 0..1", text);
    }

    [Theory]
    [InlineData("membrane")]
    [InlineData("pushpull")]
    public void An_included_graph_is_valid_and_runs(string name)
    {
        JsonElement report = CliProgram.Expect(0, "graph", "check", name, "--json").Json;

        Assert.True(report.GetProperty("fits").GetBoolean());
        Assert.Equal(["manifest", "sha256", "graph", "fit", "trial"], report.GetProperty("checks").EnumerateArray()
            .Select(c => c.Text("check")));
        Assert.All(report.GetProperty("checks").EnumerateArray(), c => Assert.True(c.GetProperty("ok").GetBoolean()));
        Assert.True(report.GetProperty("milliseconds").GetDouble() > 0);
    }

    [Fact]
    public void A_replaced_graph_fails_the_check_and_is_not_run()
    {
        string folder = GraphOnDisk.Write(EvaluationGraphs.OneColour(0, 0, 0), _folder.File("grey"));
        byte[] other = EvaluationGraphs.OneColour(1, 1, 1).Model;
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), other);

        CliResult result = CliProgram.Expect(1, "graph", "check", folder, "--json");

        Dictionary<string, JsonElement> checks = result.Json.GetProperty("checks").EnumerateArray().ToDictionary(c => c.Text("check"));
        Assert.False(checks["sha256"].GetProperty("ok").GetBoolean());
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(other)), checks["sha256"].Text("detail"));
        Assert.True(checks["fit"].GetProperty("ok").GetBoolean());
        Assert.False(checks["trial"].TryGetProperty("ok", out _));
    }

    [Fact]
    public void A_wrong_output_name_is_an_error_with_a_suggestion()
    {
        string folder = GraphOnDisk.Write(EvaluationGraphs.OneColour(0, 0, 0), _folder.File("grey"));
        GraphOnDisk.Edit(folder, m => m["output"]!["name"] = "filled");

        CliResult result = CliProgram.Expect(1, "graph", "check", folder);

        Assert.Contains("output.name", result.Out);
        Assert.Contains("did you mean 'fill'?", result.Out);
        Assert.Contains("are inconsistent", result.Out);
    }

    [Fact]
    public void A_graph_with_non_finite_output_fails_its_test_run()
    {
        string folder = GraphOnDisk.Write(EvaluationGraphs.OneColour(float.NaN, 0, 0), _folder.File("nan"));

        string text = CliProgram.Expect(1, "graph", "check", folder).Out;

        Assert.Contains("NaN", text);
        Assert.Contains("expected finite values", text);
    }

    [Fact]
    public void A_graph_without_a_manifest_is_inspected()
    {
        string file = _folder.File("net.onnx");
        File.WriteAllBytes(file, EvaluationGraphs.OneColour(0, 0, 0).Model);

        JsonElement report = CliProgram.Expect(0, "graph", "check", file, "--json").Json;

        string lines = string.Join('\n', report.GetProperty("manifest_must_state").EnumerateArray().Select(l => l.GetString()));
        Assert.Contains("height 64, width 64", lines);
        Assert.Contains("'image', Float [N,3,64,64]", lines);
        Assert.Contains("'fill', Float [N,3,32,32]", lines);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), lines);
    }

    [Fact]
    public void A_file_that_is_not_a_graph_is_rejected_with_the_reason()
    {
        string file = _folder.File("net.onnx");
        File.WriteAllText(file, "not a graph");
        Assert.Contains("net.onnx", CliProgram.Expect(1, "graph", "check", file).Out);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("check")]
    public void An_unknown_name_is_a_usage_error_with_a_suggestion(string command)
    {
        CliResult result = CliProgram.Expect(2, "graph", command, "membrame");
        Assert.Contains("Did you mean 'membrane'?", result.Error);
        Assert.Empty(result.Out);
    }

    [Fact]
    public void A_blend_is_a_valid_graph_in_a_new_folder()
    {
        string black = GraphOnDisk.Write(EvaluationGraphs.OneColour(0, 0, 0), _folder.File("black")),
            white = GraphOnDisk.Write(EvaluationGraphs.OneColour(1, 1, 1), _folder.File("white")), grey = _folder.File("grey");
        string[] arguments = ["graph", "blend", black, white, "--out", grey, "--alpha"];

        CliResult wrong = CliProgram.Expect(2, [.. arguments, "2"]);
        CliResult made = CliProgram.Expect(0, [.. arguments, "0.25"]);
        CliResult again = CliProgram.Expect(2, [.. arguments, "0.5"]);

        Assert.Contains("--alpha", wrong.Error);
        Assert.Contains("alpha 0.25", made.Error);
        Assert.Contains("expected a new or empty folder", again.Error);
        Assert.Equal(0, CliProgram.Expect(0, "graph", "check", grey).ExitCode);
        Assert.Equal("grey", GraphManifest.Parse(File.ReadAllBytes(Path.Combine(grey, GraphManifest.FileName)), grey).Name);
    }

    [Fact]
    public void The_accurate_and_the_sharp_graph_can_be_blended()
    {
        CliProgram.Expect(0, "graph", "blend", "unet", "sharp", "--out", _folder.File("between"));
        Assert.Equal(0, CliProgram.Expect(0, "graph", "check", _folder.File("between")).ExitCode);
    }
}
