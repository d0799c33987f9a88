using System.CommandLine;
using Inpaint.CommandLine;

namespace Inpaint.Cli.Batch;

internal static class BatchCommand
{
    public static Argument<string> Job { get; } = new Argument<string>("JOB") { Description = "The folder of a job." }.NotEmpty();

    /// <summary><c>--max-bad</c>; null for any number.</summary>
    public static Option<int?> MaxBad { get; } = MakeMaxBad();

    private static Option<int?> MakeMaxBad()
    {
        var option = new Option<int?>("--max-bad") { Description = "Exit with code 65 if more photos than this "
            + "could not be completed, in all requested shards, including earlier runs. Results are kept. Default: any number.",
                HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0)
            {
                result.AddError("--max-bad is below 0; expected an integer from 0.");
            }
        });
        return option;
    }

    public static Command Create() => new("batch", "Completes datasets of any size in shards, on one machine or many, without "
        + "losing or duplicating a photo.")
    {
        BatchPlan.Create(),
        BatchRunCommand.Create(),
        BatchStatusCommand.Create(),
        BatchMergeCommand.Create(),
        BatchSubmit.Create(),
    };
}
