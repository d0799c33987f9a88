using System.CommandLine;
using System.Diagnostics;
using Inpaint.CommandLine;
using Inpaint.Jobs;
using Spectre.Console;

namespace Inpaint.Cli.Batch;

internal static class BatchSubmit
{
    private static readonly SettingOptions<SubmitRequest> Wanted = new(
        new SubmitRequest(), "engine", "program", "cores", "memory", "gpus", "at_once", "max_array", "image", "claim");
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Write the files into the job's folder and print the "
        + "command, without running it." };

    public static Command Create()
    {
        var command = new Command("submit", "Submits a job to Slurm, Kubernetes or GNU parallel.")
        {
            BatchCommand.Job, Wanted["engine"], DryRun, Wanted["program"], Wanted["cores"], Wanted["memory"], Wanted["gpus"],
            Wanted["at_once"], Wanted["max_array"], BatchCommand.MaxBad, Wanted["image"], Wanted["claim"],
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

        SubmitRequest wanted = Wanted.Read(call.Arguments) with { MaxBad = call.Arguments.GetValue(BatchCommand.MaxBad) };
        Submission submission = wanted.Engine switch
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
                $"{submission.Tool} exited with code {process.ExitCode}. The command was: bash {ShellWord.Quote(script)}");
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
