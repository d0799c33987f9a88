using System.Security.Cryptography;

namespace Inpaint;

/// <summary>Writes the folder of a batch job: shards, the graph's copy, and at last <c>job.json</c>.</summary>
public static class BatchPlanner
{
    /// <summary>Photos a shard when nothing is said.</summary>
    public const int DefaultShardSize = 1000;

    /// <summary>Most shards of a job.</summary>
    public const int MostShards = 100_000;

    /// <summary>Plans a job. The dataset is read once, as a stream.</summary>
    /// <param name="dataset">The photos, as <see cref="PhotoDataset.Open"/> takes them.</param>
    /// <param name="captionFile">Captions to use instead of the dataset's own; null for those.</param>
    /// <param name="model">The graph's file.</param>
    /// <param name="manifest">Its manifest's file.</param>
    /// <param name="folder">The job's folder; must not exist, or be empty.</param>
    /// <param name="shardSize">Photos a shard, at least 1.</param>
    /// <param name="options">The settings that show in the results; null for the defaults.</param>
    /// <param name="progress">Told how many photos are planned; null for nobody.</param>
    /// <param name="stop">Ends it; the folder then holds no job.</param>
    /// <exception cref="DatasetException">The photos or the graph are not there, two photos have the same id, or the folder holds something.</exception>
    public static BatchFolder Plan(string dataset, string? captionFile, byte[] model, byte[] manifest, string folder, int shardSize = DefaultShardSize, BatchJobOptions? options = null, IProgress<long>? progress = null, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardSize, 1);
        var job = BatchFolder.At(folder);
        if (Directory.Exists(job.FullPath) && Directory.EnumerateFileSystemEntries(job.FullPath).Any())
        {
            throw new DatasetException(File.Exists(job.In(BatchFolder.JobFileName))
                ? $"'{folder}' holds a job already. Run it with 'inpaint batch run {folder}', or plan into another folder."
                : $"'{folder}' is not empty; expected a new folder. If planning was broken off there, delete it.");
        }

        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(manifest);
        string name = StrictJson.Read<GraphManifest>(manifest, GraphManifest.FileName).Name;
        bool isPath = Path.Exists(dataset);
        string spec = isPath ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset)) : dataset;
        using IPhotoDataset photos = PhotoDataset.Open(spec, captionFile);
        Directory.CreateDirectory(job.In("shards"));
        Directory.CreateDirectory(job.GraphFolder);
        File.WriteAllBytes(Path.Combine(job.GraphFolder, "model.onnx"), model);
        File.WriteAllBytes(Path.Combine(job.GraphFolder, GraphManifest.FileName), manifest);
        (long rows, int shards, string hash) = WriteShards(photos, Directory.Exists(spec) ? spec : Path.GetDirectoryName(spec) ?? "", job, shardSize, progress, stop);
        var description = new BatchJob
        {
            Version = BatchJob.CurrentVersion,
            Dataset = isPath ? spec : photos.Name,
            Rows = rows,
            ShardSize = shardSize,
            Shards = shards,
            InputSha256 = hash,
            Graph = name,
            GraphSha256 = HashOf(model),
            ManifestSha256 = HashOf(manifest),
            Options = options ?? new BatchJobOptions(),
        };
        LinkedFile.TryWrite(job.In(BatchFolder.JobFileName), stream => stream.Write(StrictJson.Write(description)));
        return job;
    }

    private static (long Rows, int Shards, string Hash) WriteShards(IPhotoDataset photos, string root, BatchFolder job, int shardSize, IProgress<long>? progress, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var ids = new UniqueIds(job.In(".ids"));
        long rows = 0;
        int shard = -1;
        FileStream? file = null;
        try
        {
            foreach (PhotoRecord record in photos.Read())
            {
                stop.ThrowIfCancellationRequested();
                if (rows % shardSize == 0)
                {
                    file?.Dispose();
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
        }
        finally
        {
            file?.Dispose();
        }

        if (ids.FirstTwice() is { } twice)
        {
            string id = photos.Read().First(record => TextFingerprint.Of(record.Id) == twice).Id;
            throw new DatasetException($"Two photos are called '{id}'; expected each id once. Give the dataset's rows ids of their own.");
        }

        return rows > 0
            ? (rows, shard + 1, Convert.ToHexStringLower(hash.GetHashAndReset()))
            : throw new DatasetException($"{photos.Name} has no photos; expected at least one.");
    }

    private static string HashOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));
}
