using System.CommandLine;

namespace Inpaint.Cli;

/// <summary><c>inpaint doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Checks that this machine has what the program needs.") { CommonOptions.Json };
        command.Runs(call => ExitCode.Done);
        return command;
    }
}
