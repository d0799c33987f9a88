using Inpaint.Evaluation.Judging;
using Inpaint.TestSupport;

namespace Inpaint.Tests.Judging;

/// <summary>Strengths from votes, compared with values computed by hand.</summary>
public sealed class BradleyTerryTests
{
    private static IEnumerable<Vote> Votes(string left, string right, int forLeft, int forRight, int equal = 0) =>
        Enumerable.Repeat(VoteChoice.Left, forLeft).Concat(Enumerable.Repeat(VoteChoice.Right, forRight))
            .Concat(Enumerable.Repeat(VoteChoice.Equal, equal))
            .Select(choice => new Vote { Left = left, Right = right, Choice = choice });

    [Fact]
    public void Two_graphs_have_the_log_odds_of_their_votes()
    {
        // Three of four votes, and half of the extra vote per pair: 3.5 to 1.5.
        IReadOnlyList<Preference> fit = BradleyTerry.Fit([.. Votes("a", "b", 3, 1)]);
        double half = Math.Log(3.5 / 1.5) / 2;
        Assert.Equal(["a", "b"], fit.Select(p => p.Name));
        Assert.Equal(half, fit[0].Strength, 1e-6);
        Assert.Equal(-half, fit[1].Strength, 1e-6);
        Assert.Equal((3, 1, 0), (fit[0].Wins, fit[0].Losses, fit[0].Ties));
        Assert.Equal((1, 3, 0), (fit[1].Wins, fit[1].Losses, fit[1].Ties));
        Assert.InRange(half, fit[0].Low, fit[0].High);
    }

    [Fact]
    public void Sides_and_the_order_of_votes_do_not_matter()
    {
        IReadOnlyList<Preference> there = BradleyTerry.Fit([.. Votes("a", "b", 4, 2)]), back = BradleyTerry.Fit([.. Votes("b", "a", 2, 4)]),
            split = BradleyTerry.Fit([.. Votes("a", "b", 3, 1, 2)]);
        Assert.Equal(there[0].Strength, back[0].Strength, 1e-9);
        Assert.Equal(there[0].Strength, split[0].Strength, 1e-9);
        Assert.Equal(2, split[0].Ties);
    }

    [Fact]
    public void Consistent_odds_give_consistent_strengths()
    {
        // Odds of 2 for a to b and b to c, and of 4 for a to c. Many votes, so that the extra vote per pair is negligible.
        IReadOnlyList<Preference> fit = BradleyTerry.Fit(
            [.. Votes("a", "b", 20_000, 10_000), .. Votes("b", "c", 20_000, 10_000), .. Votes("c", "a", 8_000, 32_000)], resamples: 2);
        Assert.Equal(Math.Log(2), fit[0].Strength, 1e-3);
        Assert.Equal(0, fit[1].Strength, 1e-3);
        Assert.Equal(-Math.Log(2), fit[2].Strength, 1e-3);
    }

    [Fact]
    public void An_undefeated_graph_has_a_finite_strength_and_more_votes_narrow_the_interval()
    {
        Assert.True(double.IsFinite(BradleyTerry.Fit([.. Votes("a", "b", 5, 0)])[0].Strength));
        Preference few = BradleyTerry.Fit([.. Votes("a", "b", 6, 4)])[0], many = BradleyTerry.Fit([.. Votes("a", "b", 600, 400)])[0];
        Assert.True(many.High - many.Low < (few.High - few.Low) / 5);
    }

    [Fact]
    public void Votes_survive_a_round_trip_and_an_invalid_line_is_named()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("deep/votes.jsonl");
        Vote vote = new() { Time = DateTimeOffset.UnixEpoch, Photo = "p", Left = "unet", Right = Vote.Truth, Choice = VoteChoice.Equal };
        VoteFile.Add(file, vote);
        VoteFile.Add(file, vote);
        Assert.Equal([vote, vote], VoteFile.Read(file));
        File.AppendAllText(file, """{"left": "a", "right": "a", "choice": "left"}""" + "\n");
        Assert.Contains("line 3", Assert.Throws<DatasetException>(() => VoteFile.Read(file)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<DatasetException>(() => VoteFile.Read(file + "x")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_vote_does_not_affect_others()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("votes.jsonl");
        Vote vote = new() { Time = DateTimeOffset.UnixEpoch, Photo = "p", Left = "unet", Right = Vote.Truth, Choice = VoteChoice.Equal };
        VoteFile.Add(file, vote);
        string line = File.ReadAllText(file);
        foreach (int length in (int[])[1, 20, line.Length - 3])
        {
            File.WriteAllText(file, line + line[..length]);
            Assert.Equal([vote], VoteFile.Read(file));
            VoteFile.Add(file, vote with { Photo = "q" });
            Assert.Equal([vote, vote with { Photo = "q" }], VoteFile.Read(file));
        }

        // A complete last line without a newline is kept; other content is not removed.
        File.WriteAllText(file, line.TrimEnd('\n'));
        VoteFile.Add(file, vote);
        Assert.Equal([vote, vote], VoteFile.Read(file));
        File.WriteAllText(file, "my notes");
        VoteFile.Add(file, vote);
        Assert.StartsWith("my notes\n", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Contains("line 1", Assert.Throws<DatasetException>(() => VoteFile.Read(file)).Message, StringComparison.Ordinal);
    }
}
