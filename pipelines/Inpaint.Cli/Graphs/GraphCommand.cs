using System.CommandLine;
using Inpaint.Cli.Doctor;
using Inpaint.CommandLine;

namespace Inpaint.Cli.Graphs;

internal static class GraphCommand
{
    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "A name that 'graph list' shows, or the path of a graph's folder or manifest.",
    };

    private static readonly Argument<string> NameOrFile = new("NAME_OR_FILE") { Description = "The same, or the path of an ONNX file." };

    public static Command Create() => new("graph", "Lists, shows and checks graphs.") { CreateList(), CreateShow(), CreateCheck() };

    private static Command CreateList()
    {
        var command = new Command("list", "Lists the available graphs.") { CommonOptions.Json };
        command.Runs(GraphList.Run);
        return command;
    }

    private static Command CreateShow()
    {
        var command = new Command("show", "Shows a graph's inputs, outputs, operators and manifest.") { Name, CommonOptions.Json };
        command.Runs(call => GraphShow.Run(call, call.Arguments.GetRequiredValue(Name)));
        return command;
    }

    private static Command CreateCheck()
    {
        var command = new Command("check",
            "Checks that manifest and graph are consistent, and tries the graph on a scene. Exit code 1 if not.")
        {
            NameOrFile, CommonOptions.Device["device"], CommonOptions.Json,
        };
        command.Runs(call => GraphCheck.Run(call, call.Arguments.GetRequiredValue(NameOrFile)));
        return command;
    }
}
