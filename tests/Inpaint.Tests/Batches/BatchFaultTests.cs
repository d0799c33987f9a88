using System.Globalization;
using System.IO.Compression;
using System.Text;
using Inpaint.TestSupport;
using Parquet;
using Parquet.Schema;

namespace Inpaint.Tests.Batches;

/// <summary>Jobs whose dataset, folder or parts are not as they should be, and runs beside each other.</summary>
public sealed class BatchFaultTests : IDisposable
{
    private static readonly byte[] Picture = PhotoCodec.Encode(SceneGenerator.Draw(1, 32).Photo);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_dataset_that_is_not_there_or_another_is_an_error_before_the_first_row()
    {
        BatchFolder job = Plan(Folder("photos", "a.png", "b.png", "c.png"), 3);
        Directory.CreateDirectory(_folder.File("empty"));
        Folder("other", "x.png");
        Zip("photos.zip", ("a.png", Picture));
        Directory.Move(_folder.File("photos"), _folder.File("moved"));
        foreach ((string? dataset, string message) in new[]
        {
            (null, "nothing is there; expected a folder of pictures"),
            (_folder.File("nowhere"), "nowhere': nothing is there"),
            (_folder.File("photos.zip"), "is a zip; expected a folder of pictures"),
            ("scenes:5", "nothing is there; expected a folder"),
            (_folder.File("empty"), "None of the 3 files of shard 0 is there"),
            (_folder.File("other"), "None of the 3 files of shard 0 is there"),
        })
        {
            Assert.Contains(message, Assert.Throws<DatasetException>(() => BatchRun.Run(job, [0], Echo, dataset)).Message, StringComparison.Ordinal);
        }

        Assert.Equal([0], job.Missing());

        // They vanish while the shard is under way.
        string moved = _folder.File("moved");
        Assert.Contains("nothing is there", Assert.Throws<DatasetException>(() => BatchRun.Run(job, [0], photos => Echo(photos.Select(photo =>
        {
            if (Directory.Exists(moved))
            {
                Directory.Delete(moved, recursive: true);
            }

            return photo;
        })), moved)).Message, StringComparison.Ordinal);
        Assert.Equal([0], job.Missing());

        BatchFolder scenes = Plan("scenes:3:32:7", 3, "scenes");
        Assert.Contains("are other scenes", Assert.Throws<DatasetException>(() => BatchRun.Run(scenes, [0], Echo, "scenes:3:32:8")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_on_one_job_begin_at_places_of_their_own_and_leave_each_other_what_they_began()
    {
        BatchFolder job = Plan("scenes:64:16", 1);
        int[] all = [.. Enumerable.Range(0, 64)];
        int[] begins = [.. Enumerable.Range(0, 8).Select(i => BatchRun.ToDo(job, all, $"machine/{i}").First())];
        Assert.True(begins.Distinct().Count() > 4, string.Join(' ', begins));

        // One that was killed on all of them, and one that goes through them now.
        foreach (int shard in all)
        {
            BatchAttempt.Append(job.AttemptsFile(shard), BatchAttempt.Begun);
        }

        using IEnumerator<int> first = BatchRun.ToDo(job, all, "machine/1").GetEnumerator(), second = BatchRun.ToDo(job, all, "machine/1").GetEnumerator();
        var given = new List<int>();
        for (int i = 0; i < 32; i++)
        {
            foreach (IEnumerator<int> run in new[] { first, second })
            {
                Assert.True(run.MoveNext());
                given.Add(run.Current);
                BatchAttempt.Append(job.AttemptsFile(run.Current), BatchAttempt.Begun);
            }
        }

        // The second one cannot know that the first one's is no left one.
        Assert.InRange(given.Distinct().Count(), 63, 64);
        // Both may have been killed: they are given out at last.
        Assert.True(first.MoveNext());

        // Begun by nobody before begun.
        File.Delete(job.AttemptsFile(17));
        Assert.Equal(17, BatchRun.ToDo(job, all, "machine/3").First());
    }

    [Fact]
    public void A_backslash_is_a_letter_where_it_is_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There it parts folders.");
        Folder("photos", "back/slash.png");
        File.WriteAllBytes(_folder.File("photos/back\\slash.png"), [1, 2, 3]);
        BatchFolder job = Plan(_folder.File("photos"), 10);
        var read = new List<(string, int)>();
        BatchRun.Run(job, [0], photos => Echo(photos.Select(photo =>
        {
            read.Add((photo.Id, photo.ReadBytes().Length));
            return photo;
        })));
        Assert.Equal([("back/slash.png", Picture.Length), ("back\\slash.png", 3)], read);
    }

    [Fact]
    public async Task Ids_that_cannot_be_names_of_pictures_are_refused_before_anything_is_written()
    {
        foreach ((string[] ids, string message) in new[]
        {
            (new[] { "a/b", "a//b" }, "id 'a//b' cannot"),
            (["x", "a/./b"], "id 'a/./b' cannot"),
            (["x", "../b"], "id '../b' cannot"),
            (["x", "/b"], "id '/b' cannot"),
            (["x", "a\0b"], "id 'a\\0b' cannot"),
            (["a", "a.png/b"], "'a' and 'a.png/b' cannot lie in one folder"),
        })
        {
            string name = Guid.NewGuid().ToString("N");
            await Parquet($"{name}.parquet", ids);
            BatchFolder job = Plan(_folder.File($"{name}.parquet"), 10, name);
            BatchRun.Run(job, job.Missing(), Echo);
            Assert.Contains(message, Assert.Throws<DatasetException>(() => BatchMerge.ToPictures(job, _folder.File(name + "-pictures"))).Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_folder.File(name + "-pictures")));
            Assert.Equal(2, BatchMerge.ToParquet(job, _folder.File(name + "-all.parquet")).Rows);
        }
    }

    [Fact]
    public void Captions_are_those_of_the_plan_whatever_lies_beside_the_zip_later()
    {
        byte[] own = Encoding.UTF8.GetBytes("""{"file": "a.png", "caption": "Own."}""" + "\n" + """{"file": "b.png", "caption": "Own."}""" + "\n");
        Zip("photos.zip", ("a.png", Picture), ("b.png", Picture), ("captions.jsonl", own));
        File.WriteAllText(_folder.File("said.jsonl"), """{"file": "a.png", "caption": "Said."}""" + "\n");
        BatchFolder job = Plan(_folder.File("photos.zip"), 10, captions: _folder.File("said.jsonl"));
        File.WriteAllText(_folder.File("captions.jsonl"), "garbage");
        var seen = new List<(string, string)>();
        BatchRun.Run(job, [0], photos => Echo(photos.Select(photo =>
        {
            seen.Add((photo.Id, string.Join('|', photo.Captions)));
            return photo;
        })));
        Assert.Equal([("a.png", "Said."), ("b.png", "")], seen);
    }

    [Fact]
    public async Task Errors_name_photos_by_their_ids_wherever_the_dataset_lies()
    {
        Zip("photos.zip", ("a.png", Picture), ("b.png", []));
        byte[] zip = File.ReadAllBytes(_folder.File("photos.zip"));
        zip.AsSpan(40, 20).Fill(7);
        Directory.CreateDirectory(_folder.File("else"));
        File.WriteAllBytes(_folder.File("photos.zip"), zip);
        await Parquet("mixed.parquet", ["one", "two"], ["missing.png", null]);
        foreach (string name in (string[])["photos.zip", "mixed.parquet"])
        {
            BatchFolder job = Plan(_folder.File(name), 10, $"job-{name}");
            File.Move(_folder.File(name), _folder.File($"else/{name}"));
            BatchRun.Run(job, [0], Echo, _folder.File($"else/{name}"));
            BatchResult[] results = [.. BatchPartFile.Read(job.PartFile(0), job.Job.JobSha256)];
            Assert.All(results, r => Assert.StartsWith(r.Id, r.Error, StringComparison.Ordinal));
            Assert.All(results, r => Assert.DoesNotContain(_folder.Path, r.Error, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_job_or_a_shard_that_was_changed_is_refused_by_the_next_run()
    {
        BatchFolder job = Plan("scenes:6:16", 3);
        string file = Path.Combine(job.FullPath, BatchFolder.JobFileName), text = File.ReadAllText(file), shard = File.ReadAllText(job.ShardFile(1));
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
            Assert.Contains(message, Assert.Throws<DatasetException>(() => BatchRun.Run(BatchFolder.At(job.FullPath), [0], Echo)).Message, StringComparison.Ordinal);
        }

        File.WriteAllText(file, text);
        File.WriteAllText(job.ShardFile(1), shard.Replace("scene-00000004", "scene-00000005", StringComparison.Ordinal));
        BatchRun.Run(job, [0], Echo);
        Assert.Contains("00001.jsonl' was changed", Assert.Throws<DatasetException>(() => BatchRun.Run(job, [1], Echo)).Message, StringComparison.Ordinal);
        File.WriteAllText(job.ShardFile(1), shard);
        BatchRun.Run(job, [1], Echo);

        // A part of a job with other settings.
        BatchFolder other = Plan("scenes:6:16", 3, "other", new BatchJobOptions { Feather = 3 });
        BatchRun.Run(other, [0], Echo);
        File.Copy(other.PartFile(0), job.PartFile(0), overwrite: true);
        Assert.Contains("is a part of another job", Assert.Throws<DatasetException>(() => BatchMerge.ToParquet(job, _folder.File("x.parquet"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bit_that_is_flipped_in_a_picture_is_found_before_it_is_merged()
    {
        BatchFolder job = Plan("scenes:4:32", 4);
        BatchRun.Run(job, [0], Echo);
        byte[] part = File.ReadAllBytes(job.PartFile(0));
        part[part.AsSpan().IndexOf("IDAT"u8) + 40] ^= 1;
        File.WriteAllBytes(job.PartFile(0), part);
        Assert.Contains("part-00000.parquet' cannot be read as results: The SHA-256 of its row group 0", Assert.Throws<DatasetException>(() => BatchMerge.ToPictures(job, _folder.File("pictures"))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.File("pictures")));
    }

    [Fact]
    public void Bad_rows_are_known_of_a_part_and_not_of_a_garbled_log()
    {
        Folder("photos", "a.png");
        File.WriteAllText(_folder.File("photos/b.png"), "no picture");
        BatchFolder job = Plan(_folder.File("photos"), 10);
        BatchRun.Run(job, [0], Echo);
        Assert.Equal(1, job.BadOf(0));
        File.AppendAllText(job.AttemptsFile(0), string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:O} finished x/1 9223372036854775807\n"));
        Assert.Equal(1, BatchStatus.Of(job).BadRows);
    }

    [Fact]
    public async Task Planning_does_not_read_the_pictures_of_Parquet_files()
    {
        // Where the pictures begin nothing can be read any more.
        await Parquet("photos.parquet", ["a", "b"]);
        byte[] file = File.ReadAllBytes(_folder.File("photos.parquet"));
        int at = file.AsSpan().IndexOf("IHDR"u8);
        file.AsSpan(at - 40, 40).Fill(0xFF);
        File.WriteAllBytes(_folder.File("photos.parquet"), file);
        using (IPhotoDataset photos = PhotoDataset.Open(_folder.File("photos.parquet")))
        {
            Assert.Throws<DatasetException>(() => photos.Read().Count());
        }

        Assert.Equal(2, Plan(_folder.File("photos.parquet"), 10).Job.Rows);
    }

    [Fact]
    public void Names_as_long_as_names_can_be_are_merged()
    {
        string longest = new string('n', 251 - 4) + ".png", merged = new string('m', 255 - 8) + ".parquet";
        Folder("photos", longest);
        BatchFolder job = Plan(_folder.File("photos"), 10);
        BatchRun.Run(job, [0], Echo);
        BatchMerge.ToPictures(job, _folder.File("pictures"));
        Assert.Equal([longest + ".png"], Directory.EnumerateFileSystemEntries(_folder.File("pictures")).Select(Path.GetFileName));
        Assert.Equal(1, BatchMerge.ToParquet(job, _folder.File(merged)).Rows);
    }

    [Fact]
    public void What_cannot_be_merged_into_is_refused_and_what_a_killed_merge_left_is_cleared()
    {
        BatchFolder job = Plan("scenes:4:16", 4);
        BatchRun.Run(job, [0], Echo);
        Directory.CreateDirectory(_folder.File("folder"));
        foreach ((string file, string message) in new[] { (job.PartFile(0), "lies in the job's folder"), (_folder.File("folder"), "is a folder; expected a file's name"), (_folder.File("none/x.parquet"), "there is no folder") })
        {
            Assert.Contains(message, Assert.Throws<IOException>(() => BatchMerge.ToParquet(job, file)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("lies in the job's folder", Assert.Throws<IOException>(() => BatchMerge.ToPictures(job, Path.Combine(job.OutFolder, "pictures"))).Message, StringComparison.Ordinal);

        using var killed = new CancellationTokenSource();
        string left = "";
        Assert.Throws<OperationCanceledException>(() => BatchMerge.ToParquet(job, _folder.File("folder/all.parquet"), new Told(() =>
        {
            left = Assert.Single(Directory.EnumerateFiles(_folder.File("folder")));
            killed.Cancel();
        }), killed.Token));
        File.WriteAllBytes(left, [1]);
        BatchMerge.ToParquet(job, _folder.File("folder/other.parquet"));
        Assert.True(File.Exists(left), "It is another target's.");
        BatchMerge.ToParquet(job, _folder.File("folder/all.parquet"));
        Directory.CreateDirectory(_folder.File("pictures"));
        File.WriteAllBytes(_folder.File("pictures/.inpaint-0123abcd.tmp"), [1]);
        BatchMerge.ToPictures(job, _folder.File("pictures"));
        Assert.Equal(4, Directory.EnumerateFileSystemEntries(_folder.File("pictures")).Count());
        Assert.Equal(["all.parquet", "other.parquet"], Directory.EnumerateFiles(_folder.File("folder")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Planning_that_was_broken_off_is_begun_anew_and_one_that_fails_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => BatchPlanner.Plan("scenes:5000:16", null, [1], Manifest, _folder.File("job"), 10, progress: new Told(stop.Cancel), stop: stop.Token));
        Assert.False(Directory.Exists(_folder.File("job")));

        // Killed.
        Directory.CreateDirectory(_folder.File("job/graph"));
        Directory.CreateDirectory(_folder.File("job/shards"));
        Directory.CreateDirectory(_folder.File("job/.ids"));
        File.WriteAllText(_folder.File("job/shards/00007.jsonl"), "{");
        File.WriteAllText(_folder.File("job/.ids/a7"), "x");
        File.WriteAllText(_folder.File("job/.planning"), "");
        BatchFolder job = Plan("scenes:5:16", 10);
        Assert.Equal(["00000.jsonl"], Directory.EnumerateFiles(Path.Combine(job.FullPath, "shards")).Select(Path.GetFileName));
        Assert.Equal(["graph", "job.json", "shards", "shards.sha256"], Directory.EnumerateFileSystemEntries(job.FullPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // Another process plans there.
        Directory.CreateDirectory(_folder.File("busy"));
        using (new FileStream(_folder.File("busy/.planning"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Contains("by another process", Assert.Throws<IOException>(() => Plan("scenes:5:16", 10, "busy")).Message, StringComparison.Ordinal);
        }

        // Somebody's own.
        Directory.CreateDirectory(_folder.File("mine/graph"));
        File.WriteAllText(_folder.File("mine/graph/plot.svg"), "");
        Assert.Contains("it holds 'graph'", Assert.Throws<DatasetException>(() => Plan("scenes:5:16", 10, "mine")).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<DatasetException>(() => Plan("scenes:5:16", 10, "mine/graph/plot.svg")).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("mine/graph/plot.svg")));
        Assert.Contains($"'inpaint batch run {_folder.File("job")}'", Assert.Throws<DatasetException>(() => Plan("scenes:5:16", 10)).Message, StringComparison.Ordinal);
        BatchFolder spaces = Plan("scenes:5:16", 10, "a job");
        Assert.Contains($"'inpaint batch run '{spaces.FullPath}''", Assert.Throws<DatasetException>(() => BatchMerge.ToParquet(spaces, _folder.File("x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_a_parts_place_is_an_error_and_not_a_race_that_was_lost()
    {
        BatchFolder job = Plan("scenes:2:16", 10);
        Directory.CreateDirectory(job.PartFile(0));
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => BatchRun.Run(job, [0], Echo)).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => LinkedFile.TryWrite(job.PartFile(0), stream => stream.WriteByte(1))).Message, StringComparison.Ordinal);
    }

    private static byte[] Manifest => File.ReadAllBytes(Path.Combine(Places.Repository, "onnx", "membrane", "model.json"));

    private BatchFolder Plan(string dataset, int shardSize, string name = "job", BatchJobOptions? options = null, string? captions = null) =>
        BatchPlanner.Plan(dataset, captions, [1, 2, 3], Manifest, _folder.File(name), shardSize, options);

    private string Folder(string name, params string[] files)
    {
        foreach (string file in files)
        {
            string path = _folder.File($"{name}/{file}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Picture);
        }

        return _folder.File(name);
    }

    private void Zip(string name, params (string Name, byte[] Content)[] entries)
    {
        using ZipArchive zip = ZipFile.Open(_folder.File(name), ZipArchiveMode.Create);
        foreach ((string entry, byte[] content) in entries)
        {
            using Stream stream = zip.CreateEntry(entry).Open();
            stream.Write(content);
        }
    }

    private async Task Parquet(string name, string[] ids, string?[]? paths = null)
    {
        var id = new DataField<string>("id");
        Field second = paths is null ? new DataField<byte[]>("image") : new DataField<string>("path", nullable: true);
        await using FileStream stream = File.Create(_folder.File(name));
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, second), stream);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync(id, ids);
        if (paths is null)
        {
            await group.WriteAsync((DataField<byte[]>)second, ids.Select(_ => Picture).ToArray());
        }
        else
        {
            await group.WriteAsync((DataField<string>)second, paths!);
        }
    }

    private static IEnumerable<BatchResult> Echo(IEnumerable<PhotoRecord> photos)
    {
        foreach (PhotoRecord photo in photos)
        {
            string? error = null;
            byte[]? bytes = null;
            try
            {
                bytes = photo.ReadBytes();
                photo.Decode();
            }
            catch (PhotoException e)
            {
                error = e.Message;
            }

            yield return error is null ? new BatchResult(photo.Id, "ok", null, bytes, null, null) : new BatchResult(photo.Id, "bad_photo", error, null, null, null);
        }
    }

    private sealed class Told(Action act) : IProgress<long>
    {
        public void Report(long value) => act();
    }
}
