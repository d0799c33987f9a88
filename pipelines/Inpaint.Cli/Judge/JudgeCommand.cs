using System.CommandLine;
using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Evaluation.Judging;
using Spectre.Console;

namespace Inpaint.Cli.Judge;

internal static class JudgeCommand
{
    private static readonly Argument<string> Votes = new("VOTES")
    {
        Description = "The votes: one JSON object per line with left, right and choice, as written by the web page's Judge tab.",
    };

    public static Command Create()
    {
        var command = new Command("judge", "Ranks graphs by blind votes, with confidence intervals.") { Votes, CommonOptions.Json };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        string file = call.Arguments.GetRequiredValue(Votes);
        IReadOnlyList<Vote> votes = VoteFile.Read(file);
        if (votes.Count == 0)
        {
            throw new UsageException($"'{file}' has no votes; expected at least one.");
        }

        IReadOnlyList<Preference> preferences = BradleyTerry.Fit(votes);
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(new { Votes = votes.Count, Graphs = preferences });
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn("graph");
        foreach (string column in (string[])["strength", "95 %", "preferred to an average one", "won", "lost", "equal"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (Preference p in preferences)
        {
            table.AddRow(
                Markup.Escape(p.Name),
                Text($"{p.Strength:+0.00;-0.00}"),
                Text($"{p.Low:+0.00;-0.00} to {p.High:+0.00;-0.00}"),
                Text($"{100 / (1 + Math.Exp(-p.Strength)):0} %"),
                Text($"{p.Wins:N0}"),
                Text($"{p.Losses:N0}"),
                Text($"{p.Ties:N0}"));
        }

        call.Terminal.People.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"{votes.Count:N0} votes; strength is the log-odds of being preferred to one of average strength (Bradley-Terry).");
        call.Terminal.People.Write(table);
        return ExitCode.Done;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
