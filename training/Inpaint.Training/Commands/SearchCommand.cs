using System.CommandLine;
using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using Spectre.Console;

namespace Inpaint.Training.Commands;

internal static class SearchCommand
{
    private static readonly Argument<string> Config =
        new Argument<string>("CONFIG") { Description = "A configuration file, or the name of a built-in one." }.NotEmpty();

    private static readonly Option<string> Space =
        TrainingOptions.Required("--space", "A JSON file of settings, each with choice, range or log_range.", "FILE");

    private static readonly Option<int> Trials = CommonOptions.Integer("--trials", "Trials of the first round.", 9, 1, 10_000);

    private static readonly Option<int> Steps =
        CommonOptions.Integer("--steps", "Steps of the first round; each following round has three times as many.", 200, 1, int.MaxValue);

    private static readonly Option<string[]> Data =
        TrainingOptions.Many("--data", "Training photos.", "DATASET", required: true).NotEmpty();
    private static readonly Option<string?> Valid = TrainingOptions.Valid();

    private static readonly Option<string> Out = TrainingOptions.Required(
        "--out", "Folder of the trials, the table and the plot. An interrupted search continues there.", "FOLDER");

    private static readonly Option<string[]> Set =
        TrainingOptions.Many("--set", "Overrides a setting of the configuration in all trials.", "KEY=VALUE");
    private static readonly Option<int?> Limit = TrainingOptions.Limit();
    private static readonly Option<string?> Cache = TrainingOptions.Cache();
    private static readonly Option<int> Seed = CommonOptions.Integer("--seed", "Seed of the trials' settings.", 1, 0, int.MaxValue);

    public static Command Create()
    {
        var command = new Command("search", "Searches settings: random search with successive halving.")
            { Config, Space, Trials, Steps, Data, Valid, Out, Set, Limit, Cache, Seed };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        ParseResult arguments = call.Arguments;
        string config = arguments.GetValue(Config)!, spaceFile = arguments.GetValue(Space)!;
        string folder = Path.GetFullPath(arguments.GetValue(Out)!);
        if (!File.Exists(spaceFile))
        {
            throw new FailedException($"{spaceFile} does not exist; expected a JSON file of settings (--space).");
        }

        if (File.Exists(folder))
        {
            throw new UsageException($"--out {folder} is a file; expected a folder, which need not exist.");
        }

        var space = SearchSpace.Parse(File.ReadAllBytes(spaceFile), spaceFile);
        string[] common = arguments.GetValue(Set) ?? [];
        CheckKeys(spaceFile, space, common);
        SuccessiveHalving.RequireSteps(arguments.GetValue(Trials), arguments.GetValue(Steps));
        string figure = ConfigFile.Load(config, common).ChooseBy;
        PhotoCache? cache = arguments.CacheOf(Cache);
        foreach (string dataset in arguments.GetValue(Data)!.Append(arguments.GetValue(Valid)).OfType<string>())
        {
            // A wrong name is reported before a folder is created.
            KnownDatasets.Formats.Open(dataset).Dispose();
        }

        var trials = new List<IReadOnlyList<string>>();
        for (int i = 0; i < arguments.GetValue(Trials); i++)
        {
            var random = SplitMix64.For((ulong)arguments.GetValue(Seed), i);
            trials.Add(space.Draw(ref random));
            ConfigFile.Load(config, [.. common, .. trials[i]]);
        }

        TrialResult Train(int round, int trial, int steps, IReadOnlyList<string> settings)
        {
            call.Terminal.Say(
                FormattableString.Invariant($"Round {round}, trial {trial}, {steps:N0} steps: {string.Join(", ", settings)}"));
            var run = RunFolder.At(Path.Combine(folder, $"round{round}", FormattableString.Invariant($"trial-{trial:D3}")));
            string[] all = [.. common, .. settings, FormattableString.Invariant($"max_steps={steps}"), "epochs=1000000"];
            if (run.Exists && !StrictJson.Write(run.Config()).AsSpan().SequenceEqual(StrictJson.Write(ConfigFile.Load(config, all))))
            {
                throw new UsageException(
                    $"{run.Path} was trained with other settings than those of this search. A search continues with the same CONFIG, "
                        + $"--space, --set, "
                    + $"--steps and --seed. Give those, give another --out, or delete {folder}.");
            }

            try
            {
                TrainingState state = TrainingSession.Run(
                    new TrainingRequest
                    {
                        Config = config,
                        Settings = all,
                        Data = arguments.GetValue(Data)!,
                        Valid = arguments.GetValue(Valid),
                        Limit = arguments.GetValue(Limit),
                        Cache = cache,
                        Run = run,
                        Resume = run.Exists,
                    },
                    call.Terminal,
                    call.Cancellation);
                call.Cancellation.ThrowIfCancellationRequested();
                return new TrialResult(round, trial, steps, settings, figure, state.Best, null);
            }
            catch (FailedException e) when (e.InnerException is NotFiniteNumberException)
            {
                call.Terminal.Warn(e.Message);
                return new TrialResult(round, trial, steps, settings, figure, null, e.Message);
            }
        }

        IReadOnlyList<TrialResult> results = SuccessiveHalving.Run(trials, arguments.GetValue(Steps), Train);
        Report(folder, results, call.Terminal);
        return results[^1].Best is null ? ExitCode.Failed : ExitCode.Done;
    }

