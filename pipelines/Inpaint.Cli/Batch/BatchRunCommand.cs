using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Inpaint.Cli;

/// <summary><c>inpaint batch run</c>.</summary>
internal static class BatchRunCommand
{
    private const int NoShard = -1;

    private static readonly Option<int> Shard = CommonOptions.Whole("--shard", "The shard, from 0. Left out: SLURM_ARRAY_TASK_ID, else JOB_COMPLETION_INDEX, else all that are missing.", NoShard, 0, BatchPlanner.MostShards - 1);
    private static readonly Option<int> Offset = CommonOptions.Whole("--offset", "Added to the index that the environment gives, for jobs in several arrays.", 0, 0, BatchPlanner.MostShards - 1);
    private static readonly Option<string?> Dataset = new("--dataset") { Description = "Where the dataset lies now, if not where the job was planned.", HelpName = "PATH" };

    public static Command Create()
    {
        var command = new Command("run", "Completes one shard, or all that are missing. Exit code 143 when it was told to stop: what is complete is kept, and another run goes on.")
        {
            BatchCommand.Job, Shard, Offset, CommonOptions.Device, CommonOptions.Workers, BatchCommand.MaxBad, Dataset, CommonOptions.Json,
        };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        ParseResult arguments = call.Arguments;
        var folder = BatchFolder.At(arguments.GetRequiredValue(BatchCommand.Job));
        int? index = Index(arguments);
        if (index is { } one && one >= folder.Job.Shards)
        {
            throw new UsageException($"Shard {one} is not one of '{folder.FullPath}'; expected 0 to {folder.Job.Shards - 1}.");
        }

        IReadOnlyList<int> shards = index is { } chosen ? [chosen] : folder.Missing();
        folder.Verify(shards);
        using var scoring = new ShardScoring(folder, arguments.GetValue(CommonOptions.Device)!, arguments.GetValue(CommonOptions.Workers), call.Terminal.Warn, call.Cancellation);
        long rows = shards.Where(s => !folder.IsDone(s)).Sum(s => (long)folder.RowsOf(s));
        BatchRunSummary summary = call.Terminal.WithProgress("Completing", rows, "photos", progress =>
            BatchRun.Run(folder, shards, scoring.Score, arguments.GetValue(Dataset), progress, call.Cancellation));
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(summary);
        }

        call.Terminal.People.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]{summary.Rows:N0}[/] photos in {summary.Shards:N0} shards done{(summary.Bad > 0 ? $", {summary.Bad:N0} of them could not be completed" : "")}{(summary.Lost > 0 ? $"; {summary.Lost:N0} shards were done by another meanwhile" : "")}.");
        if (summary.Stopped)
        {
            call.Terminal.Warn("Stopped. Run it again to go on.");
            return ExitCode.Terminated;
        }

        return summary.Bad > arguments.GetValue(BatchCommand.MaxBad) ? ExitCode.TooManyBad : ExitCode.Done;
    }

    private static int? Index(ParseResult arguments)
    {
        if (arguments.GivenValue(Shard) is { } given)
        {
            return given;
        }

        foreach (string variable in (string[])["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"])
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text)
            {
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                    ? index + arguments.GetValue(Offset)
                    : throw new UsageException($"{variable} is '{text}'; expected a whole number.");
            }
        }

        return null;
    }
}
