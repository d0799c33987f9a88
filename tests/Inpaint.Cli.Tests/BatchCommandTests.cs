using System.Diagnostics;
using System.Text.Json;
using Inpaint.CommandLine;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

/// <summary>Batch jobs through the CLI: killed, run concurrently, stopped and merged.</summary>
public sealed class BatchCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Job => _folder.File("job");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_job_produces_the_same_pictures_as_score()
    {
        _ = CliProgram.Expect(0, "scenes", "--count", "7", "--size", "96", "--out", _folder.File("photos"));
        JsonElement job = Plan(_folder.File("photos"), "--shard-size", "3", "--metrics");
        Assert.Equal((7, 3), (job.Number("rows"), job.Number("shards")));
        _ = CliProgram.Expect(0, "batch", "run", Job, "--shard", "1");
        Assert.Equal("0\n2\n", CliProgram.Expect(0, "batch", "status", Job, "--missing").Out.ReplaceLineEndings("\n"));
        _ = CliProgram.Expect(0, "batch", "run", Job);
        JsonElement merged = CliProgram.Expect(0, "batch", "merge", Job, "--pictures", _folder.File("pictures"), "--json").Json;
        Assert.Equal((7, 0), (merged.Number("rows"), merged.Number("bad")));

        _ = CliProgram.Expect(0, "score", _folder.File("photos"), "--graph", "membrane", "--out", _folder.File("done"));
        string[] pictures = [.. Directory.EnumerateFiles(_folder.File("pictures"), "*.png", SearchOption.AllDirectories)];
        Assert.Equal(7, pictures.Length);
        Assert.All(pictures, p =>
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.File("done"), Path.GetRelativePath(_folder.File("pictures"), p))),
            File.ReadAllBytes(p)));
    }

    [Fact]
    public void A_killed_run_can_be_resumed_with_the_same_merged_bytes()
    {
        Plan("scenes:300:64:5", "--shard-size", "20");
        string undisturbed = RunAndMerge();
        Directory.Delete(Job, recursive: true);
        Plan("scenes:300:64:5", "--shard-size", "20");
        var random = new Random(1);
        for (int kill = 0; kill < 5; kill++)
        {
            using Process process = CliProgram.StartIn(null, "batch", "run", Job);
            Thread.Sleep(random.Next(300, 1500));
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        Assert.Equal(undisturbed, RunAndMerge());
    }

    [Fact]
    public void Two_concurrent_runs_lose_and_duplicate_nothing()
    {
        Plan("scenes:200:64:5", "--shard-size", "10");
        string undisturbed = RunAndMerge();
        Directory.Delete(Job, recursive: true);
        Plan("scenes:200:64:5", "--shard-size", "10");
        Process[] both = [CliProgram.StartIn(null, "batch", "run", Job), CliProgram.StartIn(null, "batch", "run", Job)];
        Assert.All(both, process =>
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        });
        Assert.Equal(undisturbed, RunAndMerge());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Job, "out"), ".*"));
    }

    [Fact]
    public async Task Sigterm_ends_a_run_with_143_within_ten_seconds_and_keeps_complete_shards()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        Plan("scenes:100000:64:5", "--shard-size", "50");
        using Process process = CliProgram.StartIn(null, "batch", "run", Job);
        var waited = Stopwatch.StartNew();
        string parts = Path.Combine(Job, "out");
        while (!Directory.Exists(parts) || Directory.EnumerateFiles(parts, "part-*").Count() < 3)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "No third part after two minutes.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)), "It did not end within ten seconds.");
        Assert.Equal(143, process.ExitCode);
        JsonElement status = CliProgram.Expect(0, "batch", "status", Job, "--json").Json;
        Assert.True(status.Number("done") >= 3);
        Assert.Equal(status.Number("done") * 50, status.Number("done_rows"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Job, "out"), ".*"));
    }

    [Fact]
    public void Too_many_bad_photos_give_exit_code_65()
    {
        _ = Pictures.Write(_folder.File("photos/a.png"), 1, 96);
        File.WriteAllText(_folder.File("photos/b.png"), "no picture");
        Plan(_folder.File("photos"), "--shard-size", "10");
        _ = CliProgram.Expect(65, "batch", "run", Job, "--max-bad", "0");
        JsonElement merged = CliProgram.Expect(0, "batch", "merge", Job, "--out", _folder.File("all.parquet"), "--json").Json;
        Assert.Equal((2, 1), (merged.Number("rows"), merged.Number("bad")));
        Assert.Equal(1, CliProgram.Expect(0, "batch", "status", Job, "--json").Json.Number("bad_rows"));
    }

    [Fact]
    public void The_shard_index_comes_from_the_scheduler_and_an_invalid_one_is_rejected()
    {
        Plan("scenes:9:32", "--shard-size", "3");
        Assert.Contains("expected 0 to 2", CliProgram.Expect(2, "batch", "run", Job, "--shard", "3").Error, StringComparison.Ordinal);
        foreach ((string variable, string value, string part) in new[] { ("SLURM_ARRAY_TASK_ID", "1", "part-00001"),
            ("JOB_COMPLETION_INDEX", "2", "part-00002") })
        {
            var start = new ProcessStartInfo("dotnet",
                ["exec", Path.Combine(AppContext.BaseDirectory, "Inpaint.Cli.dll"), "batch", "run", Job]) { RedirectStandardError = true };
            start.Environment[variable] = value;
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            Assert.True(File.Exists(Path.Combine(Job, "out", $"{part}.parquet")));
        }

        Assert.Equal("0", CliProgram.Expect(0, "batch", "status", Job, "--missing").Out.Trim());
    }

    [Fact]
    public void Submissions_contain_what_the_engines_need()
    {
        Plan("scenes:25:32", "--shard-size", "10");
        _ = CliProgram.Expect(0, "batch", "submit", Job, "--dry-run", "--engine", "slurm", "--max-array", "2", "--program",
            "/opt/in paint");
        Assert.True(Directory.Exists(Path.Combine(Job, "attempts")), "The tasks' logs go there, before a task runs.");
        string first = Submitted("shards-00000.sh"), second = Submitted("shards-00002.sh");
        Assert.Contains("#SBATCH --array=0-1\n", first, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --requeue\n", first, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --array=0-0\n", second, StringComparison.Ordinal);
        Assert.Contains("'/opt/in paint' batch run", second, StringComparison.Ordinal);
        Assert.EndsWith("--offset 2\n", second, StringComparison.Ordinal);
        Assert.Contains("--dependency=\"afterany$ids\" sweep.sh", Submitted("slurm.sh"), StringComparison.Ordinal);
        Assert.Contains("unset SLURM_ARRAY_TASK_ID", Submitted("sweep.sh"), StringComparison.Ordinal);

        _ = CliProgram.Expect(0, "batch", "submit", Job, "--dry-run", "--engine", "kubernetes", "--gpus", "1", "--image",
            "registry/inpaint:1");
        JsonElement spec = JsonDocument.Parse(Submitted("kubernetes.json")).RootElement.GetProperty("spec");
        Assert.Equal(("Indexed", 3, "Failed"),
            (spec.GetProperty("completionMode").GetString(), spec.Number("completions"), spec.GetProperty("podReplacementPolicy")
            .GetString()));
        Assert.Equal(3, spec.Number("backoffLimitPerIndex"));
        JsonElement rule = spec.GetProperty("podFailurePolicy").GetProperty("rules")[0];
        Assert.Equal("FailIndex", rule.GetProperty("action").GetString());
        Assert.Equal([2, 65], rule.GetProperty("onExitCodes").GetProperty("values").EnumerateArray().Select(v => v.GetInt32()));
        JsonElement pod = spec.GetProperty("template").GetProperty("spec");
        Assert.Equal("Never", pod.GetProperty("restartPolicy").GetString());
        Assert.Equal("1", pod.GetProperty("containers")[0].GetProperty("resources").GetProperty("limits").GetProperty("nvidia.com/gpu")
            .GetString());
    }

    [Fact]
    public void Gnu_parallel_completes_a_job()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/parallel"), "GNU parallel is not installed: apt-get install parallel.");
        Plan("scenes:30:32", "--shard-size", "5");
        _ = CliProgram.Expect(0, "batch", "submit", Job, "--engine", "parallel");
        Assert.Equal(6, CliProgram.Expect(0, "batch", "status", Job, "--json").Json.Number("done"));
    }

    private string Submitted(string name) => File.ReadAllText(Path.Combine(Job, "submit", name));

    private JsonElement Plan(string dataset, params string[] options) =>
        CliProgram.Expect(0, ["batch", "plan", dataset, "--out", Job, "--graph", "membrane", "--json", .. options]).Json;

    private string RunAndMerge()
    {
        _ = CliProgram.Expect(0, "batch", "run", Job);
        return CliProgram.Expect(0, "batch", "merge", Job, "--out", _folder.File("all.parquet"), "--json").Json.GetProperty("sha256")
            .GetString()!;
    }
}
