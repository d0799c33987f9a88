using Inpaint.CommandLine;
using System.Globalization;
using Inpaint.Jobs;

namespace Inpaint.Tests.Batches;

/// <summary>Invalid jobs, folders and parts, and concurrent runs.</summary>
public sealed class BatchFaultTests : IDisposable
{
    private readonly TestJobs _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Fact]
    public void Concurrent_runs_start_at_different_shards_and_skip_those_in_progress()
    {
        BatchFolder job = _jobs.Plan("scenes:64:16", 1);
        int[] all = [.. Enumerable.Range(0, 64)];
        int[] begins = [.. Enumerable.Range(0, 8).Select(i => job.ToDo(() => all.Length, i => all[i], $"machine/{i}").First())];
        Assert.True(begins.Distinct().Count() > 4, string.Join(' ', begins));

        // One run that was killed in every shard, and one that is running now.
        foreach (int shard in all)
        {
            ShardAttempt.Append(job.AttemptsFile(shard), ShardAttempt.Begun);
        }

        using IEnumerator<int> first = job.ToDo(() => all.Length, i => all[i], "machine/1").GetEnumerator(),
            second = job.ToDo(() => all.Length, i => all[i], "machine/1").GetEnumerator();
        var given = new List<int>();
        for (int i = 0; i < 32; i++)
        {
            foreach (IEnumerator<int> run in new[] { first, second })
            {
                Assert.True(run.MoveNext());
                given.Add(run.Current);
                ShardAttempt.Append(job.AttemptsFile(run.Current), ShardAttempt.Begun);
            }
        }

        // The second run cannot know that the first run's shard is not abandoned.
        Assert.InRange(given.Distinct().Count(), 63, 64);
        // Both may have been killed, so these shards come last.
        Assert.True(first.MoveNext());

        // Shards that were never started come first.
        File.Delete(job.AttemptsFile(17));
        Assert.Equal(17, job.ToDo(() => all.Length, i => all[i], "machine/3").First());
    }

    [Fact]
    public void A_changed_job_or_shard_is_rejected_by_the_next_run()
    {
        BatchFolder job = _jobs.Plan("scenes:6:16", 3);
        string file = Path.Combine(job.FullPath, JobFolder.JobFileName), text = File.ReadAllText(file),
            shard = File.ReadAllText(job.ShardFile(1));
        foreach ((string from, string to, string message) in new[]
        {
            ("\"feather\": 0", "\"feather\": 3", "job.json' was changed since"),
            ("\"shards\": 2", "\"shards\": -1", "job.json' was changed since"),
            ("\"shard_size\": 3", "\"shard_size\": 0", "job.json' was changed since"),
            ("\"dataset\": \"scenes:6:16:1\"", "\"dataset\": \"\"", "job.json' was changed since"),
            ("\"version\": 2", "\"version\": 1", "is of version 1, expected 2"),
            ("{", "", "job.json"),
        })
        {
            File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));
            Assert.Contains(message,
                Assert.Throws<DatasetException>(() =>
                BatchRun.Run(new BatchFolder(job.FullPath), KnownDatasets.Formats, [0], TestJobs.Echo)).Message, StringComparison.Ordinal);
        }

        File.WriteAllText(file, text);
        File.WriteAllText(job.ShardFile(1), shard.Replace("scene-00000004", "scene-00000005", StringComparison.Ordinal));
        BatchRun.Run(job, KnownDatasets.Formats, [0], TestJobs.Echo);
        Assert.Contains("00001.jsonl' was changed",
            Assert.Throws<DatasetException>(() => BatchRun.Run(job, KnownDatasets.Formats, [1], TestJobs.Echo)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(job.ShardFile(1), shard);
        BatchRun.Run(job, KnownDatasets.Formats, [1], TestJobs.Echo);

        // A part of a job with other settings.
        BatchFolder other = _jobs.Plan("scenes:6:16", 3, "other", new BatchJobOptions { Feather = 3 });
        BatchRun.Run(other, KnownDatasets.Formats, [0], TestJobs.Echo);
        File.Copy(other.PartFile(0), job.PartFile(0), overwrite: true);
        Assert.Contains("is a part of another job",
            Assert.Throws<DatasetException>(() => BatchMerge.ToParquet(job, _jobs.Root.File("x.parquet"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_rows_are_counted_from_the_part_and_not_from_a_damaged_log()
    {
        _jobs.Folder("photos", "a.png");
        File.WriteAllText(_jobs.Root.File("photos/b.png"), "no picture");
        BatchFolder job = _jobs.Plan(_jobs.Root.File("photos"), 10);
        BatchRun.Run(job, KnownDatasets.Formats, [0], TestJobs.Echo);
        Assert.Equal(1, job.BadOf(0));
        File.AppendAllText(job.AttemptsFile(0),
            string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:O} finished x/1 9223372036854775807\n"));
        Assert.Equal(1, BatchStatus.Of(job).BadRows);
    }

    [Fact]
    public void Interrupted_planning_can_be_repeated_and_failed_planning_leaves_no_files()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            BatchPlanner.Plan(KnownDatasets.Formats, "scenes:5000:16", null, [1], TestJobs.Manifest, _jobs.Root.File("job"), 10,
            progress: new Callback(stop.Cancel), stop: stop.Token));
        Assert.False(Directory.Exists(_jobs.Root.File("job")));

        // Killed.
        Directory.CreateDirectory(_jobs.Root.File("job/graph"));
        Directory.CreateDirectory(_jobs.Root.File("job/shards"));
        Directory.CreateDirectory(_jobs.Root.File("job/.ids"));
        File.WriteAllText(_jobs.Root.File("job/shards/00007.jsonl"), "{");
        File.WriteAllText(_jobs.Root.File("job/.ids/a7"), "x");
        File.WriteAllText(_jobs.Root.File("job/.planning"), "");
        BatchFolder job = _jobs.Plan("scenes:5:16", 10);
        Assert.Equal(["00000.jsonl"], Directory.EnumerateFiles(Path.Combine(job.FullPath, "shards")).Select(Path.GetFileName));
        Assert.Equal(["graph", "job.json", "shards", "shards.sha256"], Directory.EnumerateFileSystemEntries(job.FullPath)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // Another process is planning there.
        Directory.CreateDirectory(_jobs.Root.File("busy"));
        using (new FileStream(_jobs.Root.File("busy/.planning"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Contains("by another process", Assert.Throws<IOException>(() => _jobs.Plan("scenes:5:16", 10, "busy")).Message,
                StringComparison.Ordinal);
        }

        // Files of the user.
        Directory.CreateDirectory(_jobs.Root.File("mine/graph"));
        File.WriteAllText(_jobs.Root.File("mine/graph/plot.svg"), "");
        Assert.Contains("it contains 'graph'", Assert.Throws<DatasetException>(() => _jobs.Plan("scenes:5:16", 10, "mine")).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<DatasetException>(() => _jobs.Plan("scenes:5:16", 10, "mine/graph/plot.svg")).Message,
            StringComparison.Ordinal);
        Assert.True(File.Exists(_jobs.Root.File("mine/graph/plot.svg")));
        Assert.Contains($"'inpaint batch run {_jobs.Root.File("job")}'",
            Assert.Throws<DatasetException>(() => _jobs.Plan("scenes:5:16", 10)).Message, StringComparison.Ordinal);
        BatchFolder spaces = _jobs.Plan("scenes:5:16", 10, "a job");
        Assert.Contains($"'inpaint batch run '{spaces.FullPath}''",
            Assert.Throws<DatasetException>(() => BatchMerge.ToParquet(spaces, _jobs.Root.File("x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_the_name_of_a_part_is_an_error_and_not_a_lost_race()
    {
        BatchFolder job = _jobs.Plan("scenes:2:16", 10);
        Directory.CreateDirectory(job.PartFile(0));
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => BatchRun.Run(job, KnownDatasets.Formats, [0], TestJobs.Echo))
            .Message, StringComparison.Ordinal);
        Assert.Contains("is a folder",
            Assert.Throws<IOException>(() => AtomicFile.TryCreate(job.PartFile(0), stream => stream.WriteByte(1))).Message,
            StringComparison.Ordinal);
    }

    private sealed class Callback(Action act) : IProgress<long>
    {
        public void Report(long value) => act();
    }
}
