using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inpaint.CommandLine;
using Inpaint.Jobs;
using Inpaint.Settings;

namespace Inpaint.Cli.Batch;

/// <summary>Who runs the shards of a job.</summary>
internal enum BatchEngine
{
    /// <summary>Job arrays.</summary>
    Slurm,

    /// <summary>An Indexed Job.</summary>
    Kubernetes,

    /// <summary>GNU parallel, on this machine.</summary>
    Parallel,
}

/// <summary>The options of <c>batch submit</c>.</summary>
internal sealed record SubmitRequest
{
    [Setting("The engine that runs the shards.")]
    public BatchEngine Engine { get; init; }

    [Setting("The program's path on the machines that run the shards. Default: as it was called here.", Placeholder = "PATH")]
    public string? Program { get; init; }

    [Setting("Cores per shard.", Min = 1, Max = 1024)]
    public int Cores { get; init; } = 1;

    [Setting("Memory per shard, in MiB.", Key = "memory", Min = 64, Max = 4 << 20)]
    public int MemoryMiB { get; init; } = 2048;

    [Setting("GPUs per shard.", Min = 0, Max = 64)]
    public int Gpus { get; init; }

    [Setting("Concurrent shards, over all arrays; 0 for the engine's limit (GNU parallel: one per core).", Min = 0, Max = 100_000)]
    public int AtOnce { get; init; }

    [Setting("Slurm: tasks per array, less than the cluster's MaxArraySize.", Min = 1, Max = 4_000_000)]
    public int MaxArray { get; init; } = 1000;

    public int? MaxBad { get; init; }

    [Setting("Kubernetes: the container image with the program.", Placeholder = "IMAGE")]
    public string Image { get; init; } = "inpaint:latest";

    [Setting("Kubernetes: the volume claim with job and dataset; it is mounted at the present location of the job's folder.",
        Placeholder = "NAME")]
    public string Claim { get; init; } = "inpaint";

    /// <summary>The program's words; default: this process, which is the program itself, or dotnet with its assembly.</summary>
    public IReadOnlyList<string> Call => Program is not null ? [Program]
        : Environment.ProcessPath is { } dotnet && Path.GetFileNameWithoutExtension(dotnet) == "dotnet"
            ? [dotnet, Path.Combine(AppContext.BaseDirectory, $"{typeof(SubmitRequest).Assembly.GetName().Name}.dll")]
            : [Environment.ProcessPath ?? "inpaint"];

    /// <summary>The options of <c>batch run</c> that all engines pass.</summary>
    public IReadOnlyList<string> RunOptions =>
    [
        "--workers", Number(Cores),
        .. MaxBad is { } most ? new[] { "--max-bad", Number(most) } : [],
    ];

    /// <summary>The program as bash takes it.</summary>
    public string QuotedProgram => string.Join(' ', Call.Select(ShellWord.Quote));

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The files of a submission, the script among them that hands the job over, and the tool that it calls.</summary>
internal sealed record Submission(IReadOnlyDictionary<string, string> Files, string Script, string Tool);

/// <summary>Slurm: arrays of at most MaxArraySize tasks, requeued where a node is lost, and a sweep over what is missing after all of
/// them.</summary>
internal static class SlurmSubmission
{
    public static Submission Of(BatchFolder folder, SubmitRequest wanted)
    {
        int shards = folder.Job.Shards;
        string run = $"exec {wanted.QuotedProgram} batch run {ShellWord.Quote(folder.FullPath)} {string.Join(' ', wanted.RunOptions)}";
        var files = new Dictionary<string, string>();
        var submit = new List<string> { "#!/bin/bash", "# Submits the job: arrays of shards, then a sweep over the missing ones.",
            "set -euo pipefail", "cd \"$(dirname \"$0\")\"", "ids=" };
        string limit = wanted.AtOnce > 0 ? $"%{SubmitRequest.Number(wanted.AtOnce)}" : "";
        for (int first = 0; first < shards; first += wanted.MaxArray)
        {
            int count = Math.Min(wanted.MaxArray, shards - first);
            string name = $"shards-{first:D5}.sh";
            files[name] = Script(folder, wanted, $"0-{count - 1}{limit}", $"{run} --offset {first}");
            // Each array has its own limit; running them sequentially enforces it for all together.
            string after = wanted.AtOnce > 0 && first > 0 ? "--dependency=\"afterany$ids\" " : "";
            submit.Add($"ids=\"$ids:$(sbatch --parsable {after}{name})\"");
        }

        // Killed tasks are not requeued automatically: this job completes the missing shards at the end.
        files["sweep.sh"] = Script(folder, wanted, null, run);
        submit.Add("sbatch --parsable --dependency=\"afterany$ids\" sweep.sh");
        files["slurm.sh"] = string.Join('\n', submit) + "\n";
        return new Submission(files, "slurm.sh", "sbatch");
    }

