using System.CommandLine;
using System.Text;
using Inpaint.ClassicGraphs;

namespace Inpaint.Training;

/// <summary><c>export</c>.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Run = new("RUN") { Description = "The folder of a training." };
    private static readonly Option<string> Out = new("--out") { Description = "The graph's folder, such as onnx/NAME.", HelpName = "FOLDER", Required = true };
    private static readonly Option<string?> Test = new("--test") { Description = "Photos that the graph is scored on; left out: those named to train.", HelpName = "DATASET" };
    private static readonly Option<bool> Float16 = new("--float16") { Description = "Stores and computes weights as 16-bit floats." };
    private static readonly Option<string?> Terms = new("--data-terms") { Description = "The terms of the photos that it was trained on, for the card.", HelpName = "TEXT" };

    private static readonly Option<string[]> With = new("--with") { Description = "Another training, a run or a graph of the same network: the graph gives the mean of their fills.", HelpName = "RUN" };
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
        string folder = Path.GetFullPath(call.Arguments.GetValue(Out)!);
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

        Replace(folder, "README.md", Encoding.UTF8.GetBytes(ModelCard.Of(exported, run.Config(request.Settings), run.Summary(), hasAdversarialPlot)));
        Replace(folder, GraphManifest.FileName, StrictJson.Write(exported.Manifest));
        string table = Path.Combine(Path.GetDirectoryName(folder)!, "README.md");
        if (File.Exists(table))
        {
            File.WriteAllText(table, GraphFolder.Table(Path.GetDirectoryName(folder)!));
        }

        call.Terminal.Say($"{folder}: {exported.Export}");
        if (exported.Evaluation is { } evaluation)
        {
            FillScores s = evaluation.Graphs[exported.Manifest.Name].Scores;
            call.Terminal.Say($"on {evaluation.Photos:N0} photos: hole_mse {s.HoleMse:0.00000}, hole_psnr {s.HolePsnr:0.00} dB (membrane {evaluation.Baselines["membrane"].Scores.HolePsnr:0.00} dB), sharpness {s.Sharpness:0.00}");
        }

        return ExitCode.Done;
    }

    private static void Replace(string folder, string file, byte[] content)
    {
        string path = Path.Combine(folder, file), whole = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllBytes(whole, content);
        File.Move(whole, path, overwrite: true);
    }
}
