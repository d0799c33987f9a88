using System.Text.Json;
using System.Xml.Linq;
using Inpaint.ML.Rows;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Json_contains_the_graphs_by_name_and_both_baselines()
    {
        JsonElement json = CliProgram.Expect(0, "evaluate", "scenes:6", "--graph", "onnx/membrane", "--graph", "pushpull", "--json").Json;

        Assert.Equal(["photos", "bad", "protocol", "graphs", "baselines"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal((6, 0), (json.Number("photos"), json.Number("bad")));
        Assert.Equal(["onnx/membrane", "pushpull"], json.GetProperty("graphs").EnumerateObject().Select(p => p.Name));
        Assert.Equal(["border_mean", "membrane"], json.GetProperty("baselines").EnumerateObject().Select(p => p.Name));
        JsonElement graph = json.GetProperty("graphs").GetProperty("onnx/membrane"), baseline = json.GetProperty("baselines")
            .GetProperty("membrane");
        Assert.Equal(
            ["photos", "hole_mse", "hole_psnr", "hole_psnr_mean", "hole_l1", "hole_ssim", "whole_psnr", "whole_ssim", "depth", "sharpness",
                "spectrum", "seam", "spread"],
            graph.EnumerateObject().Select(p => p.Name));
        Assert.Equal(baseline.GetProperty("hole_mse").GetDouble(), graph.GetProperty("hole_mse").GetDouble(), 1e-6);
        Assert.Equal(-10 * Math.Log10(graph.GetProperty("hole_mse").GetDouble()), graph.GetProperty("hole_psnr").GetDouble(), 1e-9);
        JsonElement picture = json.GetProperty("protocol").GetProperty("pictures")[0];
        Assert.Equal((64, 64, 16, 32),
            (picture.Number("width"), picture.Number("height"), picture.GetProperty("hole").Number("x"), picture.GetProperty("hole")
            .Number("width")));
    }

    [Fact]
    public void The_table_has_a_row_per_graph_and_baseline_and_the_protocol()
    {
        string text = CliProgram.Expect(0, "evaluate", "scenes:3", "--graph", "membrane").Out;

        string[] lines = text.Split('\n');
        Assert.Contains(lines, l => l.Contains("hole_mse") && l.Contains("sharpness") && l.Contains("spread"));
        Assert.Single(lines, l => l.TrimStart().StartsWith("membrane  ", StringComparison.Ordinal));
        Assert.Single(lines, l => l.TrimStart().StartsWith("membrane (baseline)", StringComparison.Ordinal));
        Assert.Single(lines, l => l.TrimStart().StartsWith("border_mean (baseline)", StringComparison.Ordinal));
        Assert.Contains("hole columns 16-47, rows 16-47: membrane", text);
        Assert.Contains("3 photos, 0 bad", text);
    }

    [Fact]
    public void The_caption_test_is_in_the_json_and_in_a_table()
    {
        string words = GraphOnDisk.Write(EvaluationGraphs.ColourOfWords([("red", [.8f, .1f, .1f]), ("blue", [.1f, .3f, .8f])]),
            _folder.File("words"));
        string[] arguments = ["evaluate", "scenes:12", "--graph", words, "--graph", "membrane", "--caption-test"];

        JsonElement graphs = CliProgram.Expect(0, [.. arguments, "--json"]).Json.GetProperty("graphs");
        string text = CliProgram.Expect(0, arguments).Out;

        JsonElement test = graphs.GetProperty(words).GetProperty("caption_test"), hole = test.GetProperty("hole_mse");
        Assert.Equal(graphs.GetProperty(words).GetProperty("hole_mse").GetDouble(), hole.GetProperty("true").GetDouble(), 1e-12);
        JsonElement gain = hole.GetProperty("empty_minus_true");
        Assert.Equal(hole.GetProperty("empty").GetDouble() - hole.GetProperty("true").GetDouble(), gain.GetProperty("difference")
            .GetDouble(), 1e-12);
        Assert.True(gain.GetProperty("low").GetDouble() <= gain.GetProperty("difference").GetDouble());
        Assert.True(test.GetProperty("box_mse").GetProperty("photos").GetInt64() > 0);
        Assert.False(graphs.GetProperty("membrane").TryGetProperty("caption_test", out _));
        Assert.Contains("shuffled - true", text);
    }

    [Fact]
    public void A_bad_photo_is_named_and_the_exit_code_is_3()
    {
        Pictures.Write(_folder.File("photos/a.png"), 0);
        File.WriteAllText(_folder.File("photos/b.jpg"), "no picture");
        string[] arguments = ["evaluate", _folder.File("photos"), "--graph", "membrane", "--json"];

        CliResult result = CliProgram.Expect(3, arguments);

        Assert.Equal((1, 1), (result.Json.Number("photos"), result.Json.Number("bad")));
        Assert.Equal("b.jpg", result.Json.GetProperty("bad_photos")[0].Text("id"));
        Assert.Contains("b.jpg", result.Error);
        Assert.Contains("b.jpg", CliProgram.Expect(1, [.. arguments, "--on-error", "fail"]).Error);
    }

    [Fact]
    public void Masks_that_were_written_give_the_figures_of_their_kind()
    {
        Pictures.Write(_folder.File("photos/a.png"), 0);
        Pictures.Write(_folder.File("photos/below/b.png"), 1);
        string[] arguments = ["evaluate", _folder.File("photos"), "--graph", "membrane", "--graph", "pushpull", "--size", "256", "--json"];

        JsonElement drawn = CliProgram.Expect(0, [.. arguments, "--masks", "strokes:7", "--write-masks", _folder.File("masks")]).Json;
        JsonElement read = CliProgram.Expect(0, [.. arguments, "--masks", _folder.File("masks")]).Json;

        Photo mask = PhotoCodec.Decode(_folder.File("masks/below/b.png"));
        Assert.Equal(RandomMasks.Create(MaskKind.Strokes, 256, 256, 7, "below/b.png").Array, Mask.FromPhoto(mask).Array);
        Assert.Equal(drawn.GetProperty("graphs").ToString(), read.GetProperty("graphs").ToString());
        JsonElement picture = Assert.Single(drawn.GetProperty("protocol").GetProperty("pictures").EnumerateArray());
        Assert.Equal((256, "strokes:7"), (picture.Number("width"), picture.Text("hole")));
    }

    [Fact]
    public void A_mask_that_does_not_fit_its_photo_is_named()
    {
        Pictures.Write(_folder.File("photos/a.png"), 0);
        Pictures.Write(_folder.File("photos/b.png"), 1);
        File.WriteAllBytes(_folder.File("small.png"), PhotoCodec.Encode(new Photo(3, 5)));

        CliResult result = CliProgram.Expect(1, "evaluate", _folder.File("photos"), "-g", "pushpull", "--size", "native",
            "--masks", _folder.File("small.png"));

        Assert.Contains("a.png", result.Error);
        Assert.Contains("3x5", result.Error);
    }

    [Fact]
    public void The_perceptual_figures_are_in_the_json_and_in_tables()
    {
        string[] arguments = ["evaluate", "scenes:5:160", "--graph", "membrane", "--masks", "boxes", "--size", "native", "--perceptual"];

        JsonElement json = CliProgram.Expect(0, [.. arguments, "--json"]).Json;
        string text = CliProgram.Expect(0, arguments).Out;

        JsonElement graph = json.GetProperty("graphs").GetProperty("membrane"), interval = graph.GetProperty("perceptual_interval");
        Assert.InRange(
            graph.GetProperty("perceptual").GetDouble(), interval.GetProperty("low").GetDouble(), interval.GetProperty("high").GetDouble());
        Assert.True(interval.GetProperty("low").GetDouble() > 0);
        Assert.True(json.GetProperty("baselines").GetProperty("membrane").TryGetProperty("kid_interval", out _));
        Assert.Equal("native", json.GetProperty("protocol").GetProperty("pictures")[0].Text("whole_photo"));
        Assert.Equal(64, json.GetProperty("protocol").Text("perceptual_network").Length);
        Assert.Contains("95 % interval", text);
        Assert.Contains("perceptual", text);
    }

    [Fact]
    public void A_perceptual_network_that_is_not_there_is_an_error_that_says_what_to_do()
    {
        string none = _folder.File("none.onnx");
        string error = CliProgram.Expect(1, "evaluate", "scenes:2", "-g", "membrane", "--perceptual-network", none).Error;
        Assert.Contains("none.onnx", error);
        Assert.Contains("dotnet package download Microsoft.ML.DnnImageFeaturizer.ResNet18@0.23.1", error);
    }

    [Theory]
    [InlineData("no kind of mask", "--graph", "membrane", "--masks", "dots")]
    [InlineData("after the colon", "--graph", "membrane", "--masks", "blobs:x")]
    [InlineData("native", "--graph", "membrane", "--size", "512")]
    [InlineData("--size", "--graph", "membrane", "--write-masks", "somewhere")]
    [InlineData("given twice", "--graph", "membrane", "--graph", "membrane")]
    [InlineData("are the same graph", "--graph", "membrane", "--graph", "onnx/membrane")]
    [InlineData("Did you mean 'membrane'?", "--graph", "membrame")]
    [InlineData("--graph", "--json")]
    [InlineData("takes captions", "--graph", "membrane", "--caption-test")]
    [InlineData("integer", "--graph", "membrane", "--limit", "none")]
    public void Invalid_arguments_are_usage_errors(string message, params string[] options)
    {
        CliResult result = CliProgram.Expect(2, ["evaluate", "scenes:2", .. options]);
        Assert.Contains(message, result.Error);
        Assert.Empty(result.Out);
    }

    [Fact]
    public void A_limit_takes_the_first_photos() =>
        Assert.Equal(4, CliProgram.Expect(0, "evaluate", "scenes:1000000", "--graph", "membrane", "--limit", "4", "--json")
            .Json.Number("photos"));

    [Fact]
    public void The_report_is_one_well_formed_self_contained_page()
    {
        CliProgram.Expect(0, "evaluate", "scenes:40:64:3", "--graph", "membrane", "--graph", "pushpull", "--report", _folder.File("out"));

        Assert.Equal(["report.html"], Directory.EnumerateFileSystemEntries(_folder.File("out")).Select(Path.GetFileName));
        string text = File.ReadAllText(_folder.File("out/report.html"));
        const string doctype = "<!DOCTYPE html>";
        Assert.StartsWith(doctype, text);
        XElement page = XDocument.Parse(text[doctype.Length..]).Root!;

        // Truth, hole, two graphs and two baselines of twelve photos, taken from the whole dataset.
        XElement[] images = [.. page.Descendants("img")];
        Assert.Equal(6 * 12, images.Length);
        Assert.All(images, i =>
            Assert.Equal(64, PhotoCodec.Decode(Convert.FromBase64String(i.Attribute("src")!.Value["data:image/png;base64,".Length..]))
            .Width));
        Assert.Contains(images, i => string.CompareOrdinal(i.Attribute("alt")!.Value, "scene-00000030") > 0);

        Assert.Equal(4, page.Descendants().Count(e => e.Name.LocalName == "svg"));
        Assert.Equal(2 + 2, page.Descendants("table").First().Element("tbody")!.Elements("tr").Count());
        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants("link"));
        string[] addresses = [.. page.Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "href").Select(a => a.Value)];
        Assert.All(addresses, a => Assert.StartsWith("data:", a));
        Assert.DoesNotContain("@import", text);
        Assert.DoesNotContain("rgb(1,", text);
        Assert.Contains("prefers-color-scheme: dark", text);

        // Every name that a plot refers to exists exactly once.
        string[] names = [.. page.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(names.Distinct(), names);
        Assert.All(
            page.Descendants().Attributes("clip-path").Select(a => a.Value),
            reference => Assert.Contains(reference["url(#".Length..^1], names));
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("graph")]
    public void Help_is_the_approved_text(string command)
    {
        string approved = Path.Combine(Places.Repository, "tests", "Inpaint.Cli.Tests", "Help", command + ".txt");
        Assert.Equal(File.ReadAllText(approved).TrimEnd(), CliProgram.Expect(0, command, "--help").Out.ReplaceLineEndings("\n").TrimEnd());
    }
}
