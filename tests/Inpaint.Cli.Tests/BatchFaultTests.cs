using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Inpaint.CommandLine;
using Inpaint.ML.Rows;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

/// <summary>Batch jobs through the CLI with invalid arguments, unusual names, signals and bad photos.</summary>
public sealed class BatchFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Job => _folder.File("job");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Invalid_arguments_are_rejected_by_name()
    {
        Plan("scenes:4:32", Job);
        foreach ((int code, string message, string[] arguments) in new (int, string, string[])[]
        {
            (2, "JOB is empty", ["batch", "status", ""]),
            (2, "DATASET is empty", ["batch", "plan", " ", "--out", _folder.File("x")]),
            (2, "--out is empty", ["batch", "plan", "scenes:4", "--out", ""]),
            (2, "--out is empty", ["batch", "merge", Job, "--out", ""]),
            (2, "--dataset is empty", ["batch", "run", Job, "--dataset", ""]),
            (2, "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX", ["batch", "run", Job, "--offset", "1"]),
            (2, "omit it with --shard", ["batch", "run", Job, "--shard", "0", "--offset", "1"]),
            (1, "is a file; expected a new folder",
                ["batch", "plan", "scenes:4", "--graph", "membrane", "--out", Path.Combine(Job, "job.json")]),
            (1, "Run them: 'inpaint batch run", ["batch", "merge", Job, "--out", _folder.File("x")]),
        })
        {
            CliResult result = CliProgram.Expect(code, arguments);
            Assert.Contains(message, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("should not happen", result.Error, StringComparison.Ordinal);
        }

        using Process process = Start(["batch", "run", Job, "--offset", "5"], ("SLURM_ARRAY_TASK_ID", "2147483647"));
        Assert.Contains("Shard 2147483652 is not one of", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public void Too_many_bad_photos_fail_a_second_run_too()
    {
        _ = Pictures.Write(_folder.File("photos/a.png"), 1, 64);
        File.WriteAllText(_folder.File("photos/b.png"), "no picture");
        Plan(_folder.File("photos"), Job, "--shard-size", "1");
        foreach (string[] asked in (string[][])[["--shard", "1"], ["--shard", "1"], [], []])
        {
            _ = CliProgram.Expect(65, ["batch", "run", Job, "--max-bad", "0", .. asked]);
        }

        _ = CliProgram.Expect(0, "batch", "run", Job, "--max-bad", "0", "--shard", "0");
        _ = CliProgram.Expect(0, "batch", "run", Job, "--max-bad", "1");
    }

    [Fact]
    public void The_merged_file_does_not_depend_on_the_location_of_the_photos()
    {
        _ = Pictures.Write(_folder.File("one/a.png"), 1, 64);
        File.WriteAllText(_folder.File("one/b.png"), "no picture");
        File.WriteAllBytes(_folder.File("one/c.png"), []);
        Directory.CreateDirectory(_folder.File("elsewhere/two"));
        foreach (string file in Directory.EnumerateFiles(_folder.File("one")))
        {
            File.Copy(file, _folder.File($"elsewhere/two/{Path.GetFileName(file)}"));
        }

        string Merged(string dataset, string job)
        {
            Plan(dataset, job, "--metrics");
            File.Delete(Path.Combine(dataset, "c.png"));
            _ = CliProgram.Expect(0, "batch", "run", job);
            return CliProgram.Expect(0, "batch", "merge", job, "--out", job + ".parquet", "--json").Json.Text("sha256");
        }

        Assert.Equal(Merged(_folder.File("one"), Job), Merged(_folder.File("elsewhere/two"), _folder.File("other")));
    }

    [Fact]
    public void Names_that_are_not_UTF8_are_reported()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere names are Unicode.");
        _ = Pictures.Write(_folder.File("photos/a.png"), 1, 64);
        using (Process copy = Process.Start(
            new ProcessStartInfo("bash",
            ["-c", "cp a.png $'x\\xff.png' && cp a.png $'x\\xfe.png'"]) { WorkingDirectory = _folder.File("photos") })!)
        {
            copy.WaitForExit();
        }

        Assert.Contains("are not UTF-8", CliProgram.Expect(1, "batch", "plan", _folder.File("photos"), "--out", Job, "--graph", "membrane")
            .Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Job));
        // .NET cannot delete files whose names it cannot represent.
        Process.Start("rm", ["-rf", _folder.File("photos")]).WaitForExit();
    }

    [Fact]
    public void Gnu_parallel_runs_a_job_whose_name_needs_quotes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/parallel"), "GNU parallel is not installed: apt-get install parallel.");
        string job = _folder.File("a 'job' of \"$5\" & more");
        Plan("scenes:4:32", job, "--shard-size", "2");
        _ = CliProgram.Expect(0, "batch", "submit", job, "--engine", "parallel");
        Assert.Equal(2, CliProgram.Expect(0, "batch", "status", job, "--json").Json.Number("done"));
    }

    [Fact]
    public void Slurm_scripts_quote_log_folders_and_limit_all_arrays_together()
    {
        string job = _folder.File("50% of it");
        Plan("scenes:5:32", job, "--shard-size", "1");
        _ = CliProgram.Expect(0, "batch", "submit", job, "--dry-run", "--engine", "slurm", "--max-array", "2", "--at-once", "2");
        string submit = File.ReadAllText(Path.Combine(job, "submit", "slurm.sh")),
            first = File.ReadAllText(Path.Combine(job, "submit", "shards-00000.sh"));
        Assert.Contains($"#SBATCH --output='{_folder.Path}/50%% of it/attempts/slurm-%A_%a.out'\n", first, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --array=0-1%2\n", first, StringComparison.Ordinal);
        Assert.Contains("$(sbatch --parsable shards-00000.sh)", submit, StringComparison.Ordinal);
        Assert.Contains("$(sbatch --parsable --dependency=\"afterany$ids\" shards-00002.sh)", submit, StringComparison.Ordinal);
        Assert.Contains("$(sbatch --parsable --dependency=\"afterany$ids\" shards-00004.sh)", submit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_ends_planning_with_143_and_leaves_no_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        Assert.Equal(143, await Term(() => Directory.Exists(Path.Combine(Job, "shards")), "batch", "plan", "scenes:100000000:32", "--out",
            Job, "--graph", "membrane", "--shard-size", "100000"));
        Assert.False(Directory.Exists(Job));
    }

    [Fact]
    public async Task Sigterm_ends_a_run_in_the_middle_of_large_photos()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        Directory.CreateDirectory(_folder.File("photos"));
        var random = new Random(1);
        var large = new Photo(5000, 3000);
        random.NextBytes(large.Pixels);
        byte[] picture = PhotoCodec.Encode(large, PhotoFormat.Jpeg);
        for (int i = 0; i < 8; i++)
        {
            File.WriteAllBytes(_folder.File($"photos/{i}.jpg"), picture);
        }

        Plan(_folder.File("photos"), Job);
        var watch = new Stopwatch();
        Assert.Equal(143, await Term(
            () =>
            {
                bool begun = Directory.Exists(Path.Combine(Job, "attempts"));
                watch.Restart();
                return begun;
            },
            "batch", "run", Job, "--workers", "1"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Job, "out"), "*"));
    }

    private static async Task<int> Term(Func<bool> when, params string[] arguments)
    {
        using Process process = CliProgram.StartIn(null, arguments);
        while (!when())
        {
            Assert.False(process.HasExited, "It ended too soon.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    private static Process Start(string[] arguments, (string Name, string Value) variable)
    {
        var start = new ProcessStartInfo("dotnet",
            ["exec", Path.Combine(AppContext.BaseDirectory, "Inpaint.Cli.dll"), .. arguments]) { RedirectStandardError = true };
        start.Environment[variable.Name] = variable.Value;
        return Process.Start(start)!;
    }

    private static JsonElement Plan(string dataset, string job, params string[] options) =>
        CliProgram.Expect(0, ["batch", "plan", dataset, "--out", job, "--graph", "membrane", "--json", .. options]).Json;
}
