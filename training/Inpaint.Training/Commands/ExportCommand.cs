using System.CommandLine;
using System.Globalization;
using System.Text;
using Inpaint.ClassicGraphs;

namespace Inpaint.Training.Commands;

internal static class ExportCommand
{
    private const string CardFileName = "README.md";

    private static readonly Argument<string> Run = new Argument<string>("RUN") { Description = "The folder of a training." }.NotEmpty();
    private static readonly Option<string> Out = TrainingOptions.Required("--out", "The graph's folder, such as onnx/NAME.", "FOLDER");

    private static readonly Option<string?> Test = TrainingOptions.Text(
        "--test", "Photos that the graph is scored on. Default: those given to train.", "DATASET");

    private static readonly Option<bool> Float16 = new("--float16") { Description = "Stores weights, and computes, as 16-bit floats." };

    private static readonly Option<string?> Terms = new("--data-terms")
    {
        Description = "The licence of the training photos, for the card.",
        HelpName = "TEXT",
    };

    private static readonly Option<string[]> With = TrainingOptions.Many(
        "--with", "Another training, a run or a graph of the same network: the graph averages their fills.", "RUN").NotEmpty();

    private static readonly Option<string[]> Set = TrainingOptions.Many(
        "--set", "Overrides a setting that does not affect the weights, such as network.unet.mirror_average=true.", "KEY=VALUE");

    public static Command Create()
    {
        var command = new Command("export", "Writes a training's best weights as a graph with manifest, figures and card.")
            { Run, Out, Test, Float16, With, Set, Terms };
        command.Runs(Write);
        return command;
    }

    private static int Write(CommandCall call)
    {
        ParseResult arguments = call.Arguments;
        var run = RunFolder.At(arguments.GetValue(Run)!);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(arguments.GetValue(Out)!));
        RequireGraphFolder(folder);
        var request = new ExportRequest(run, arguments.GetValue(Test), arguments.GetValue(Float16), arguments.GetValue(Terms))
        {
            Settings = arguments.GetValue(Set) ?? [],
            With = arguments.GetValue(With) ?? [],
        };
        ExportedRun exported = RunExport.Make(request, call.Terminal, call.Cancellation);

        Directory.CreateDirectory(folder);
        Replace(folder, exported.Manifest.Graph.File, exported.Model);
        Replace(folder, "sheet.png", SceneSheet.Make(exported.Model, exported.Manifest));
        string plot = run.In(TrainingPlots.AdversarialFileName);
        bool hasPlot = File.Exists(plot);
        if (hasPlot)
        {
            Replace(folder, TrainingPlots.AdversarialFileName, File.ReadAllBytes(plot));
        }

        string card = ModelCard.Of(exported, run.Config(request.Settings), run.Description(), run.Summary(), hasPlot);
        Replace(folder, CardFileName, Encoding.UTF8.GetBytes(card));
        Replace(folder, GraphManifest.FileName, exported.Manifest.ToJson());
        WriteTable(Path.GetDirectoryName(folder), call.Terminal);
        call.Terminal.Say($"{folder}: {exported.Export}");
        if (exported.Evaluation is { } evaluation)
        {
            FillScores scores = evaluation.Graphs[exported.Manifest.Name].Scores, membrane = evaluation.Baselines["membrane"].Scores;
            call.Terminal.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"on {evaluation.Photos:N0} photos: {scores} (hole_psnr of the membrane: {membrane["hole_psnr"]:0.00} dB)"));
        }

        return ExitCode.Done;
    }

    // Refuses to replace files that are not a graph's.
    private static void RequireGraphFolder(string folder)
    {
        if (File.Exists(folder))
        {
            throw new UsageException($"--out {folder} is a file; expected a folder, which need not exist.");
        }

        string manifest = Path.Combine(folder, GraphManifest.FileName), card = Path.Combine(folder, CardFileName);
        if (File.Exists(manifest))
        {
            try
            {
                GraphManifest.Parse(File.ReadAllBytes(manifest), manifest);
            }
            catch (InpaintException e)
            {
                throw new UsageException(
                    $"--out {folder} contains a {GraphManifest.FileName} that is not a manifest and would be replaced: {e.Message} "
                    + "Give another folder, or delete that file.", e);
            }
        }
        else if (File.Exists(card) && !ModelCard.IsCard(File.ReadAllText(card)))
        {
            throw new UsageException(
                $"--out {folder} contains a {CardFileName} that is not a graph's card and would be replaced; expected a graph's folder, "
                    + $"or a new one. "
                + $"Give a folder such as {Path.Combine(folder, "NAME")}.");
        }
    }

    // Updates the table of all graphs in the parent folder, if there is one.
    private static void WriteTable(string? folder, Terminal terminal)
    {
        string table = Path.Combine(folder ?? "", CardFileName);
        if (folder is null || !File.Exists(table) || !ClassicGraphFiles.IsTable(File.ReadAllText(table)))
        {
            return;
        }

        try
        {
            Replace(folder, CardFileName, Encoding.UTF8.GetBytes(ClassicGraphFiles.Table(folder)));
        }
        catch (Exception e) when (e is InpaintException or IOException or UnauthorizedAccessException)
        {
            terminal.Warn($"The graph is written, but not the table {table}: {e.Message}");
        }
    }

    private static void Replace(string folder, string file, byte[] content) => AtomicFile.Write(Path.Combine(folder, file), content);
}
