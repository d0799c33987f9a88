using Inpaint.CommandLine;
using System.Security.Cryptography;
using Inpaint.Jobs;
using Inpaint.Scenes;
using Inpaint.TestSupport;

namespace Inpaint.Tests.Batches;

/// <summary>Jobs in shards, with a scorer that returns the photo unchanged.</summary>
public sealed class BatchJobTests : IDisposable
{
    private static readonly byte[] Model = [1, 2, 3];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_merged_job_contains_each_photo_once()
    {
        BatchFolder job = Plan("scenes:25:32:7", shardSize: 10);
        Assert.Equal((25L, 3), (job.Job.Rows, job.Job.Shards));
        Assert.Equal([10, 10, 5], Enumerable.Range(0, 3).Select(job.RowsOf));
        BatchRunSummary summary = BatchRun.Run(job, KnownDatasets.Formats, job.Missing(), Echo);
        Assert.Equal(new BatchRunSummary(3, 25, 0, 0, false), summary);

        BatchMergeSummary merged = BatchMerge.ToParquet(job, _folder.File("all.parquet"));
        Assert.Equal((25L, 0L), (merged.Rows, merged.Bad));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder.File("all.parquet")))), merged.Sha256);
        using IPhotoDataset whole = KnownDatasets.Formats.Open(_folder.File("all.parquet")), scenes = new SceneDataset(25, 32, 7);
        Assert.Equal(scenes.Read().Select(r => (r.Id, Hash(r.ReadBytes()))), whole.Read().Select(r => (r.Id, Hash(r.ReadBytes()))));
    }

    [Fact]
    public void The_merged_bytes_do_not_depend_on_runs_and_their_order()
    {
        string Merged(string name, IEnumerable<int> order)
        {
            BatchFolder job = Plan("scenes:23:32:7", 4, name);
            foreach (int shard in order)
            {
                BatchRun.Run(job, KnownDatasets.Formats, [shard], Echo);
            }

            return BatchMerge.ToParquet(job, _folder.File(name + ".parquet")).Sha256!;
        }

        Assert.Equal(Merged("first", [0, 1, 2, 3, 4, 5]), Merged("second", [5, 3, 1, 0, 4, 2, 3]));
    }

    [Fact]
    public void Folders_zips_captions_and_bad_photos_pass_through_a_job()
    {
        Directory.CreateDirectory(_folder.File("photos/sub"));
        File.WriteAllBytes(_folder.File("photos/a.png"), PhotoCodec.Encode(SceneGenerator.Draw(1, 32).Photo));
        File.WriteAllText(_folder.File("photos/sub/b.png"), "no picture");
        File.WriteAllText(_folder.File("photos/captions.jsonl"), """{"file": "a.png", "captions": ["A dog.", "A brown dog."]}""" + "\n");
        BatchFolder job = Plan(_folder.File("photos"), 1);
        var seen = new List<(string Id, string Captions)>();
        BatchRunSummary summary = BatchRun.Run(job, KnownDatasets.Formats, job.Missing(), photos => Echo(photos.Select(p =>
        {
            seen.Add((p.Id, string.Join('|', p.Captions)));
            return p;
        })));
        Assert.Equal([("a.png", "A dog.|A brown dog."), ("sub/b.png", "")], seen.OrderBy(photo => photo.Id, StringComparer.Ordinal));
        Assert.Equal((2L, 1L), (summary.Rows, summary.Bad));
        Assert.Equal((2L, 1L), (BatchMerge.ToPictures(job, _folder.File("pictures")) is var m ? m.Rows : 0, m.Bad));
        Assert.Equal([_folder.File("pictures/a.png.png")],
            Directory.EnumerateFiles(_folder.File("pictures"), "*", SearchOption.AllDirectories));
        Assert.Equal(1, BatchStatus.Of(job).BadRows);
    }

    [Fact]
    public void Files_changed_after_planning_are_errors_that_name_them()
    {
        BatchFolder job = Plan("scenes:6:32", 3);
        DatasetException Fails(Action act) => Assert.Throws<DatasetException>(act);
        Assert.Contains("2 of 2 shards are not complete", Fails(() => BatchMerge.ToParquet(job, _folder.File("x.parquet"))).Message,
            StringComparison.Ordinal);
        BatchRun.Run(job, KnownDatasets.Formats, job.Missing(), Echo);

        // The part of another shard with this one's name.
        byte[] good = File.ReadAllBytes(job.PartFile(1));
        File.Copy(job.PartFile(0), job.PartFile(1), overwrite: true);
        Assert.Contains("has 'scene-00000000.png' where the plan has 'scene-00000003.png'",
            Fails(() => BatchMerge.ToParquet(job, _folder.File("x.parquet"))).Message, StringComparison.Ordinal);
        File.WriteAllBytes(job.PartFile(1), good[..(good.Length / 2)]);
        Assert.Contains("part-00001.parquet' cannot be read as a part", Fails(() => BatchMerge.ToParquet(job, _folder.File("x.parquet")))
            .Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("x.parquet")));
        File.WriteAllBytes(job.PartFile(1), good);
        BatchMerge.ToParquet(job, _folder.File("x.parquet"));

        File.AppendAllText(job.ShardFile(1), "\n");
        job.Verify([0]);
        Assert.Contains("00001.jsonl' was changed", Fails(() => job.Verify()).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(job.GraphFolder, "model.onnx"), [9]);
        Assert.Contains("model.onnx' was changed", Fails(() => job.Verify([0])).Message, StringComparison.Ordinal);
        Assert.Contains("already contains a job", Fails(() => Plan("scenes:6:32", 3)).Message, StringComparison.Ordinal);
        Assert.Contains("contains no job", Fails(() => _ = new BatchFolder(_folder.File("nothing")).Job).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_keeps_complete_shards_and_discards_the_one_in_progress()
    {
        BatchFolder job = Plan("scenes:12:32", 4);
        using var stop = new CancellationTokenSource();
        int count = 0;
        BatchRunSummary summary = BatchRun.Run(job, KnownDatasets.Formats, job.Missing(), photos => Echo(photos.Select(p =>
        {
            if (++count == 6)
            {
                stop.Cancel();
            }

            return p;
        })), stop: stop.Token);
        Assert.True(summary.Stopped);
        Assert.Equal(2, job.Missing().Count);
        Assert.StartsWith("part-", Path.GetFileName(Assert.Single(Directory.EnumerateFiles(job.OutFolder))), StringComparison.Ordinal);
        BatchStatus status = BatchStatus.Of(job);
        Assert.Equal((1, 1, 4L), (status.Done, status.Started, status.DoneRows));
        Assert.Equal(8, BatchRun.Run(job, KnownDatasets.Formats, job.Missing(), Echo).Rows);
        Assert.Equal(12, BatchMerge.ToParquet(job, _folder.File("x.parquet")).Rows);
    }

    [Fact]
    public void Duplicate_ids_are_rejected_by_name()
    {
        using var ids = new UniqueIds(_folder.File("ids"));
        for (int i = 0; i < 5000; i++)
        {
            ids.Add($"photo-{i}");
        }

        Assert.Null(ids.FirstRepeated());
        ids.Add("photo-1234");
        Assert.Equal(TextFingerprint.Of("photo-1234"), ids.FirstRepeated());
    }

    [Theory]
    [InlineData("scenes:20:32:3")]
    public void A_range_of_rows_equals_that_range_of_all_rows(string spec)
    {
        using IPhotoDataset dataset = KnownDatasets.Formats.Open(spec);
        string[] all = [.. dataset.Read().Select(r => r.Id)];
        foreach ((long first, int count) in new[] { (0L, 5), (7L, 13), (18L, 10), (20L, 3) })
        {
            Assert.Equal(all.Skip((int)first).Take(count), dataset.Read(first, count).Select(r => r.Id));
        }
    }

    public void Dispose() => _folder.Dispose();

    private BatchFolder Plan(string dataset, int shardSize, string name = "job")
    {
        using IPhotoDataset _ = KnownDatasets.Formats.Open(dataset);
        return BatchPlanner.Plan(KnownDatasets.Formats, dataset, null, Model,
            File.ReadAllBytes(Path.Combine(Places.Repository, "onnx", "membrane", "model.json")), _folder.File(name), shardSize);
    }

    private static IEnumerable<BatchResult> Echo(IEnumerable<PhotoRecord> photos)
    {
        foreach (PhotoRecord photo in photos)
        {
            byte[] bytes = photo.ReadBytes();
            string? error = null;
            try
            {
                photo.Decode();
            }
            catch (PhotoException e)
            {
                error = e.Message;
            }

            yield return error is null ? new BatchResult(photo.Id, "ok", null, bytes, 0.25, 6.02)
                : new BatchResult(photo.Id, "bad_photo", error, null, null, null);
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
