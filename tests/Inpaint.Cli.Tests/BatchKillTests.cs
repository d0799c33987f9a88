using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Inpaint.CommandLine;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

/// <summary>Batch jobs that are killed repeatedly: the merged file equals that of an undisturbed run.</summary>
public sealed class BatchKillTests : IDisposable
{
    private const int Kills = 100, Photos = 2000;
    private readonly TemporaryFolder _folder = new();

    private string Job => _folder.File("job");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_is_killed_a_hundred_times_loses_and_duplicates_nothing()
    {
        const int shardSize = 20;
        string undisturbed = Undisturbed(shardSize);
        Plan(Job, shardSize);
        var random = new Random(1);
        for (int kill = 0; kill < Kills; kill++)
        {
            int started = Attempts("begun");
            using Process process = CliProgram.StartIn(null, "batch", "run", Job, "--workers", "1");
            // Half of the kills are in the middle of a shard, the others at any time, including startup.
            if (kill % 2 == 0)
            {
                _ = WaitFor(() => Attempts("begun") > started, process);
                Thread.Sleep(random.Next(0, 100));
            }
            else
            {
                Thread.Sleep(random.Next(0, 400));
            }

            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        Assert.True(Attempts("begun") > Attempts("finished"), "No shard was in progress at any kill.");
        Assert.Equal(undisturbed, Merged(Job, run: true));
        Assert.Equal(Photos / shardSize, Directory.EnumerateFiles(Path.Combine(Job, "out")).Count());
        Assert.Equal(Photos, IdsOf(_folder.File("job.parquet")).Distinct().Count());
    }

    [Fact]
    public async Task Gnu_parallel_that_is_killed_with_its_tasks_loses_and_duplicates_nothing()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/parallel"), "GNU parallel is not installed: apt-get install parallel.");
        const int shardSize = 100;
        string undisturbed = Undisturbed(shardSize);
        Plan(Job, shardSize);
        // The submission and its child processes are one process group.
        using (Process submit = Process.Start(
            new ProcessStartInfo("setsid",
            ["--wait", "dotnet", Path.Combine(AppContext.BaseDirectory, "Inpaint.Cli.dll"), "batch", "submit", Job, "--engine", "parallel",
            "--at-once", "2"]) { RedirectStandardError = true, RedirectStandardOutput = true })!)
        {
            for (int kill = 1; kill <= 3; kill++)
            {
                int killed = await KillOneTask(kill);
                Assert.True(killed > 0, "No task was met.");
            }

            await Run("pkill", "-KILL", "-f", $"parallel.*{Job}");
            await Run("pkill", "-KILL", "-f", $"batch run {Job}");
            submit.Kill(entireProcessTree: true);
            await submit.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        JsonElement status = CliProgram.Expect(0, "batch", "status", Job, "--json").Json;
        Assert.InRange(status.Number("done"), 1, (Photos / shardSize) - 1);
        _ = CliProgram.Expect(0, "batch", "submit", Job, "--engine", "parallel");
        Assert.Equal(undisturbed, Merged(Job, run: false));
    }

    private async Task<int> KillOneTask(int number)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < TimeSpan.FromMinutes(1))
        {
            if (Attempts("begun") >= number * 2)
            {
                foreach (string file in Directory.EnumerateFiles(Path.Combine(Job, "attempts"), "?????.log"))
                {
                    string[] last = File.ReadLines(file).LastOrDefault("").Split(' ');
                    if (last is [_, "begun", var who, _] && int.TryParse(who.Split('/')[^1], CultureInfo.InvariantCulture, out int id)
                        && await Run("kill", "-KILL", id.ToString(CultureInfo.InvariantCulture)) == 0)
                    {
                        return id;
                    }
                }
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return 0;
    }

    private static async Task<int> Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    private static bool WaitFor(Func<bool> condition, Process process)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (process.HasExited || waited.Elapsed > TimeSpan.FromSeconds(30))
            {
                return false;
            }

            Thread.Sleep(5);
        }

        return true;
    }

    private int Attempts(string happened)
    {
        string folder = Path.Combine(Job, "attempts");
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "?????.log")
                .Sum(file => File.ReadAllText(file).Split('\n').Count(line => line.Contains($" {happened} ", StringComparison.Ordinal)))
            : 0;
    }

    private string Undisturbed(int shardSize)
    {
        string job = _folder.File("undisturbed");
        Plan(job, shardSize);
        return Merged(job, run: true);
    }

    private static void Plan(string job, int shardSize) =>
        _ = CliProgram.Expect(0, "batch", "plan", $"scenes:{Photos}:32:5", "--out", job, "--graph", "pushpull", "--shard-size",
            shardSize.ToString(CultureInfo.InvariantCulture));

    private static string Merged(string job, bool run)
    {
        if (run)
        {
            _ = CliProgram.Expect(0, "batch", "run", job);
        }

        JsonElement merged = CliProgram.Expect(0, "batch", "merge", job, "--out", job + ".parquet", "--json").Json;
        Assert.Equal((Photos, 0), (merged.Number("rows"), merged.Number("bad")));
        return merged.GetProperty("sha256").GetString()!;
    }

    private static List<string> IdsOf(string parquet)
    {
        using IPhotoDataset photos = DatasetFormats.Files.Open(parquet);
        return [.. photos.Read().Select(photo => photo.Id)];
    }
}
