using System.CommandLine;
using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Scenes;
using Spectre.Console;

namespace Inpaint.Cli.Scenes;

internal static class ScenesCommand
{
    private static readonly Option<int> Count = CommonOptions.Integer("--count", "Number of pictures.", 24, 1, int.MaxValue);
    private static readonly Option<int> Size = CommonOptions.Integer(
        "--size", "Side of the pictures in pixels.", 64, SceneGenerator.MinSize, SceneGenerator.MaxSize);
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Seed of the random generator.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<string> Out = new(
        "--out", "-o") { Description = "The folder; created if missing.", HelpName = "DIR", Required = true };

    public static Command Create()
    {
        var command = new Command("scenes", "Draws sample pictures with captions: a folder of PNG files and captions.jsonl.")
        {
            Count, Size, Seed, Out, CommonOptions.Json,
        };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        (int count, int size, ulong seed) = (call.Arguments.GetValue(Count), call.Arguments.GetValue(Size), call.Arguments.GetValue(Seed));
        string folder = call.Arguments.GetRequiredValue(Out);
        int drawn = call.Terminal.WithProgress("Drawing", count, "scenes", progress =>
            SceneFolder.Write(folder, count, size, seed, new Whole(progress), call.Cancellation));
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(new ScenesSummary(count, drawn, size, seed, folder));
        }

        call.Terminal.People.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[green]{count:N0}[/] scenes of {size} pixels with seed {seed} are in {folder}; {drawn:N0} of them are new.");
        return ExitCode.Done;
    }

    private sealed record ScenesSummary(int Count, int Drawn, int Size, ulong Seed, string Out);

    private sealed class Whole(IProgress<long> steps) : IProgress<int>
    {
        public void Report(int value) => steps.Report(value);
    }
}
