using System.Text;

namespace Inpaint.Training.Tests.Search;

public sealed class SearchTests
{
    [Fact]
    public void Each_round_keeps_the_best_third_and_trains_it_three_times_as_long()
    {
        var asked = new List<(int Round, int Trial, int Steps)>();
        IReadOnlyList<string>[] trials = [.. Enumerable.Range(1, 9).Select(i => (IReadOnlyList<string>)[$"epochs={i}"])];

        // Trial 4 is the best at last but the third in the first round; trial 9 breaks down.
        double?[] first = [9, 1, 2, 3, 4, 5, 6, 7, null];
        IReadOnlyList<TrialResult> results = SuccessiveHalving.Run(trials, 100, (round, trial, steps, settings) =>
        {
            asked.Add((round, trial, steps));
            double? mse = round == 1 ? first[trial - 1] : trial == 4 ? 0.5 : trial;
            return new TrialResult(round, trial, steps, settings, mse, null);
        });
        Assert.Equal([.. Enumerable.Range(1, 9).Select(t => (1, t, 100)), (2, 2, 300), (2, 3, 300), (2, 4, 300), (3, 4, 900)], asked);
        Assert.Equal(["epochs=4"], results[^1].Settings);
    }

    [Fact]
    public void Drawn_settings_lie_in_their_ranges_and_all_choices_come_up()
    {
        var space = SearchSpace.Parse("""{ "a.b": { "range": [2, 4] }, "c": { "log_range": [0.001, 0.1] }, "d": { "choice": ["mse", [8, 8]] }, "e": { "range": [0.5, 1] } }"""u8, "space.json");
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

    [Theory]
    [InlineData("""{ "a": { "range": [3] } }""", "'a'")]
    [InlineData("""{ "a": { "log_range": [0, 1] } }""", "'a'")]
    [InlineData("""{ "a": 3 }""", "'a'")]
    [InlineData("""{ "a": { "choise": [1] } }""", "'a'")]
    [InlineData("{}", "no settings")]
    [InlineData("[]", "not a search space")]
    public void A_broken_space_is_an_error_that_names_the_setting(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<FailedException>(() => SearchSpace.Parse(Encoding.UTF8.GetBytes(json), "space.json")).Message, StringComparison.Ordinal);
}