    private static string Script(BatchFolder folder, SubmitRequest wanted, string? array, string run)
    {
        // Slurm splits the line like a shell and then expands percent signs.
        string log = ShellWord.Quote(Path.Combine(folder.FullPath, "attempts").Replace("%", "%%", StringComparison.Ordinal)
            + (array is null ? "/slurm-%j.out" : "/slurm-%A_%a.out"));
        string[] lines =
        [
            "#!/bin/bash",
            $"#SBATCH --job-name=inpaint-{folder.Job.Graph}",
            .. array is null ? Array.Empty<string>() : [$"#SBATCH --array={array}"],
            "#SBATCH --requeue",
            $"#SBATCH --cpus-per-task={wanted.Cores}",
            $"#SBATCH --mem={wanted.MemoryMiB}M",
            .. wanted.Gpus > 0 ? new[] { $"#SBATCH --gres=gpu:{wanted.Gpus}" } : [],
            $"#SBATCH --output={log}",
            "#SBATCH --open-mode=append",
            "export OMP_NUM_THREADS=1 DOTNET_CLI_TELEMETRY_OPTOUT=1",
            // A sweep has no index.
            .. array is null ? new[] { "unset SLURM_ARRAY_TASK_ID" } : [],
            run,
        ];
        return string.Join('\n', lines) + "\n";
    }
}

/// <summary>Kubernetes: an Indexed Job, a shard an index. JSON, which kubectl takes like YAML and which needs no quoting rules.</summary>
internal static class KubernetesSubmission
{
    public static Submission Of(BatchFolder folder, SubmitRequest wanted)
    {
        var resources = new JsonObject { ["cpu"] = SubmitRequest.Number(wanted.Cores), ["memory"] = $"{wanted.MemoryMiB}Mi" };
        if (wanted.Gpus > 0)
        {
            resources["nvidia.com/gpu"] = SubmitRequest.Number(wanted.Gpus);
        }

        var manifest = new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = new JsonObject { ["name"] = $"inpaint-{folder.Job.JobSha256[..16]}" },
            ["spec"] = new JsonObject
            {
                ["completionMode"] = "Indexed",
                ["completions"] = folder.Job.Shards,
                ["parallelism"] = wanted.AtOnce > 0 ? wanted.AtOnce : Math.Min(folder.Job.Shards, 100),
                ["backoffLimitPerIndex"] = 3,
                ["maxFailedIndexes"] = folder.Job.Shards,
                ["podReplacementPolicy"] = "Failed",
                ["podFailurePolicy"] = new JsonObject
                {
                    ["rules"] = new JsonArray(
                        new JsonObject
                        {
                            ["action"] = "FailIndex",
                            ["onExitCodes"] = new JsonObject { ["containerName"] = "inpaint", ["operator"] = "In",
                                ["values"] = new JsonArray(ExitCode.Usage, ExitCode.TooManyBad) },
                        },
                        new JsonObject
                        {
                            ["action"] = "Ignore",
                            ["onPodConditions"] = new JsonArray(new JsonObject { ["type"] = "DisruptionTarget" }),
                        }),
                },
                ["template"] = new JsonObject
                {
                    ["spec"] = new JsonObject
                    {
                        ["restartPolicy"] = "Never",
                        ["terminationGracePeriodSeconds"] = 30,
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "inpaint",
                            ["image"] = wanted.Image,
                            ["command"] = new JsonArray(
                                [.. wanted.Call.Concat(["batch", "run", folder.FullPath]).Concat(wanted.RunOptions)
                                .Select(word => (JsonNode)word.Replace("$(", "$$(", StringComparison.Ordinal))]),
                            ["resources"] = new JsonObject { ["requests"] = resources, ["limits"] = resources.DeepClone() },
                            ["volumeMounts"] = new JsonArray(
                                new JsonObject { ["name"] = "data", ["mountPath"] = Path.GetDirectoryName(folder.FullPath) }),
                        }),
                        ["volumes"] = new JsonArray(
                            new JsonObject { ["name"] = "data",
                            ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = wanted.Claim } }),
                    },
                },
            },
        };
        return new Submission(
            new Dictionary<string, string>
            {
                ["kubernetes.json"] = manifest.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n",
                ["kubernetes.sh"] = "#!/bin/bash\nset -euo pipefail\ncd \"$(dirname \"$0\")\"\nkubectl apply -f kubernetes.json\n",
            },
            "kubernetes.sh",
            "kubectl");
    }
}

/// <summary>GNU parallel: the shards that are missing, each tried up to three times.</summary>
internal static class ParallelSubmission
{
    public static Submission Of(BatchFolder folder, SubmitRequest wanted)
    {
        string program = wanted.QuotedProgram, job = ShellWord.Quote(folder.FullPath);
        string jobs = wanted.AtOnce > 0 ? SubmitRequest.Number(wanted.AtOnce) : "100%";
        string log = ShellWord.Quote(Path.Combine(folder.FullPath, "attempts", "parallel.log"));
        string[] lines =
        [
            "#!/bin/bash",
            "set -euo pipefail",
            $"mkdir -p {ShellWord.Quote(Path.Combine(folder.FullPath, "attempts"))}",
            $"{program} batch status {job} --missing \\",
            // Quoted again, since each task has its own shell.
            $"  | parallel --will-cite --quote --jobs {jobs} --retries 3 --joblog {log} {program} batch run {job} --shard '{{}}' "
                + $"{string.Join(' ', wanted.RunOptions)}",
        ];
        return new Submission(new Dictionary<string, string> { ["parallel.sh"] = string.Join('\n', lines) + "\n" }, "parallel.sh",
            "parallel");
    }
}
