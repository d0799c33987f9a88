using Inpaint.CommandLine;
using Inpaint.Jobs;

namespace Inpaint.Tests.Batches;

/// <summary>What merging verifies, rejects and deletes.</summary>
public sealed class BatchMergeTests : IDisposable
{
    private readonly TestJobs _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Fact]
    public async Task Ids_that_are_not_valid_file_names_are_rejected_before_anything_is_written()
    {
        foreach ((string[] ids, string message) in new[]
        {
            (new[] { "a/b", "a//b" }, "id 'a//b' cannot"),
            (["x", "a/./b"], "id 'a/./b' cannot"),
            (["x", "../b"], "id '../b' cannot"),
            (["x", "/b"], "id '/b' cannot"),
            (["x", "a\0b"], "id 'a\\0b' cannot"),
            (["a", "a.png/b"], "'a' and 'a.png/b' cannot be in one folder"),
        })
        {
            string name = Guid.NewGuid().ToString("N");
            await _jobs.Parquet($"{name}.parquet", ids);
            BatchFolder job = _jobs.Plan(_jobs.Root.File($"{name}.parquet"), 10, name);
            BatchRun.Run(job, KnownDatasets.Formats, job.Missing(), TestJobs.Echo);
            Assert.Contains(message, Assert.Throws<DatasetException>(() => BatchMerge.ToPictures(job, _jobs.Root.File(name + "-pictures")))
                .Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_jobs.Root.File(name + "-pictures")));
            Assert.Equal(2, BatchMerge.ToParquet(job, _jobs.Root.File(name + "-all.parquet")).Rows);
        }
    }

    [Fact]
    public void A_flipped_bit_in_a_picture_is_found_before_it_is_merged()
    {
        BatchFolder job = _jobs.Plan("scenes:4:32", 4);
        BatchRun.Run(job, KnownDatasets.Formats, [0], TestJobs.Echo);
        byte[] part = File.ReadAllBytes(job.PartFile(0));
        part[part.AsSpan().IndexOf("IDAT"u8) + 40] ^= 1;
        File.WriteAllBytes(job.PartFile(0), part);
        Assert.Contains("part-00000.parquet' cannot be read as a part: The SHA-256 of its row group 0",
            Assert.Throws<DatasetException>(() => BatchMerge.ToPictures(job, _jobs.Root.File("pictures"))).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_jobs.Root.File("pictures")));
    }

    [Fact]
    public void Names_of_the_maximum_length_are_merged()
    {
        string longest = new string('n', 251 - 4) + ".png", merged = new string('m', 255 - 8) + ".parquet";
        _jobs.Folder("photos", longest);
        BatchFolder job = _jobs.Plan(_jobs.Root.File("photos"), 10);
        BatchRun.Run(job, KnownDatasets.Formats, [0], TestJobs.Echo);
        BatchMerge.ToPictures(job, _jobs.Root.File("pictures"));
        Assert.Equal([longest + ".png"], Directory.EnumerateFileSystemEntries(_jobs.Root.File("pictures")).Select(Path.GetFileName));
        Assert.Equal(1, BatchMerge.ToParquet(job, _jobs.Root.File(merged)).Rows);
    }

    [Fact]
    public void Invalid_targets_are_rejected_and_leftovers_of_a_killed_merge_are_deleted()
    {
        BatchFolder job = _jobs.Plan("scenes:4:16", 4);
        BatchRun.Run(job, KnownDatasets.Formats, [0], TestJobs.Echo);
        Directory.CreateDirectory(_jobs.Root.File("folder"));
        foreach ((string file, string message) in new[] { (job.PartFile(0), "is in the job's folder"),
            (_jobs.Root.File("folder"), "is a folder; expected a file's name"), (_jobs.Root.File("none/x.parquet"), "does not exist") })
        {
            Assert.Contains(message, Assert.Throws<IOException>(() => BatchMerge.ToParquet(job, file)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("is in the job's folder",
            Assert.Throws<IOException>(() => BatchMerge.ToPictures(job, Path.Combine(job.OutFolder, "pictures"))).Message,
            StringComparison.Ordinal);

        using var killed = new CancellationTokenSource();
        string left = "";
        Assert.Throws<OperationCanceledException>(() => BatchMerge.ToParquet(job, _jobs.Root.File("folder/all.parquet"), new Callback(() =>
        {
            left = Assert.Single(Directory.EnumerateFiles(_jobs.Root.File("folder")));
            killed.Cancel();
        }), killed.Token));
        File.WriteAllBytes(left, [1]);
        BatchMerge.ToParquet(job, _jobs.Root.File("folder/other.parquet"));
        Assert.True(File.Exists(left), "It is another target's.");
        BatchMerge.ToParquet(job, _jobs.Root.File("folder/all.parquet"));
        Directory.CreateDirectory(_jobs.Root.File("pictures"));
        File.WriteAllBytes(_jobs.Root.File("pictures/.a.png.0123456789abcdef01234567.tmp"), [1]);
        BatchMerge.ToPictures(job, _jobs.Root.File("pictures"));
        Assert.Equal(4, Directory.EnumerateFileSystemEntries(_jobs.Root.File("pictures")).Count());
        Assert.Equal(["all.parquet", "other.parquet"], Directory.EnumerateFiles(_jobs.Root.File("folder")).Select(Path.GetFileName)
            .Order());
    }

    private sealed class Callback(Action act) : IProgress<long>
    {
        public void Report(long value) => act();
    }
}
