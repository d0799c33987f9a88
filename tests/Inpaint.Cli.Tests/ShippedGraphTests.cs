using System.Text.Json;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

/// <summary>The included trained graphs, through the CLI.</summary>
public sealed class ShippedGraphTests
{
    private static readonly string Graphs = Path.Combine(Places.Repository, "onnx");

    public static TheoryData<string> Trained => [.. Directory.EnumerateFiles(Graphs, "model.json", SearchOption.AllDirectories)
        .Select(path => GraphManifest.Parse(File.ReadAllBytes(path), path))
        .Where(manifest => manifest.Scores is not null)
        .Select(manifest => manifest.Name)];

    [Theory, MemberData(nameof(Trained))]
    public void A_trained_graph_is_better_than_a_single_colour(string graph)
    {
        JsonElement json = CliProgram.Expect(0, "evaluate", "scenes:60:64:77", "--graph", graph, "--json").Json;
        double mse = json.GetProperty("graphs").GetProperty(graph).GetProperty("hole_mse").GetDouble();
        double colour = json.GetProperty("baselines").GetProperty("border_mean").GetProperty("hole_mse").GetDouble();
        Assert.True(mse < colour, $"hole_mse {mse:0.0000} against {colour:0.0000} of one colour");
    }

    [Theory, MemberData(nameof(Trained))]
    public void A_trained_graph_is_selected_by_name_and_preserves_known_pixels(string graph)
    {
        using var folder = new TemporaryFolder();
        _ = Pictures.Write(folder.File("photos/a.png"), 1, 96);
        _ = CliProgram.Expect(0, "score", folder.File("photos"), "--graph", graph, "--out", folder.File("done"));
        Photo photo = PhotoCodec.Decode(folder.File("photos/a.png")), completed = PhotoCodec.Decode(folder.File("done/a.png.png"));
        Pictures.AssertOnlyChangedWhere(photo, completed, (x, y) => x is >= 24 and < 72 && y is >= 24 and < 72, graph);
        Assert.Equal(graph, Assert.Single(Pictures.Rows(folder.File("done"))).Text("graph"));
    }

    [Theory, MemberData(nameof(Trained))]
    public void The_scores_of_a_manifest_match_its_card(string graph)
    {
        GraphManifest manifest = GraphManifest.Parse(File.ReadAllBytes(Path.Combine(Graphs, graph, "model.json")), graph);
        IReadOnlyDictionary<string, double> test = manifest.Scores!["test"];
        string row = Assert.Single(File.ReadLines(Path.Combine(Graphs, graph, "README.md")), l =>
            l.StartsWith($"| **{graph}** |", StringComparison.Ordinal));
        string[] cells = [.. row.Split('|').Select(c => c.Trim())];
        Assert.Equal(test["hole_mse"], Number(cells[2]), 6e-6);
        Assert.Equal(test["hole_psnr"], Number(cells[3].Replace(" dB", "", StringComparison.Ordinal)), 6e-3);
        Assert.Equal(-10 * Math.Log10(test["hole_mse"]), test["hole_psnr"], 2);
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
