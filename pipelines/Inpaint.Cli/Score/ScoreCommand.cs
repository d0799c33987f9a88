using System.CommandLine;

namespace Inpaint.Cli;

/// <summary><c>inpaint score</c>.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var command = new Command("score", "Completes photos: files, folders, zips, datasets.") { CommonOptions.Json, CommonOptions.Graph };
        CommonOptions.AddScoringTo(command);
        command.Runs(call => ExitCode.Done);
        return command;
    }
}
