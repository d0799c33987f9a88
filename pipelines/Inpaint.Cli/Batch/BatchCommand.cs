using System.CommandLine;
using Inpaint.CommandLine;

namespace Inpaint.Cli.Batch;

/// <summary><c>inpaint batch</c>.</summary>
internal static class BatchCommand
{
    /// <summary>The folder of a job.</summary>
    public static Argument<string> Job { get; } = new Argument<string>("JOB") { Description = "The folder of a job." }.NotEmpty();

    /// <summary><c>--max-bad</c>; null for any number.</summary>
    public static Option<int?> MaxBad { get; } = MakeMaxBad();

    private static Option<int?> MakeMaxBad()
    {
        var option = new Option<int?>("--max-bad") { Description = "More photos than this that could not be completed, in all shards asked for, also those that an earlier run did: exit code 65. What was done is kept. Left out: any number.", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0)
            {
                result.AddError("--max-bad is below 0; expected a whole number from 0.");
            }
        });
        return option;
    }

    public static Command Create() => new("batch", "Completes datasets of any size in shards: on this machine or on many, with nothing lost or doubled.")
    {
        BatchPlan.Create(),
        BatchRunCommand.Create(),
        BatchStatusCommand.Create(),
        BatchMergeCommand.Create(),
        BatchSubmit.Create(),
    };
}
