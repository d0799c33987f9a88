using System.Text;
using System.Text.Json;
using Inpaint.CommandLine;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Inpaint.Training.Search;

namespace Inpaint.Training.Tests.Search;

public sealed class SearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Each_round_keeps_the_best_third_and_trains_it_three_times_longer()
    {
        var asked = new List<(int Round, int Trial, int Steps)>();
        IReadOnlyList<string>[] trials = [.. Enumerable.Range(1, 9).Select(i => (IReadOnlyList<string>)[$"epochs={i}"])];

        // Trial 4 is the best in the end but the third in the first round; trial 9 fails.
        double?[] first = [9, 1, 2, 3, 4, 5, 6, 7, null];
        IReadOnlyList<TrialResult> results = SuccessiveHalving.Run(trials, 100, (round, trial, steps, settings) =>
        {
            asked.Add((round, trial, steps));
            double? mse = round == 1 ? first[trial - 1] : trial == 4 ? 0.5 : trial;
            return new TrialResult(round, trial, steps, settings, "hole_mse", mse, null);
        });
        Assert.Equal([.. Enumerable.Range(1, 9).Select(t => (1, t, 100)), (2, 2, 300), (2, 3, 300), (2, 4, 300), (3, 4, 900)], asked);
        Assert.Equal(["epochs=4"], results[^1].Settings);
    }

    [Fact]
    public void Drawn_settings_are_in_range_and_cover_all_choices()
    {
        var space = SearchSpace.Parse("""
            { "a.b": { "range": [2, 4] },
              "c": { "log_range": [0.001, 0.1] }, "d": { "choice": ["mse", [8, 8]] }, "e": { "range": [0.5, 1] } }
            """u8, "space.json");
        var seen = new HashSet<string>();
        int small = 0;
        for (int i = 0; i < 200; i++)
        {
            var random = SplitMix64.For(1, i);
            string[] values = [.. space.Draw(ref random).Select(s => s[(s.IndexOf('=', StringComparison.Ordinal) + 1)..])];
            Assert.Contains(values[0], new[] { "2", "3", "4" });
            double log = double.Parse(values[1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(log, 0.001, 0.1);
            small += log < 0.01 ? 1 : 0;
            Assert.InRange(double.Parse(values[3], System.Globalization.CultureInfo.InvariantCulture), 0.5, 1);
            seen.Add(values[0]);
            seen.Add(values[2]);
        }

        Assert.Equal(["2", "3", "4", "\"mse\"", "[8, 8]"], seen.Order(StringComparer.Ordinal).OrderBy(s => s.Length));
        Assert.InRange(small, 70, 130);
    }

    [Fact]
    public void Integers_are_drawn_from_ranges_of_any_length()
    {
        var space = SearchSpace.Parse("""
            { "a": { "range": [-2147483648, 2147483647] }, "b": { "range": [0, 99999999999] },
              "c": { "range": [-9223372036854775808, 9223372036854775807] } }
            """u8, "space.json");
        var drawn = new List<long[]>();
        for (int i = 0; i < 64; i++)
        {
            var random = SplitMix64.For(1, i);
            drawn.Add([.. space.Draw(ref random).Select(s => long.Parse(s[2..], System.Globalization.CultureInfo.InvariantCulture))]);
        }

        Assert.All(drawn, d => Assert.InRange(d[0], int.MinValue, int.MaxValue));
        Assert.All(drawn, d => Assert.InRange(d[1], 0, 99_999_999_999));
        Assert.Contains(drawn, d => d[0] < 0);
        Assert.Contains(drawn, d => d[1] > 50_000_000_000);
        Assert.Contains(drawn, d => d[2] < 0);
    }

    [Fact]
    public void A_search_records_its_figure_and_resumes_only_with_the_same_settings()
    {
        string space = _folder.File("space.json"), config = _folder.File("tiny.json"), folder = _folder.File("search");
        File.WriteAllText(config, Trainings.Tiny);
        File.WriteAllText(space, """{ "optimizer.learning_rate": { "log_range": [0.0001, 0.01] } }""");
        (int Code, string Text) Search(params string[] more) =>
            Trainings.Call(["search", config, "--space", space, "--trials", "1", "--steps", "1", "--valid", "scenes:4:64:5", "--set",
                "choose_by=spectrum", .. more.Contains("--out") ? more : [.. more, "--out", folder]]);

        Assert.Contains("'nowhere' does not exist", Search("--data", "nowhere").Text, StringComparison.Ordinal);
        Assert.Contains("max_steps is set by the search", Search("--data", "scenes:8:64:3", "--set", "max_steps=3").Text,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        Assert.Equal(ExitCode.Done, Search("--data", "scenes:8:64:3").Code);
        using JsonDocument results = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "search.json")));
        Assert.Equal("spectrum", results.RootElement[0].GetProperty("figure").GetString());
        Assert.Contains("validation spectrum", File.ReadAllText(Path.Combine(folder, "search.svg")), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, Search("--data", "scenes:8:64:3").Code);
        Assert.Contains("the same CONFIG, --space, --set, --steps and --seed", Search("--data", "scenes:8:64:3", "--seed", "2").Text,
            StringComparison.Ordinal);

        // Deleted photos are not the fault of the trial.
        (int code, string text) = Search("--data", "scenes:9:64:3");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("was started with --data", text, StringComparison.Ordinal);
        Assert.Contains("is a file; expected a folder", Search("--data", "scenes:8:64:3", "--out", space).Text, StringComparison.Ordinal);
        Assert.Contains("expected at most",
            Trainings.Call("search", config, "--space", space, "--trials", "9", "--steps", "2147483647", "--data", "scenes:8", "--out",
                folder).Text, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{ "a": { "range": [3] } }""", "'a'")]
    [InlineData("""{ "a": { "log_range": [0, 1] } }""", "'a'")]
    [InlineData("""{ "a": 3 }""", "'a'")]
    [InlineData("""{ "a": { "choise": [1] } }""", "'a'")]
    [InlineData("""{ "a": { "range": [0, 1e999] } }""", "'a'")]
    [InlineData("""{ "a": { "range": [0, 1] }, "a": { "range": [0, 2] } }""", "Duplicate")]
    [InlineData("{}", "no settings")]
    [InlineData("[]", "not a search space")]
    public void An_invalid_space_is_an_error_that_names_the_setting(string json, string expected) =>
        Assert.Contains(expected,
            Assert.Throws<FailedException>(() => SearchSpace.Parse(Encoding.UTF8.GetBytes(json), "space.json")).Message,
                StringComparison.Ordinal);
}
