using System.CommandLine;
using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Holes;
using Inpaint.ML.Rows;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Spectre.Console;

namespace Inpaint.Cli.Score;

/// <summary><c>inpaint score</c>.</summary>
internal static class ScoreCommand
{
    /// <summary>What is completed when nothing is named.</summary>
    public const string DefaultInput = "scenes:24:256";

    private static readonly Argument<string[]> Input = new("INPUT")
    {
        Description = $"Photo files, or any of these: {KnownDatasets.Formats.Expected}. Default: 24 scenes.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Out = new("--out", "-o") { Description = "The folder for the completed photos, results.jsonl and sheet.html; made when missing.", HelpName = "DIR" };
    private static readonly Option<string?> Mask = new("--mask") { Description = "What is hidden: one mask for all photos of its size, or a folder with a mask for each, of the same relative path, whatever its ending. Left out: the centre half. Without --graph, masks are filled by pushpull, which takes them as they are.", HelpName = "FILE_OR_DIR" };
    private static readonly Option<HoleColour> Polarity = CommonOptions.Choice("--mask-polarity", "Which colour of a mask is the hole.", HoleColour.White, ("white", HoleColour.White), ("black", HoleColour.Black));
    private static readonly Option<string?> Caption = new("--caption") { Description = "What every photo shows.", HelpName = "TEXT" };
    private static readonly Option<string?> Captions = new("--captions") { Description = "What each photo shows: one JSON object a line, with file and caption or captions. Left out: what the inputs themselves say.", HelpName = "FILE" };
    private static readonly Option<PhotoFormat> Format = CommonOptions.Choice("--format", "File format of the completed photos. Only PNG keeps the known pixels bit for bit.", PhotoFormat.Png, ("png", PhotoFormat.Png), ("jpeg", PhotoFormat.Jpeg), ("webp", PhotoFormat.Webp));
    private static readonly Option<int> Feather = CommonOptions.Whole("--feather", "Pixels over which the fill is blended into the photo, inside the hole.", 0, 0, 4096);
    private static readonly Option<string?> Pipeline = new("--pipeline") { Description = "A pipeline definition with any of these settings; options win over it.", HelpName = "FILE.json" };

    public static Command Create()
    {
        var command = new Command("score", "Completes photos: files, folders, zips, datasets. A second run does only what is new or changed.")
        {
            Input, Out, CommonOptions.Graph, Mask, Polarity, Caption, Captions, Pipeline, Format, Feather,
        };
        CommonOptions.AddScoringTo(command);
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
        ScoreSettings settings = ReadSettings(call.Arguments);
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
        if (settings.OnError == OnError.Fail && summary.BadPhotos is [var bad, ..])
        {
            throw new FailedException($"{bad.Error} Stopped there, as --on-error fail says.");
        }

        return summary.Bad > 0 ? ExitCode.BadRows : ExitCode.Done;
    }

    private static ScoreSettings ReadSettings(ParseResult arguments)
    {
        var said = new ScoreSettings
        {
            Input = arguments.GetValue(Input) is { Length: > 0 } inputs ? inputs : null,
            Out = arguments.GetValue(Out),
            Graph = arguments.GetValue(CommonOptions.Graph),
            Mask = arguments.GetValue(Mask),
            MaskPolarity = arguments.GivenValue(Polarity),
            Caption = arguments.GetValue(Caption),
            Captions = arguments.GetValue(Captions),
            Format = arguments.GivenValue(Format),
            Feather = arguments.GivenValue(Feather),
            Device = arguments.Given(CommonOptions.Device),
            Batch = arguments.GivenValue(CommonOptions.Batch),
            Workers = arguments.GivenValue(CommonOptions.Workers),
            OnError = arguments.GivenValue(CommonOptions.OnError),
        };
        ScoreSettings settings = arguments.GetValue(Pipeline) is { } definition ? said.Over(ScoreSettings.Read(definition)) : said;
        if (string.IsNullOrWhiteSpace(settings.Out))
        {
            throw new UsageException("--out is missing; expected the folder for the completed photos, such as --out completed.");
        }

        if (settings is { Caption: not null, Captions: not null })
        {
            throw new UsageException("Both --caption and --captions are given; expected one of them: a text for all photos, or a file with a line for each.");
        }

        return settings.Input is { Count: > 0 } ? settings : settings with { Input = [DefaultInput] };
    }

    private static void Tell(Terminal terminal, ScoreSummary summary)
    {
        IAnsiConsole people = terminal.People;
        string rate = summary.PhotosPerSecond is { } r ? string.Create(CultureInfo.InvariantCulture, $" ({r:N1} a second)") : "";
        if (summary is { Photos: 0, Finished: true })
        {
            terminal.Warn("There were no photos to complete.");
        }

        if (summary.Completed > 0)
        {
            people.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]{summary.Completed:N0}[/] {Photos(summary.Completed)} completed with the graph '{summary.Graph}' in {summary.Seconds:N1} s{rate}.");
        }

        if (summary.Kept > 0)
        {
            people.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]{summary.Kept:N0}[/] {Photos(summary.Kept)} had been completed before and {(summary.Kept == 1 ? "is" : "are")} unchanged.");
        }

        if (summary.Bad > 0)
        {
            people.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{summary.Bad:N0} {Photos(summary.Bad)} could not be completed:[/]");
            foreach (BadPhoto bad in summary.BadPhotos)
            {
                people.MarkupLineInterpolated($"  [red]{bad.Status}[/]  {bad.Error}");
            }

            if (summary.Bad > summary.BadPhotos.Count)
            {
                people.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  and {summary.Bad - summary.BadPhotos.Count:N0} more, in {summary.Results}");
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
