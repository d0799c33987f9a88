using System.CommandLine;
using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Jobs;
using Spectre.Console;

namespace Inpaint.Cli.Batch;

internal static class BatchRunCommand
{
    private const int NoShard = -1;

    // Of the ten seconds that a scheduler may give.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly Option<int> Shard = CommonOptions.Integer("--shard", "The shard, from 0. Default: SLURM_ARRAY_TASK_ID, "
        + "JOB_COMPLETION_INDEX, or all incomplete shards.", NoShard, 0, BatchPlanner.MostShards - 1);
    private static readonly Option<int> Offset = CommonOptions.Integer("--offset", "Added to the index from the environment, for "
        + "jobs in several arrays.", 0, 0, BatchPlanner.MostShards - 1);
    private static readonly Option<string?> Dataset = new Option<string?>("--dataset") { Description = "The dataset's present location, if "
        + "it has moved since planning.", HelpName = "PATH" }.NotEmpty();

    private static readonly SettingOptions<ExecutionOptions> Execution = new(ExecutionOptions.Default, "device", "workers", "memory");

    public static Command Create()
    {
        var command = new Command("run", "Completes one shard, or all incomplete ones. The exit code is 143 after an interruption: "
            + "complete shards are kept, and the next run continues.")
        {
            BatchCommand.Job, Shard, Offset, Execution["device"], Execution["workers"], Execution["memory"], BatchCommand.MaxBad, Dataset,
            CommonOptions.Json,
        };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        ParseResult arguments = call.Arguments;
        var folder = new BatchFolder(arguments.GetRequiredValue(BatchCommand.Job));
        long? index = Index(arguments);
        if (index is { } one && one >= folder.Job.Shards)
        {
            throw new UsageException($"Shard {one} is not one of '{folder.FullPath}'; expected 0 to {folder.Job.Shards - 1}.");
        }

        int[] asked = index is { } chosen ? [(int)chosen] : [.. Enumerable.Range(0, folder.Job.Shards)];
        int[] shards = [.. asked.Where(shard => !folder.IsDone(shard))];
        // Each shard is verified when it is run.
        folder.Verify([]);
        using CancellationTokenRegistration registration = call.Cancellation.Register(() => EndAfterGrace(folder, call.Terminal));
        BatchRunSummary summary = shards.Length == 0 ? new BatchRunSummary(0, 0, 0, 0, Stopped: false) : Score(call, folder, shards);
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(summary);
        }

        string bad = summary.Bad > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {summary.Bad:N0} of them could not be completed") : "";
        string lost = summary.Lost > 0
            ? string.Create(CultureInfo.InvariantCulture, $"; {summary.Lost:N0} shards were completed by another run first") : "";
        call.Terminal.People.MarkupLineInterpolated(
            CultureInfo.InvariantCulture, $"[green]{summary.Rows:N0}[/] photos in {summary.Shards:N0} shards done{bad}{lost}.");
        if (summary.Stopped)
        {
            call.Terminal.Warn("Stopped. Run it again to continue.");
            return ExitCode.Terminated;
        }

        // Including those of other runs: a second try does not make bad photos good.
        return arguments.GetValue(BatchCommand.MaxBad) is { } most && asked.Where(folder.IsDone).Sum(folder.BadOf) > most
            ? ExitCode.TooManyBad : ExitCode.Done;
    }

    private static BatchRunSummary Score(CommandCall call, BatchFolder folder, int[] shards)
    {
        ParseResult arguments = call.Arguments;
        using var scoring = new ShardScoring(folder, Execution.Read(arguments) with { Warn = call.Terminal.Warn }, call.Cancellation);
        return call.Terminal.WithProgress("Completing", shards.Sum(s => (long)folder.RowsOf(s)), "photos", progress =>
            BatchRun.Run(folder, KnownDatasets.Formats, shards, scoring.Score, arguments.GetValue(Dataset), progress, call.Cancellation));
    }

    /// <summary>Large photos may take longer than a scheduler waits; nothing is lost, as the current shard would be abandoned
    /// anyway.</summary>
    private static void EndAfterGrace(BatchFolder folder, Terminal terminal) => _ = Task.Delay(Grace).ContinueWith(
        _ =>
        {
            terminal.Warn("Stopped in the middle of a photo. Run it again to continue.");
            folder.DeleteUnfinished();
            Interruption.EndProcess(ExitCode.Terminated);
        },
        TaskScheduler.Default);

    private static long? Index(ParseResult arguments)
    {
        if (arguments.GivenValue(Shard) is { } given)
        {
            return arguments.GivenValue(Offset) is null ? given : throw new UsageException("--offset is added to the index from "
                + "the environment; omit it with --shard.");
        }

        foreach (string variable in (string[])["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"])
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text)
            {
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                    ? (long)index + arguments.GetValue(Offset)
                    : throw new UsageException($"{variable} is '{text}'; expected an integer.");
            }
        }

        return arguments.GivenValue(Offset) is null ? null : throw new UsageException("--offset is added to the index from "
            + "the environment, but neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set. Omit it, or name the shard: --shard N.");
    }
}
