using System.CommandLine;
using System.Globalization;
using Inpaint.CommandLine;
using Spectre.Console;

namespace Inpaint.Cli.Score;

internal static class ScoreCommand
{
    private static readonly Argument<string[]> Input = new("INPUT")
    {
        Description = $"Photo files, or any of these: {KnownDatasets.Formats.Expected}. Default: {ScoreSettings.DefaultScenes} scenes.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Pipeline = new(
        "--pipeline") { Description = "A pipeline definition with any of these settings; options override it.", HelpName = "FILE.json" };

    public static Command Create()
    {
        var command = new Command(
            "score", "Completes photos: files, folders, zips, datasets. A second run completes only new or changed photos.")
        {
            Input,
        };
        ScoreSettings.Options.AddTo(command);
        command.Add(Pipeline);
        command.Add(CommonOptions.Json);
        Input.Validators.Add(result =>
        {
            foreach (string token in result.Tokens.Select(t => t.Value).Where(t => t.StartsWith('-') && !Path.Exists(t)))
            {
                result.AddError(CommandRunner.DescribeUnknown(token, command));
            }
        });
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        Terminal terminal = call.Terminal;
        ParseResult arguments = call.Arguments;
        var settings = ScoreSettings.Read(
            ScoreSettings.Options.Given(arguments), arguments.GetValue(Input) ?? [], arguments.GetValue(Pipeline));
        ScoreSummary summary;
        using (var run = new ScoreRun(settings, terminal, call.Cancellation))
        {
            summary = terminal.WithProgress("Completing", run.Count, "photos", run.Run);
        }

        if (terminal.Json)
        {
            Terminal.WriteJson(summary);
        }

        Tell(terminal, summary);
        call.Cancellation.ThrowIfCancellationRequested();
        if (settings.Inpainting.OnError == OnError.Fail && summary.BadPhotos is [var bad, ..])
        {
            throw new FailedException($"{bad.Error} Stopped because of --on-error fail.");
        }

        return summary.Bad > 0 ? ExitCode.BadRows : ExitCode.Done;
    }

    private static void Tell(Terminal terminal, ScoreSummary summary)
    {
        IAnsiConsole people = terminal.People;
        string rate = summary.PhotosPerSecond is { } r ? string.Create(CultureInfo.InvariantCulture, $" ({r:N1} per second)") : "";
        if (summary is { Photos: 0, Finished: true })
        {
            terminal.Warn("There were no photos to complete.");
        }

        if (summary.Completed > 0)
        {
            string how = string.Create(CultureInfo.InvariantCulture, $"with the graph '{summary.Graph}' in {summary.Seconds:N1} s{rate}");
            people.MarkupLineInterpolated(
                CultureInfo.InvariantCulture, $"[green]{summary.Completed:N0}[/] {Photos(summary.Completed)} completed {how}.");
        }

        if (summary.Kept > 0)
        {
            people.MarkupLineInterpolated(
                CultureInfo.InvariantCulture, $"[green]{summary.Kept:N0}[/] {Photos(summary.Kept)} already completed and unchanged.");
        }

        if (summary.Bad > 0)
        {
            people.MarkupLineInterpolated(
                CultureInfo.InvariantCulture, $"[red]{summary.Bad:N0} {Photos(summary.Bad)} could not be completed:[/]");
            foreach (BadPhoto bad in summary.BadPhotos)
            {
                people.MarkupLineInterpolated($"  [red]{bad.Status.ToWord()}[/]  {bad.Error}");
            }

            if (summary.Bad > summary.BadPhotos.Count)
            {
                people.MarkupLineInterpolated(
                    CultureInfo.InvariantCulture, $"  and {summary.Bad - summary.BadPhotos.Count:N0} more, in {summary.Results}");
            }
        }

        people.MarkupLineInterpolated($"  pictures  {summary.Out}");
        people.MarkupLineInterpolated($"  rows      {summary.Results}");
        if (summary.Sheet is not null)
        {
            people.MarkupLineInterpolated($"  sheet     {summary.Sheet}  [grey](open it in a browser)[/]");
        }
    }

    private static string Photos(long count) => count == 1 ? "photo" : "photos";
}
