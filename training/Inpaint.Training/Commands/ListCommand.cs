using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Inpaint.Training.Commands;

internal static class ListCommand
{
    private const int WarmUpSteps = 2, MostSteps = 12;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(6);

    private static readonly Argument<string[]> Configs = new("CONFIG")
    {
        Description = "Configurations. Default: all built-in ones.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int> Photos =
        CommonOptions.Integer("--photos", "Photos per epoch, for the hours.", 27_000, 1, int.MaxValue);
    private static readonly Option<string[]> Set = TrainingOptions.Many("--set", "Overrides a setting of the configurations.", "KEY=VALUE");
    private static readonly Option<string> Device = TrainingOptions.Device();

    public static Command Create()
    {
        var command = new Command("list", "Lists the networks with their weights, and measures their training speed on this machine.")
            { Configs, Photos, Set, Device, CommonOptions.Json };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        string[] given = call.Arguments.GetValue(Configs) is { Length: > 0 } some ? some : [.. ConfigFile.BuiltIn()];
        string[] settings = call.Arguments.GetValue(Set) ?? [];
        int photos = call.Arguments.GetValue(Photos);
        var rows = new List<ListRow>();
        foreach (string path in given)
        {
            call.Cancellation.ThrowIfCancellationRequested();
            rows.Add(Measure(ConfigFile.Load(path, settings), photos, call.Arguments.GetValue(Device)!, call.Terminal));
        }

        if (call.Terminal.Json)
        {
            Terminal.WriteJson(rows);
            return ExitCode.Done;
        }

        string hours = string.Create(CultureInfo.InvariantCulture, $"hours per epoch of {photos:N0}");
        var table = new Table().Border(TableBorder.Minimal)
            .AddColumns("config", "network", "weights", "photos/s", hours, "epochs", "hours");
        foreach (ListRow row in rows)
        {
            FormattableString[] numbers =
                [$"{row.Weights:N0}", $"{row.PhotosPerSecond:N0}", $"{row.HoursPerEpoch:0.00}", $"{row.Epochs}", $"{row.Hours:0.0}"];
            table.AddRow([row.Config, row.Network, .. numbers.Select(FormattableString.Invariant)]);
        }

        call.Terminal.Data.Write(table);
        return ExitCode.Done;
    }

    private static ListRow Measure(TrainingConfig config, int photos, string device, Terminal terminal)
    {
        var compute = Compute.Create(device, config.Precision, config.ChannelsLast, terminal.Warn);
        PhotoPool scenes = PhotoPool.Load([$"scenes:{config.BatchSize}:{config.Picture.Size}"], config.Picture, null, null, null, default);
        Vocabulary? vocabulary = config.Caption is { } caption
            ? new Vocabulary(Enumerable.Range(0, caption.Words).Select(i => FormattableString.Invariant($"word{i}")))
            : null;
        using var measured = new MeasuredSteps(config, scenes, vocabulary, compute);
        for (int i = 0; i < WarmUpSteps; i++)
        {
            measured.Step();
        }

        var clock = Stopwatch.StartNew();
        int steps = 0;
        while (steps < MostSteps && clock.Elapsed < Enough)
        {
            measured.Step();
            steps++;
        }

        double rate = steps * measured.BatchSize / clock.Elapsed.TotalSeconds;
        double hours = photos / rate / 3600;
        long weights = measured.Network.parameters().Sum(p => p.numel());
        return new ListRow(
            config.Name, measured.Network.GetName(), weights, Math.Round(rate, 1), Math.Round(hours, 3), config.Epochs,
            Math.Round(hours * config.Epochs, 2));
    }
}

internal sealed record ListRow(
    string Config, string Network, long Weights, double PhotosPerSecond, double HoursPerEpoch, int Epochs, double Hours);
