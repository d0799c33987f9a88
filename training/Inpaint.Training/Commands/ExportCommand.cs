using System.CommandLine;
using System.Globalization;
using System.Text;
using Inpaint.ClassicGraphs;

namespace Inpaint.Training;

/// <summary><c>export</c>.</summary>
internal static class ExportCommand
{
    private const string CardFileName = "README.md";

    private static readonly Argument<string> Run = new Argument<string>("RUN") { Description = "The folder of a training." }.NotEmpty();
    private static readonly Option<string> Out = new Option<string>("--out") { Description = "The graph's folder, such as onnx/NAME.", HelpName = "FOLDER", Required = true }.NotEmpty();
    private static readonly Option<string?> Test = new Option<string?>("--test") { Description = "Photos that the graph is scored on; left out: those named to train.", HelpName = "DATASET" }.NotEmpty();
    private static readonly Option<bool> Float16 = new("--float16") { Description = "Stores and computes weights as 16-bit floats." };
    private static readonly Option<string?> Terms = new("--data-terms") { Description = "The terms of the photos that it was trained on, for the card.", HelpName = "TEXT" };

    private static readonly Option<string[]> With = new Option<string[]>("--with") { Description = "Another training, a run or a graph of the same network: the graph gives the mean of their fills.", HelpName = "RUN" }.NotEmpty();
    private static readonly Option<string[]> Set = new("--set") { Description = "Gives a setting anew that leaves the weights as they are, such as network.unet.mirror_average=true.", HelpName = "KEY=VALUE" };

    public static Command Create()
    {
        var command = new Command("export", "Writes a training's best weights as a graph with manifest, figures and card.") { Run, Out, Test, Float16, With, Set, Terms };
        command.Runs(Write);
        return command;
    }

    private static int Write(CommandCall call)
    {
        var run = RunFolder.At(call.Arguments.GetValue(Run)!);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(call.Arguments.GetValue(Out)!));
        RequireGraphFolder(folder);
        var request = new ExportRequest(run, call.Arguments.GetValue(Test), call.Arguments.GetValue(Float16), call.Arguments.GetValue(Terms)) { Settings = call.Arguments.GetValue(Set) ?? [], With = call.Arguments.GetValue(With) ?? [] };
        ExportedRun exported = RunExport.Make(request, call.Terminal, call.Cancellation);

        Directory.CreateDirectory(folder);
        Replace(folder, exported.Manifest.Graph.File, exported.Model);
        Replace(folder, "sheet.png", SceneSheet.Make(exported.Model, exported.Manifest));
        bool hasAdversarialPlot = File.Exists(run.In(TrainingPlots.AdversarialFileName));
        if (hasAdversarialPlot)
        {
            Replace(folder, TrainingPlots.AdversarialFileName, File.ReadAllBytes(run.In(TrainingPlots.AdversarialFileName)));
        }

        Replace(folder, CardFileName, Encoding.UTF8.GetBytes(ModelCard.Of(exported, run.Config(request.Settings), run.Description(), run.Summary(), hasAdversarialPlot)));
        Replace(folder, GraphManifest.FileName, exported.Manifest.ToJson());
        WriteTable(Path.GetDirectoryName(folder), call.Terminal);
        call.Terminal.Say($"{folder}: {exported.Export}");
        if (exported.Evaluation is { } evaluation)
        {
            call.Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"on {evaluation.Photos:N0} photos: {evaluation.Graphs[exported.Manifest.Name].Scores} (hole_psnr of the membrane: {evaluation.Baselines["membrane"].Scores["hole_psnr"]:0.00})"));
        }

        return ExitCode.Done;
    }

    /// <summary>The folder is a graph's, or there is nothing of that in it that would be replaced.</summary>
    private static void RequireGraphFolder(string folder)
    {
        if (File.Exists(folder))
        {
            throw new UsageException($"--out {folder} is a file; expected a folder, which need not be there yet.");
        }

        string manifest = Path.Combine(folder, GraphManifest.FileName), card = Path.Combine(folder, CardFileName);
        if (File.Exists(manifest))
        {
            try
            {
                GraphManifest.Parse(File.ReadAllBytes(manifest), manifest);
            }
            catch (ManifestException e)
            {
                throw new UsageException($"--out {folder} holds a {GraphManifest.FileName} that is no graph's manifest and would be replaced: {e.Message} Name another folder, or delete that file.", e);
            }
        }
        else if (File.Exists(card) && !ModelCard.IsCard(File.ReadAllText(card)))
        {
            throw new UsageException($"--out {folder} holds a {CardFileName} that is no graph's card and would be replaced; expected a graph's folder, or a new one. Name a folder of its own, such as {Path.Combine(folder, "NAME")}.");
        }
    }

    /// <summary>The table of all graphs beside this one, where there is one.</summary>
    private static void WriteTable(string? folder, Terminal terminal)
    {
        string table = Path.Combine(folder ?? "", CardFileName);
        if (folder is null || !File.Exists(table) || !GraphFolder.IsTable(File.ReadAllText(table)))
        {
            return;
        }

        try
        {
            Replace(folder, CardFileName, Encoding.UTF8.GetBytes(GraphFolder.Table(folder)));
        }
        catch (Exception e) when (e is ManifestException or IOException or UnauthorizedAccessException)
        {
            terminal.Warn($"The graph is written, but not the table {table}: {e.Message}");
        }
    }

    private static void Replace(string folder, string file, byte[] content) => WholeFile.Write(Path.Combine(folder, file), content);
}
