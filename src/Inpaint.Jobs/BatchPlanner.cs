using System.Security.Cryptography;
using System.Text;
using Inpaint.Datasets;
using Inpaint.Files;
using Inpaint.Graphs;
using Inpaint.Json;

namespace Inpaint.Jobs;

/// <summary>Writes the folder of a batch job: shards, the graph's copy, and at last <c>job.json</c>.</summary>
public static class BatchPlanner
{
    /// <summary>Photos a shard when nothing is said.</summary>
    public const int DefaultShardSize = 1000;

    /// <summary>Most shards of a job.</summary>
    public const int MostShards = 100_000;

    private const string ClaimName = ".planning";

    /// <summary>Plans a job. A folder where planning was broken off is planned anew. The dataset is read once, as a stream.</summary>
    /// <param name="formats">The dataset formats that are known.</param>
    /// <param name="dataset">The photos, as <see cref="DatasetFormats.Open"/> takes them.</param>
    /// <param name="captionFile">Captions to use instead of the dataset's own; null for those.</param>
    /// <param name="model">The graph's file.</param>
    /// <param name="manifest">Its manifest's file.</param>
    /// <param name="folder">The job's folder; must not exist, or be empty but for what a planning left that was broken off.</param>
    /// <param name="shardSize">Photos a shard, at least 1.</param>
    /// <param name="options">The settings that show in the results; null for the defaults.</param>
    /// <param name="progress">Told how many photos are planned; null for nobody.</param>
    /// <param name="stop">Ends it; what was written is deleted.</param>
    /// <exception cref="DatasetException">The photos or the graph are not there, two photos have the same id, or the folder holds something.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another process plans there.</exception>
    public static BatchFolder Plan(DatasetFormats formats, string dataset, string? captionFile, byte[] model, byte[] manifest, string folder, int shardSize = DefaultShardSize, BatchJobOptions? options = null, IProgress<long>? progress = null, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardSize, 1);
        ArgumentNullException.ThrowIfNull(formats);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(manifest);
        var job = BatchFolder.At(folder);
        RequireFree(job, folder);
        string name = GraphManifest.Parse(manifest, GraphManifest.FileName).Name;
        bool isPath = Path.Exists(dataset);
        string spec = isPath ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset)) : dataset;
        using IPhotoDataset photos = formats.Open(spec, captionFile, DatasetUse.List);
        bool made = !Directory.Exists(job.FullPath);
        Directory.CreateDirectory(job.FullPath);
        try
        {
            using FileStream claim = Claim(job, folder);
            // What a planning left that was killed.
            Clear(job);
            Directory.CreateDirectory(job.In("shards"));
            Directory.CreateDirectory(job.GraphFolder);
            try
            {
                File.WriteAllBytes(Path.Combine(job.GraphFolder, "model.onnx"), model);
                File.WriteAllBytes(Path.Combine(job.GraphFolder, GraphManifest.FileName), manifest);
                (long rows, int shards, string hash) = WriteShards(photos, Directory.Exists(spec) ? spec : Path.GetDirectoryName(spec) ?? "", job, shardSize, progress, stop);
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
                AtomicFile.TryCreate(job.In(BatchFolder.JobFileName), stream => stream.Write(StrictJson.Write(description)));
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

        if (File.Exists(job.In(BatchFolder.JobFileName)))
        {
            throw new DatasetException($"'{folder}' holds a job already. Run it with 'inpaint batch run {ShellWord.Quote(folder)}', or plan into another folder.");
        }

        if (Directory.Exists(job.FullPath) && Directory.EnumerateFileSystemEntries(job.FullPath).FirstOrDefault(entry => !IsOfPlan(entry)) is { } found)
        {
            throw new DatasetException($"'{folder}' is not empty: it holds '{Path.GetFileName(found)}'; expected a new folder.");
        }
    }

    /// <summary>Whether planning writes such an entry before it is complete, with nothing else in it.</summary>
    private static bool IsOfPlan(string entry)
    {
        string name = Path.GetFileName(entry);
        bool Holds(Func<string, bool> known) => Directory.Exists(entry) && Directory.EnumerateFileSystemEntries(entry).All(e => known(Path.GetFileName(e)));
        return name switch
        {
            "graph" => Holds(file => file is "model.onnx" or GraphManifest.FileName),
            "shards" => Holds(file => file.EndsWith(".jsonl", StringComparison.Ordinal) && file[..^6] is { Length: >= 5 } number && number.All(char.IsAsciiDigit)),
            ".ids" => Holds(file => file.Length == 2),
            ClaimName or "shards.sha256" => File.Exists(entry),
            _ => name.StartsWith($".{BatchFolder.JobFileName}.", StringComparison.Ordinal) && name.EndsWith(".tmp", StringComparison.Ordinal),
        };
    }

    /// <summary>Held while a process plans; it goes with the process.</summary>
    private static FileStream Claim(BatchFolder job, string folder)
    {
        try
        {
            return new FileStream(job.In(ClaimName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
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

    private static (long Rows, int Shards, string Hash) WriteShards(IPhotoDataset photos, string root, BatchFolder job, int shardSize, IProgress<long>? progress, CancellationToken stop)
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
                        throw new DatasetException($"The job would have more than {MostShards:N0} shards of {shardSize:N0} photos. Give a larger --shard-size.");
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

        if (ids.FirstTwice() is { } twice)
        {
            string id = photos.Read().First(record => TextFingerprint.Of(record.Id) == twice).Id;
            throw new DatasetException(id.Contains('\uFFFD', StringComparison.Ordinal)
                ? $"Two photos are called '{id}': their names hold bytes that are not UTF-8, and are the same without them. Rename the files, for example with 'convmv -r -f latin1 -t utf8 FOLDER'."
                : $"Two photos are called '{id}'; expected each id once. Give the dataset's rows ids of their own.");
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
