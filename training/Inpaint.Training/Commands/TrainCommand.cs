using System.CommandLine;

namespace Inpaint.Training;

/// <summary><c>train</c>.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string?> Config = new("CONFIG") { Description = "A configuration file, or the name of one that comes with the program. May be left out with --resume.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string[]> Data = new("--data") { Description = "Photos to learn from: a folder, a zip, an MSCOCO layout, scenes:N. May be given several times.", HelpName = "DATASET", AllowMultipleArgumentsPerToken = false };
    private static readonly Option<string?> Valid = new("--valid") { Description = "Photos to choose by. Left out: a twentieth of the training photos.", HelpName = "DATASET" };
    private static readonly Option<string?> Test = new("--test") { Description = "Photos that the exported graph is scored on.", HelpName = "DATASET" };
    private static readonly Option<string> Out = new("--out") { Description = "The run's folder.", HelpName = "RUN", Required = true };
    private static readonly Option<string[]> Set = new("--set") { Description = "Gives a setting of the configuration anew, such as optimizer.learning_rate=0.001.", HelpName = "KEY=VALUE" };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Goes on from the run's newest checkpoint." };
    private static readonly Option<string?> Init = new("--init") { Description = "First weights: a graph's folder (onnx/NAME), another run (its best weights), or a checkpoint of one.", HelpName = "GRAPH_OR_RUN" };
    private static readonly Option<string> Device = new("--device") { Description = "cpu, cuda or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "cpu" };
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many photos of each dataset.", HelpName = "N" };
    private static readonly Option<string?> Cache = new("--cache") { Description = "Folder in which scaled photos are kept for the next training; 'none' for no such folder.", HelpName = "FOLDER", DefaultValueFactory = _ => PhotoCache.DefaultFolder };

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
            Cache = arguments.GetValue(Cache) is { } folder and not "none" ? new PhotoCache(folder) : null,
        };
        TrainingState state = TrainingSession.Run(request, call.Terminal, call.Cancellation);
        return state.Ended is null ? ExitCode.Interrupted : ExitCode.Done;
    }
}
