using System.CommandLine;

namespace Inpaint.Training.Commands;

internal static class TrainCommand
{
    private static readonly Argument<string?> Config = new Argument<string?>("CONFIG")
    {
        Description = "A configuration file, or the name of a built-in one. Optional with --resume.",
        Arity = ArgumentArity.ZeroOrOne,
    }.NotEmpty();

    private static readonly Option<string[]> Data = TrainingOptions.Many(
        "--data", $"Training photos: {KnownDatasets.Formats.Expected}. Repeatable.", "DATASET").NotEmpty();

    private static readonly Option<string?> Valid = TrainingOptions.Valid();
    private static readonly Option<string?> Test =
        TrainingOptions.Text("--test", "Photos that the exported graph is scored on.", "DATASET");
    private static readonly Option<string> Out = TrainingOptions.Required("--out", "The run's folder.", "RUN");

    private static readonly Option<string[]> Set = TrainingOptions.Many(
        "--set", "Overrides a setting of the configuration, such as optimizer.learning_rate=0.001.", "KEY=VALUE");

    private static readonly Option<bool> Resume = new("--resume") { Description = "Continues from the run's newest checkpoint." };

    private static readonly Option<string?> Init = TrainingOptions.Text(
        "--init", "Initial weights: a graph's folder (onnx/NAME), another run (its best weights), or a checkpoint of one.", "GRAPH_OR_RUN");

    private static readonly Option<string> Device = TrainingOptions.Device();
    private static readonly Option<int?> Limit = TrainingOptions.Limit();
    private static readonly Option<string?> Cache = TrainingOptions.Cache();

    public static Command Create()
    {
        var command = new Command("train", "Trains a network on photos.")
            { Config, Data, Valid, Test, Out, Set, Resume, Init, Device, Limit, Cache };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        ParseResult arguments = call.Arguments;
        var request = new TrainingRequest
        {
            Config = arguments.GetValue(Config),
            Settings = arguments.GetValue(Set) ?? [],
            Data = arguments.GetValue(Data) ?? [],
            Valid = arguments.GetValue(Valid),
            Test = arguments.GetValue(Test),
            Run = RunFolder.At(arguments.GetValue(Out)!),
            Resume = arguments.GetValue(Resume),
            Init = arguments.GetValue(Init),
            Device = arguments.GetValue(Device)!,
            Limit = arguments.GetValue(Limit),
            Cache = arguments.CacheOf(Cache),
        };
        TrainingState state = TrainingSession.Run(request, call.Terminal, call.Cancellation);
        return state.Ended is null ? ExitCode.Interrupted : ExitCode.Done;
    }
}
