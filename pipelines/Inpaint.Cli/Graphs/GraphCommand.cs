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

    public static Command Create() => new("graph", "Lists, shows, checks and blends graphs.")
    {
        CreateList(), CreateShow(), CreateCheck(), CreateBlend(),
    };

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

    private static Command CreateBlend()
    {
        Argument<string> first = new("A") { Description = Name.Description }, second = new("B") { Description = Name.Description };
        var output = new Option<string>("--out", "-o") { Description = "The new graph's folder.", HelpName = "FOLDER", Required = true };
        var settings = new SettingOptions<GraphBlendSettings>(new GraphBlendSettings(), "alpha");
        var command = new Command(
            "blend", "Writes a graph with weights between those of two graphs of the same network, such as unet and sharp.")
        {
            first, second, output,
        };
        settings.AddTo(command);
        command.Runs(call => GraphBlend.Run(
            call, call.Arguments.GetRequiredValue(first), call.Arguments.GetRequiredValue(second),
            settings.Read(call.Arguments).Alpha, call.Arguments.GetRequiredValue(output)));
        return command;
    }
}
