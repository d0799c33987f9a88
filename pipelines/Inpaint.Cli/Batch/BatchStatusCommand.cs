using System.CommandLine;
using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Jobs;
using Spectre.Console;

namespace Inpaint.Cli.Batch;

internal static class BatchStatusCommand
{
    private static readonly Option<bool> Missing = new("--missing") { Description = "Print only the incomplete shards, one per "
        + "line." };

    public static Command Create()
    {
        var command = new Command("status", "Shows the progress of a job.") { BatchCommand.Job, Missing, CommonOptions.Json };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        BatchStatus status = BatchStatus.Of(new BatchFolder(call.Arguments.GetRequiredValue(BatchCommand.Job)));
        if (call.Arguments.GetValue(Missing))
        {
            foreach (int shard in status.Missing)
            {
                call.Terminal.Data.WriteLine(shard.ToString(CultureInfo.InvariantCulture));
            }

            return ExitCode.Done;
        }

        if (call.Terminal.Json)
        {
            Terminal.WriteJson(status);
            return ExitCode.Done;
        }

        Table table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "");
        table.AddRow("shards", string.Create(CultureInfo.InvariantCulture, $"{status.Done:N0} of {status.Shards:N0} complete, "
            + $"{status.Started:N0} started, {status.Missing.Count - status.Started:N0} not started"));
        table.AddRow("photos", string.Create(CultureInfo.InvariantCulture, $"{status.DoneRows:N0} of {status.Rows:N0} done, "
            + $"{status.BadRows:N0} of them could not be completed"));
        if (status.PhotosPerSecond is { } rate)
        {
            string left = status.SecondsLeft is > 0 and var seconds ? $", {TimeSpan.FromSeconds(seconds):d\\.hh\\:mm\\:ss} left" : "";
            table.AddRow("rate", string.Create(CultureInfo.InvariantCulture, $"{rate:N1} photos per second{left}"));
        }

        call.Terminal.Data.Write(table);
        return ExitCode.Done;
    }
}
