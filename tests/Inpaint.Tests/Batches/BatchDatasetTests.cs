using Inpaint.CommandLine;
using System.Text;
using Inpaint.Jobs;

namespace Inpaint.Tests.Batches;

/// <summary>Jobs whose dataset is moved, deleted or changed, or has unusual names.</summary>
public sealed class BatchDatasetTests : IDisposable
{
    private readonly TestJobs _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Fact]
    public void A_missing_or_different_dataset_is_an_error_before_the_first_row()
    {
        BatchFolder job = _jobs.Plan(_jobs.Folder("photos", "a.png", "b.png", "c.png"), 3);
        Directory.CreateDirectory(_jobs.Root.File("empty"));
        _jobs.Folder("other", "x.png");
        _jobs.Zip("photos.zip", ("a.png", TestJobs.Picture));
        Directory.Move(_jobs.Root.File("photos"), _jobs.Root.File("moved"));
        foreach ((string? dataset, string message) in new[]
        {
            (null, "photos'; expected a folder of pictures"),
            (_jobs.Root.File("nowhere"), "does not exist at '" + _jobs.Root.File("nowhere")),
            (_jobs.Root.File("photos.zip"), "is a .zip of pictures; expected a folder of pictures"),
            ("scenes:5", "does not exist at 'scenes:5'; expected a folder"),
            (_jobs.Root.File("empty"), "None of the 3 files of shard 0 exists"),
            (_jobs.Root.File("other"), "None of the 3 files of shard 0 exists"),
        })
        {
            Assert.Contains(message,
                Assert.Throws<DatasetException>(() => BatchRun.Run(job, KnownDatasets.Formats, [0], TestJobs.Echo, dataset)).Message,
                StringComparison.Ordinal);
        }

        Assert.Equal([0], job.Missing());

        // The photos vanish while the shard is being completed.
        string moved = _jobs.Root.File("moved");
        Assert.Contains("does not exist at",
            Assert.Throws<DatasetException>(() =>
            BatchRun.Run(job, KnownDatasets.Formats, [0], photos => TestJobs.Echo(photos.Select(photo =>
        {
            if (Directory.Exists(moved))
            {
                Directory.Delete(moved, recursive: true);
            }

            return photo;
        })), moved)).Message, StringComparison.Ordinal);
        Assert.Equal([0], job.Missing());

        BatchFolder scenes = _jobs.Plan("scenes:3:32:7", 3, "scenes");
        Assert.Contains("is another dataset than 'scenes:3:32:7'",
            Assert.Throws<DatasetException>(() => BatchRun.Run(scenes, KnownDatasets.Formats, [0], TestJobs.Echo, "scenes:3:32:8")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_backslash_in_a_name_is_an_ordinary_character_on_Unix()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There it parts folders.");
        _jobs.Folder("photos", "back/slash.png");
        File.WriteAllBytes(_jobs.Root.File("photos/back\\slash.png"), [1, 2, 3]);
        BatchFolder job = _jobs.Plan(_jobs.Root.File("photos"), 10);
        var read = new List<(string, int)>();
        BatchRun.Run(job, KnownDatasets.Formats, [0], photos => TestJobs.Echo(photos.Select(photo =>
        {
            read.Add((photo.Id, photo.ReadBytes().Length));
            return photo;
        })));
        Assert.Equal([("back/slash.png", TestJobs.Picture.Length), ("back\\slash.png", 3)], read);
    }

    [Fact]
    public void Captions_added_next_to_the_zip_after_planning_are_ignored()
    {
        byte[] own = Encoding.UTF8.GetBytes(
            """{"file": "a.png", "caption": "Own."}""" + "\n" + """{"file": "b.png", "caption": "Own."}""" + "\n");
        _jobs.Zip("photos.zip", ("a.png", TestJobs.Picture), ("b.png", TestJobs.Picture), ("captions.jsonl", own));
        File.WriteAllText(_jobs.Root.File("said.jsonl"), """{"file": "a.png", "caption": "Said."}""" + "\n");
        BatchFolder job = _jobs.Plan(_jobs.Root.File("photos.zip"), 10, captions: _jobs.Root.File("said.jsonl"));
        File.WriteAllText(_jobs.Root.File("captions.jsonl"), "garbage");
        var seen = new List<(string, string)>();
        BatchRun.Run(job, KnownDatasets.Formats, [0], photos => TestJobs.Echo(photos.Select(photo =>
        {
            seen.Add((photo.Id, string.Join('|', photo.Captions)));
            return photo;
        })));
        Assert.Equal([("a.png", "Said."), ("b.png", "")], seen);
    }

    [Fact]
    public async Task Errors_contain_ids_that_do_not_depend_on_the_location_of_the_dataset()
    {
        _jobs.Zip("photos.zip", ("a.png", TestJobs.Picture), ("b.png", []));
        byte[] zip = File.ReadAllBytes(_jobs.Root.File("photos.zip"));
        zip.AsSpan(40, 20).Fill(7);
        Directory.CreateDirectory(_jobs.Root.File("else"));
        File.WriteAllBytes(_jobs.Root.File("photos.zip"), zip);
        await _jobs.Parquet("mixed.parquet", ["one", "two"], ["missing.png", null]);
        foreach (string name in (string[])["photos.zip", "mixed.parquet"])
        {
            BatchFolder job = _jobs.Plan(_jobs.Root.File(name), 10, $"job-{name}");
            File.Move(_jobs.Root.File(name), _jobs.Root.File($"else/{name}"));
            BatchRun.Run(job, KnownDatasets.Formats, [0], TestJobs.Echo, _jobs.Root.File($"else/{name}"));
            BatchResult[] results = [.. BatchColumns.Read(job.PartFile(0), job.Job.JobSha256)];
            Assert.All(results, r => Assert.StartsWith(r.Id, r.Error, StringComparison.Ordinal));
            Assert.All(results, r => Assert.DoesNotContain(_jobs.Root.Path, r.Error, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Planning_does_not_read_the_pictures_of_Parquet_files()
    {
        // The pages of the pictures are overwritten.
        await _jobs.Parquet("photos.parquet", ["a", "b"]);
        byte[] file = File.ReadAllBytes(_jobs.Root.File("photos.parquet"));
        int at = file.AsSpan().IndexOf("IHDR"u8);
        file.AsSpan(at - 40, 40).Fill(0xFF);
        File.WriteAllBytes(_jobs.Root.File("photos.parquet"), file);
        using (IPhotoDataset photos = KnownDatasets.Formats.Open(_jobs.Root.File("photos.parquet")))
        {
            Assert.Throws<DatasetException>(() => photos.Read().Count());
        }

        Assert.Equal(2, _jobs.Plan(_jobs.Root.File("photos.parquet"), 10).Job.Rows);
    }
}
