using System.Security.Cryptography;
using System.Text;

namespace Inpaint.Jobs;

/// <summary>Writes the folder of a batch job: shards, a copy of the graph, and finally <c>job.json</c>.</summary>
public static class BatchPlanner
{
    /// <summary>The default number of photos in a shard.</summary>
    public const int DefaultShardSize = 1000;

    /// <summary>The largest number of shards.</summary>
    public const int MostShards = 100_000;

    private const string ClaimName = ".planning";

    /// <summary>Plans a job. The dataset is read once, as a stream. A folder with an interrupted plan is planned again.</summary>
    /// <param name="formats">The known dataset formats.</param>
    /// <param name="dataset">The photos, as <see cref="DatasetFormats.Open"/> takes them.</param>
    /// <param name="captionFile">Captions to use instead of the dataset's own (optional).</param>
    /// <param name="model">The bytes of the graph's <c>model.onnx</c>.</param>
    /// <param name="manifest">The bytes of its manifest.</param>
    /// <param name="folder">The job's folder; must be missing, or empty except for an interrupted plan.</param>
    /// <param name="shardSize">Photos in a shard, at least 1.</param>
    /// <param name="options">The settings that affect the results (optional).</param>
    /// <param name="progress">Receives the number of planned photos (optional).</param>
    /// <param name="stop">Cancels planning; what was written is deleted.</param>
    /// <exception cref="DatasetException">The photos cannot be read, two photos have the same id, or the folder is not empty.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another process is planning there.</exception>
    public static BatchFolder Plan(
        DatasetFormats formats,
        string dataset,
        string? captionFile,
        byte[] model,
        byte[] manifest,
        string folder,
        int shardSize = DefaultShardSize,
        BatchJobOptions? options = null,
        IProgress<long>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardSize, 1);
        ArgumentNullException.ThrowIfNull(formats);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(manifest);
        var job = new BatchFolder(folder);
        RequireFree(job, folder);
        string name = StrictJson.Read<GraphManifest>(manifest, GraphManifest.FileName).Name;
        bool isPath = Path.Exists(dataset);
        string spec = isPath ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset)) : dataset;
        using IPhotoDataset photos = formats.Open(spec, captionFile, DatasetUse.List);
        bool made = !Directory.Exists(job.FullPath);
        Directory.CreateDirectory(job.FullPath);
        try
        {
            using FileStream claim = Claim(job, folder);
            // Left by a planner that was killed.
            Clear(job);
            Directory.CreateDirectory(job.In("shards"));
            Directory.CreateDirectory(job.GraphFolder);
            try
            {
                File.WriteAllBytes(Path.Combine(job.GraphFolder, "model.onnx"), model);
                File.WriteAllBytes(Path.Combine(job.GraphFolder, GraphManifest.FileName), manifest);
                (long rows, int shards, string hash) = WriteShards(photos, Directory.Exists(spec) ? spec : Path.GetDirectoryName(spec)
                    ?? "", job, shardSize, progress, stop);
                BatchJob description = new BatchJob
                {
                    Version = BatchJob.CurrentVersion,
                    Dataset = isPath ? spec : photos.Name,
                    Kind = formats.Find(spec)!.Name,
                    Rows = rows,
                    ShardSize = shardSize,
                    Shards = shards,
                    InputSha256 = hash,
                    Graph = name,
                    GraphSha256 = HashOf(model),
                    ManifestSha256 = HashOf(manifest),
                    Options = options ?? new BatchJobOptions(),
                    JobSha256 = "",
                }.Sealed();
                AtomicFile.TryCreate(job.JobFile, stream => stream.Write(StrictJson.Write(description)));
                return job;
            }
            catch
            {
                Clear(job);
                throw;
            }
        }
        catch
        {
            if (made && !Directory.EnumerateFileSystemEntries(job.FullPath).Any())
            {
                Directory.Delete(job.FullPath);
            }

            throw;
        }
    }

    private static void RequireFree(BatchFolder job, string folder)
    {
        if (File.Exists(job.FullPath))
        {
            throw new DatasetException($"'{folder}' is a file; expected a new folder for the job.");
        }

        if (File.Exists(job.JobFile))
        {
            throw new DatasetException($"'{folder}' already contains a job. Run it with 'inpaint batch run {ShellWord.Quote(folder)}', "
                + $"or plan into another folder.");
        }

        if (Directory.Exists(job.FullPath) && Directory.EnumerateFileSystemEntries(job.FullPath)
            .FirstOrDefault(entry => !IsOfPlan(entry)) is { } found)
        {
            throw new DatasetException($"'{folder}' is not empty: it contains '{Path.GetFileName(found)}'; expected a new folder.");
        }
    }

    /// <summary>Whether an entry is what an interrupted plan leaves, and contains nothing else.</summary>
    private static bool IsOfPlan(string entry)
    {
        string name = Path.GetFileName(entry);
        bool Contains(Func<string, bool> known) => Directory.Exists(entry) && Directory.EnumerateFileSystemEntries(entry)
            .All(e => known(Path.GetFileName(e)));
        return name switch
        {
            "graph" => Contains(file => file is "model.onnx" or GraphManifest.FileName),
            "shards" => Contains(file => file.EndsWith(".jsonl", StringComparison.Ordinal) && file[..^6] is { Length: >= 5 } number
                && number.All(char.IsAsciiDigit)),
            ".ids" => Contains(file => file.Length == 2),
            ClaimName or "shards.sha256" => File.Exists(entry),
            _ => name.StartsWith($".{JobFolder.JobFileName}.", StringComparison.Ordinal) && name.EndsWith(".tmp", StringComparison.Ordinal),
        };
    }

    /// <summary>A lock that ends with the process.</summary>
    private static FileStream Claim(BatchFolder job, string folder)
    {
        try
        {
            return new FileStream(job.In(ClaimName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(job.In(ClaimName)))
        {
            throw new IOException($"'{folder}' is being planned by another process. Wait for it, or plan into another folder.", e);
        }
    }

    private static void Clear(BatchFolder job)
    {
        foreach (string folder in (string[])["shards", "graph", ".ids"])
        {
            if (Directory.Exists(job.In(folder)))
            {
                Directory.Delete(job.In(folder), recursive: true);
            }
        }

        File.Delete(job.ShardHashesFile);
        AtomicFile.DeleteLeftovers(job.FullPath);
    }

    private static (long Rows, int Shards, string Hash) WriteShards(IPhotoDataset photos, string root, BatchFolder job, int shardSize,
        IProgress<long>? progress, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var ids = new UniqueIds(job.In(".ids"));
        var hashes = new StringBuilder();
        long rows = 0;
        int shard = -1;
        FileStream? file = null;
        void EndShard()
        {
            if (file is not null)
            {
                file.Dispose();
                hashes.Append(BatchFolder.ShardHashLine(shard, hash.GetHashAndReset()));
            }
        }

        try
        {
            foreach (PhotoRecord record in photos.Read())
            {
                stop.ThrowIfCancellationRequested();
                if (rows % shardSize == 0)
                {
                    EndShard();
                    if (++shard == MostShards)
                    {
                        throw new DatasetException($"The job would have more than {MostShards:N0} shards of {shardSize:N0} photos. Give "
                            + $"a larger --shard-size.");
                    }

                    file = new FileStream(job.ShardFile(shard), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
                }

                ids.Add(record.Id);
                byte[] line = ShardRow.Of(record, root).ToLine();
                hash.AppendData(line);
                file!.Write(line);
                rows++;
                if (rows % 1000 == 0)
                {
                    progress?.Report(rows);
                }
            }

            EndShard();
        }
        finally
        {
            file?.Dispose();
        }

        if (ids.FirstRepeated() is { } repeated)
        {
            string id = photos.Read().First(record => TextFingerprint.Of(record.Id) == repeated).Id;
            throw new DatasetException(id.Contains('\uFFFD', StringComparison.Ordinal)
                ? $"Two photos are named '{id}': their names contain bytes that are not UTF-8, and are the same without them. Rename the "
                    + $"files, for example with 'convmv -r -f latin1 -t utf8 FOLDER'."
                : $"Two photos are named '{id}'; expected each id once. Give each row of the dataset a unique id.");
        }

        if (rows == 0)
        {
            throw new DatasetException($"{photos.Name} has no photos; expected at least one.");
        }

        byte[] all = Encoding.ASCII.GetBytes(hashes.ToString());
        File.WriteAllBytes(job.ShardHashesFile, all);
        return (rows, shard + 1, HashOf(all));
    }

    private static string HashOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));
}
