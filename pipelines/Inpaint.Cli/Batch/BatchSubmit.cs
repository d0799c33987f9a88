using System.CommandLine;
using System.Diagnostics;
using Inpaint.CommandLine;
using Inpaint.Jobs;
using Spectre.Console;

namespace Inpaint.Cli.Batch;

/// <summary><c>inpaint batch submit</c>.</summary>
internal static class BatchSubmit
{
    private static readonly Option<BatchEngine> Engine = CommonOptions.Choice("--engine", "The engine that runs the shards.",
        BatchEngine.Slurm, ("slurm", BatchEngine.Slurm), ("kubernetes", BatchEngine.Kubernetes), ("parallel", BatchEngine.Parallel));
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Write the files into the job's folder and print the "
        + "command, without running it." };
    private static readonly Option<string?> Program = new Option<string?>("--program") { Description = "The program's path on the "
        + "machines that run the shards. Default: as it was called here.", HelpName = "PATH" }.NotEmpty();
    private static readonly Option<int> Cores = CommonOptions.Integer("--cores", "Cores per shard.", 1, 1, 1024);
    private static readonly Option<int> Memory = CommonOptions.Integer("--memory", "Memory per shard, in MiB.", 2048, 64, 4 << 20);
    private static readonly Option<int> Gpus = CommonOptions.Integer("--gpus", "GPUs per shard.", 0, 0, 64);
    private static readonly Option<int> AtOnce = CommonOptions.Integer("--at-once", "Concurrent shards, over all arrays; 0 for the "
        + "engine's limit (GNU parallel: one per core).", 0, 0, 100_000);
    private static readonly Option<int> MaxArray = CommonOptions.Integer("--max-array", "Slurm: tasks per array, less than the cluster's "
        + "MaxArraySize.", 1000, 1, 4_000_000);
    private static readonly Option<string> Image = new("--image") { Description = "Kubernetes: the container image with the program.",
        HelpName = "IMAGE", DefaultValueFactory = _ => "inpaint:latest" };
    private static readonly Option<string> Claim = new("--claim") { Description = "Kubernetes: the volume claim with job and "
        + "dataset; it is mounted at the present location of the job's folder.", HelpName = "NAME", DefaultValueFactory = _ => "inpaint" };

    public static Command Create()
    {
        var command = new Command("submit", "Submits a job to Slurm, Kubernetes or GNU parallel.")
        {
            BatchCommand.Job, Engine, DryRun, Program, Cores, Memory, Gpus, AtOnce, MaxArray, BatchCommand.MaxBad, Image, Claim,
        };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        var folder = new BatchFolder(call.Arguments.GetRequiredValue(BatchCommand.Job));
        if (folder.Missing().Count == 0)
        {
            call.Terminal.Say($"All {folder.Job.Shards} shards are complete. Merge them: inpaint batch merge "
                + $"{ShellWord.Quote(folder.FullPath)} --out FILE.parquet");
            return ExitCode.Done;
        }

        var wanted = new SubmitRequest(
            call.Arguments.GetValue(Program) is { } path ? [path] : OwnCall(),
            call.Arguments.GetValue(Cores),
            call.Arguments.GetValue(Memory),
            call.Arguments.GetValue(Gpus),
            call.Arguments.GetValue(AtOnce),
            call.Arguments.GetValue(MaxArray),
            call.Arguments.GetValue(BatchCommand.MaxBad),
            call.Arguments.GetValue(Image)!,
            call.Arguments.GetValue(Claim)!);
        Submission submission = call.Arguments.GetValue(Engine) switch
        {
            BatchEngine.Slurm => SlurmSubmission.Of(folder, wanted),
            BatchEngine.Kubernetes => KubernetesSubmission.Of(folder, wanted),
            _ => ParallelSubmission.Of(folder, wanted),
        };
        string target = Path.Combine(folder.FullPath, "submit");
        Directory.CreateDirectory(target);
        // An engine opens its logs before the program starts, and fails the task if it cannot.
        Directory.CreateDirectory(Path.Combine(folder.FullPath, "attempts"));
        foreach ((string name, string content) in submission.Files)
        {
            File.WriteAllText(Path.Combine(target, name), content);
            call.Terminal.People.MarkupLineInterpolated($"  wrote  {Path.Combine(target, name)}");
        }

        string script = Path.Combine(target, submission.Script);
        if (call.Arguments.GetValue(DryRun))
        {
            call.Terminal.Data.WriteLine($"bash {ShellWord.Quote(script)}");
            return ExitCode.Done;
        }

        using Process process = Start(script, submission.Tool);
        process.WaitForExit();
        return process.ExitCode == 0
            ? ExitCode.Done
            : throw new FailedException(
                $"{submission.Tool} ended with {process.ExitCode}. The command was: bash {ShellWord.Quote(script)}");
    }

    /// <summary>The command of this process: the program itself, or dotnet with its assembly.</summary>
    private static string[] OwnCall()
    {
        string process = Environment.ProcessPath ?? "inpaint";
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? [process, Path.Combine(AppContext.BaseDirectory, $"{typeof(BatchSubmit).Assembly.GetName().Name}.dll")]
            : [process];
    }

    private static Process Start(string script, string tool)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool))))
        {
            throw new FailedException($"{tool} is not on this machine's PATH. The files are written; run 'bash "
                + $"{ShellWord.Quote(script)}' where it is.");
        }

        return Process.Start(new ProcessStartInfo("bash", [script]))!;
    }
}