    // The search determines the length of trials, and compares them by one figure.
    private static void CheckKeys(string spaceFile, SearchSpace space, string[] common)
    {
        IEnumerable<(string, string)> given = common.Select(s => (s.Split('=')[0], "--set"));
        foreach ((string key, string where) in space.Keys.Select(k => (k, spaceFile)).Concat(given))
        {
            if (key is "max_steps" or "epochs")
            {
                throw new UsageException($"{where}: {key} is set by the search, from --steps. Remove it.");
            }

            if (key == "choose_by" && where == spaceFile)
            {
                throw new UsageException($"{where}: trials are compared by {key}, which must be the same for all. Give it with --set.");
            }
        }
    }

    private static void Report(string folder, IReadOnlyList<TrialResult> results, Terminal terminal)
    {
        File.WriteAllBytes(Path.Combine(folder, "search.json"), StrictJson.Write(results));
        string figure = results[0].Figure;
        Plot(Path.Combine(folder, "search.svg"), figure, results);
        var table = new Table().Border(TableBorder.Minimal).AddColumns("round", "steps", "trial", figure, "settings");
        foreach (TrialResult r in results.OrderByDescending(r => r.Round).ThenBy(r => r.Loss))
        {
            string best = r.Best?.ToString("0.00000", CultureInfo.InvariantCulture) ?? "failed";
            FormattableString[] numbers = [$"{r.Round}", $"{r.Steps:N0}", $"{r.Trial}"];
            table.AddRow([.. numbers.Select(FormattableString.Invariant), best, Markup.Escape(string.Join(", ", r.Settings))]);
        }

        terminal.Data.Write(table);
    }

    private static void Plot(string path, string figure, IReadOnlyList<TrialResult> results)
    {
        var model = new PlotModel { Title = "Successive halving", Background = OxyColors.White };
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "steps", Base = 10 });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Title = $"validation {figure}", MajorGridlineStyle = LineStyle.Dot });
        foreach (IGrouping<int, TrialResult> trial in results.Where(r => r.Best is not null).GroupBy(r => r.Trial))
        {
            var line = new LineSeries { Title = FormattableString.Invariant($"trial {trial.Key}"), MarkerType = MarkerType.Circle };
            line.Points.AddRange(trial.OrderBy(r => r.Round).Select(r => new DataPoint(r.Steps, r.Best!.Value)));
            model.Series.Add(line);
        }

        using FileStream stream = File.Create(path);
        new SvgExporter { Width = 720, Height = 400 }.Export(model, stream);
    }
}
