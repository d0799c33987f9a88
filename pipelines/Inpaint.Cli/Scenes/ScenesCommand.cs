using System.CommandLine;

namespace Inpaint.Cli;

/// <summary><c>inpaint scenes</c>.</summary>
internal static class ScenesCommand
{
    public static Command Create()
    {
        var command = new Command("scenes", "Draws sample pictures with captions.") { CommonOptions.Json };
        command.Runs(call => ExitCode.Done);
        return command;
    }
}
