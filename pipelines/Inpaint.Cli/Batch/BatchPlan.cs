using System.CommandLine;
using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Jobs;
using Inpaint.ML;
using Spectre.Console;

namespace Inpaint.Cli.Batch;

internal static class BatchPlan
{
    private static readonly Argument<string> Dataset = new Argument<string>(
        "DATASET") { Description = $"The photos: {KnownDatasets.Formats.Expected}." }.NotEmpty();
    private static readonly Option<string> Out = new Option<string>("--out", "-o") { Description = "The job's folder; must be new or "
        + "empty, and accessible to all machines.", HelpName = "JOB", Required = true }.NotEmpty();
    private static readonly Option<int> ShardSize = CommonOptions.Integer("--shard-size", "Photos per shard, which is the most that "
        + "an interrupted run loses.", BatchPlanner.DefaultShardSize, 1, 10_000_000);
    private static readonly Option<string?> Captions = new Option<string?>("--captions") { Description = "Captions: one "
        + "JSON object per line, with file and caption or captions. Default: the dataset's own.", HelpName = "FILE" }.NotEmpty();
    private static readonly SettingOptions<BatchJobOptions> Options = new(new BatchJobOptions(), "batch", "feather", "metrics");

    public static Command Create()
    {
        var command = new Command("plan", "Writes a job: the photos in shards, with a copy of the graph. It is never changed "
            + "afterwards.")
        {
            Dataset, Out, CommonOptions.Graph, ShardSize, Captions, Options["batch"], Options["feather"], Options["metrics"],
            CommonOptions.Json,
        };
        command.Runs(Run, onTerm: ExitCode.Terminated);
        return command;
    }

    private static int Run(CommandCall call)
    {
        ParseResult arguments = call.Arguments;
        string dataset = arguments.GetRequiredValue(Dataset), folder = arguments.GetRequiredValue(Out);
        GraphPackage graph = arguments.GetValue(CommonOptions.Graph) is { } name ? GraphPackage.Load(name) : ML.DefaultGraph.Load();
        BatchFolder job = call.Terminal.WithProgress("Planning", null, "photos", progress => BatchPlanner.Plan(
            KnownDatasets.Formats,
            dataset,
            arguments.GetValue(Captions),
            graph.Model,
            graph.ManifestJson,
            folder,
            arguments.GetValue(ShardSize),
            Options.Read(arguments),
            progress,
            call.Cancellation));
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(job.Job);
        }

        BatchJob made = job.Job;
        call.Terminal.People.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[green]{made.Rows:N0}[/] photos in [green]{made.Shards:N0}[/] shards of {made.ShardSize:N0} for the graph '{made.Graph}'.");
        string quoted = ShellWord.Quote(folder);
        call.Terminal.People.MarkupLineInterpolated($"  here        inpaint batch run {quoted}");
        call.Terminal.People.MarkupLineInterpolated($"  a cluster   inpaint batch submit {quoted} --engine slurm");
        return ExitCode.Done;
    }
}
