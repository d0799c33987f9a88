using System.CommandLine;
using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Jobs;
using Spectre.Console;

namespace Inpaint.Cli.Batch;

internal static class BatchMergeCommand
{
    private static readonly Option<string?> Out = new Option<string?>("--out", "-o") { Description = "One Parquet file: id, status, "
        + "error, image (PNG), hole_mse, hole_psnr.", HelpName = "FILE.parquet" }.NotEmpty();
    private static readonly Option<string?> Pictures = new Option<string?>("--pictures") { Description = "A folder: a PNG file for each "
        + "completed photo.", HelpName = "DIR" }.NotEmpty();

    public static Command Create()
    {
        var command = new Command("merge", "Merges the parts of a complete job, and proves that they contain each photo exactly "
            + "once.") { BatchCommand.Job, Out, Pictures, CommonOptions.Json };
        command.Runs(Run, onTerm: ExitCode.Terminated);
        return command;
    }

    private static int Run(CommandCall call)
    {
        var folder = new BatchFolder(call.Arguments.GetRequiredValue(BatchCommand.Job));
        (string? file, string? pictures) = (call.Arguments.GetValue(Out), call.Arguments.GetValue(Pictures));
        if (file is null == pictures is null)
        {
            throw new UsageException("Expected one of --out FILE.parquet and --pictures DIR.");
        }

        BatchMergeSummary summary = call.Terminal.WithProgress("Merging", folder.Job.Rows, "photos", progress => file is not null
            ? BatchMerge.ToParquet(folder, file, progress, call.Cancellation)
            : BatchMerge.ToPictures(folder, pictures!, progress, call.Cancellation));
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(summary);
        }

        call.Terminal.People.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"[green]{summary.Rows:N0}[/] photos, each once, {summary.Bad:N0} of them could not be completed: {file ?? pictures}");
        return ExitCode.Done;
    }
}
