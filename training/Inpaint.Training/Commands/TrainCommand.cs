using System.CommandLine;

namespace Inpaint.Training;

/// <summary><c>train</c>.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string?> Config = new Argument<string?>("CONFIG") { Description = "A configuration file, or the name of one that comes with the program. May be left out with --resume.", Arity = ArgumentArity.ZeroOrOne }.NotEmpty();
    private static readonly Option<string[]> Data = new Option<string[]>("--data") { Description = $"Photos to learn from: {KnownDatasets.Formats.Expected}. May be given several times.", HelpName = "DATASET", AllowMultipleArgumentsPerToken = false }.NotEmpty();
    private static readonly Option<string?> Valid = new Option<string?>("--valid") { Description = "Photos to choose by. Left out: a twentieth of the training photos.", HelpName = "DATASET" }.NotEmpty();
    private static readonly Option<string?> Test = new Option<string?>("--test") { Description = "Photos that the exported graph is scored on.", HelpName = "DATASET" }.NotEmpty();
    private static readonly Option<string> Out = new Option<string>("--out") { Description = "The run's folder.", HelpName = "RUN", Required = true }.NotEmpty();
    private static readonly Option<string[]> Set = new("--set") { Description = "Gives a setting of the configuration anew, such as optimizer.learning_rate=0.001.", HelpName = "KEY=VALUE" };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Goes on from the run's newest checkpoint." };
    private static readonly Option<string?> Init = new Option<string?>("--init") { Description = "First weights: a graph's folder (onnx/NAME), another run (its best weights), or a checkpoint of one.", HelpName = "GRAPH_OR_RUN" }.NotEmpty();
    private static readonly Option<string> Device = new Option<string>("--device") { Description = "cpu, cuda or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "cpu" }.NotEmpty();
    private static readonly Option<int?> Limit = TrainingOptions.Limit();
    private static readonly Option<string?> Cache = TrainingOptions.Cache();

    public static Command Create()
    {
        var command = new Command("train", "Trains a network on photos.") { Config, Data, Valid, Test, Out, Set, Resume, Init, Device, Limit, Cache };
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
