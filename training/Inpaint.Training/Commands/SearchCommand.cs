using System.CommandLine;
using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using Spectre.Console;

namespace Inpaint.Training;

/// <summary><c>search</c>.</summary>
internal static class SearchCommand
{
    private static readonly Argument<string> Config = new("CONFIG") { Description = "A configuration file, or the name of one that comes with the program." };
    private static readonly Option<string> Space = new("--space") { Description = "A JSON file of settings, each with choice, range or log_range.", HelpName = "FILE", Required = true };
    private static readonly Option<int> Trials = CommonOptions.Whole("--trials", "Settings drawn for the first round.", 9, 1, 10_000);
    private static readonly Option<int> Steps = CommonOptions.Whole("--steps", "Steps of the first round; each next one has three times as many.", 200, 1, int.MaxValue);
    private static readonly Option<string[]> Data = new("--data") { Description = "Photos to learn from.", HelpName = "DATASET", Required = true };
    private static readonly Option<string?> Valid = new("--valid") { Description = "Photos to choose by. Left out: a twentieth of the others.", HelpName = "DATASET" };
    private static readonly Option<string> Out = new("--out") { Description = "Folder of the trials, the table and the plot. A search that was stopped goes on there.", HelpName = "FOLDER", Required = true };
    private static readonly Option<string[]> Set = new("--set") { Description = "Gives a setting of the configuration anew, for all trials.", HelpName = "KEY=VALUE" };
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many photos of each dataset.", HelpName = "N" };
    private static readonly Option<int> Seed = CommonOptions.Whole("--seed", "Seed of the drawn settings.", 1, 0, int.MaxValue);

    public static Command Create()
    {
        var command = new Command("search", "Searches settings: random, with successive halving.") { Config, Space, Trials, Steps, Data, Valid, Out, Set, Limit, Seed };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        ParseResult arguments = call.Arguments;
        string config = arguments.GetValue(Config)!, spaceFile = arguments.GetValue(Space)!, folder = Path.GetFullPath(arguments.GetValue(Out)!);
        if (!File.Exists(spaceFile))
        {
            throw new FailedException($"There is no file {spaceFile}. --space is a JSON file of settings.");
        }

        var space = SearchSpace.Parse(File.ReadAllBytes(spaceFile), spaceFile);
        string[] always = arguments.GetValue(Set) ?? [];
        var drawn = new List<IReadOnlyList<string>>();
        for (int i = 0; i < arguments.GetValue(Trials); i++)
        {
            var random = SplitMix64.For((ulong)arguments.GetValue(Seed), i);
            drawn.Add(space.Draw(ref random));
            ConfigFile.Load(config, [.. always, .. drawn[i]]);
        }

        TrialResult Train(int round, int trial, int steps, IReadOnlyList<string> settings)
        {
            call.Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Round {round}, trial {trial}, {steps:N0} steps: {string.Join(", ", settings)}"));
            var run = RunFolder.At(Path.Combine(folder, $"round{round}", string.Create(CultureInfo.InvariantCulture, $"trial-{trial:D3}")));
            try
            {
                TrainingState state = TrainingSession.Run(
                    new TrainingRequest
                    {
                        Config = config,
                        Settings = [.. always, .. settings, $"max_steps={steps}", "epochs=1000000"],
                        Data = arguments.GetValue(Data)!,
                        Valid = arguments.GetValue(Valid),
                        Limit = arguments.GetValue(Limit),
                        Run = run,
                        Resume = run.Exists,
                    },
                    call.Terminal,
                    call.Cancellation);
                call.Cancellation.ThrowIfCancellationRequested();
                return new TrialResult(round, trial, steps, settings, state.Best, null);
            }
            catch (FailedException e) when (run.Exists)
            {
                call.Terminal.Warn(e.Message);
                return new TrialResult(round, trial, steps, settings, null, e.Message);
            }
        }

        IReadOnlyList<TrialResult> results = SuccessiveHalving.Run(drawn, arguments.GetValue(Steps), Train);
        Report(folder, results, call.Terminal);
        return results[^1].HoleMse is null ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Report(string folder, IReadOnlyList<TrialResult> results, Terminal terminal)
    {
        File.WriteAllBytes(Path.Combine(folder, "search.json"), StrictJson.Write(results));
        Plot(Path.Combine(folder, "search.svg"), results);
        var table = new Table().Border(TableBorder.Minimal).AddColumns("round", "steps", "trial", "hole_mse", "settings");
        foreach (TrialResult r in results.OrderByDescending(r => r.Round).ThenBy(r => r.HoleMse ?? double.MaxValue))
        {
            table.AddRow(
                r.Round.ToString(CultureInfo.InvariantCulture), r.Steps.ToString("N0", CultureInfo.InvariantCulture), r.Trial.ToString(CultureInfo.InvariantCulture),
                r.HoleMse?.ToString("0.00000", CultureInfo.InvariantCulture) ?? "broke down", Markup.Escape(string.Join(", ", r.Settings)));
        }

        terminal.Data.Write(table);
    }

    private static void Plot(string path, IReadOnlyList<TrialResult> results)
    {
        var model = new PlotModel { Title = "Successive halving", Background = OxyColors.White };
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "steps", Base = 10 });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Title = "hole_mse on valid", MajorGridlineStyle = LineStyle.Dot });
        foreach (IGrouping<int, TrialResult> trial in results.Where(r => r.HoleMse is not null).GroupBy(r => r.Trial))
        {
            var line = new LineSeries { Title = $"trial {trial.Key}", MarkerType = MarkerType.Circle };
            line.Points.AddRange(trial.OrderBy(r => r.Round).Select(r => new DataPoint(r.Steps, r.HoleMse!.Value)));
            model.Series.Add(line);
        }

        using FileStream stream = File.Create(path);
        new SvgExporter { Width = 720, Height = 400 }.Export(model, stream);
    }
}
