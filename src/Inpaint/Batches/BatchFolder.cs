using System.Globalization;
using System.Security.Cryptography;

namespace Inpaint;

/// <summary>
/// The folder of a batch job: <c>job.json</c>, <c>graph/</c>, <c>shards/NNNNN.jsonl</c> (what is to be done, never changed),
/// <c>out/part-NNNNN.parquet</c> (there when its shard is complete) and <c>attempts/NNNNN.log</c>.
/// </summary>
public sealed class BatchFolder
{
    /// <summary>Name of the job's description.</summary>
    public const string JobFileName = "job.json";

    private readonly Lazy<BatchJob> _job;

    private BatchFolder(string path)
    {
        FullPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _job = new Lazy<BatchJob>(Read);
    }

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>The job's own copy of the graph and its manifest.</summary>
    public string GraphFolder => In("graph");

    /// <summary>The finished parts.</summary>
    public string OutFolder => In("out");

    /// <summary>The job.</summary>
    /// <exception cref="DatasetException">There is none, or it is of another version.</exception>
    public BatchJob Job => _job.Value;

    /// <summary>Names a folder; it need not exist.</summary>
    public static BatchFolder At(string path) => new(path);

    /// <summary>What is to be done in a shard.</summary>
    public string ShardFile(int shard) => In("shards", Number(shard) + ".jsonl");

    /// <summary>What was done of a shard; there when all of it was.</summary>
    public string PartFile(int shard) => Path.Combine(OutFolder, $"part-{Number(shard)}.parquet");

    /// <summary>When a shard was tried, a line an event.</summary>
    public string AttemptsFile(int shard) => In("attempts", Number(shard) + ".log");

    /// <summary>Whether a shard is complete.</summary>
    public bool IsDone(int shard) => File.Exists(PartFile(shard));

    /// <summary>The shards that are not complete.</summary>
    public IReadOnlyList<int> Missing() => [.. Enumerable.Range(0, Job.Shards).Where(shard => !IsDone(shard))];

    /// <summary>How many photos a shard has.</summary>
    public int RowsOf(int shard) => (int)Math.Min(Job.ShardSize, Job.Rows - (long)shard * Job.ShardSize);

    /// <summary>Refuses a shard that the job does not have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names it, and what there is.</exception>
    public void Require(int shard)
    {
        if (shard < 0 || shard >= Job.Shards)
        {
            throw new ArgumentOutOfRangeException(nameof(shard), $"Shard {shard} is not one of {FullPath}; expected 0 to {Job.Shards - 1}.");
        }
    }

    /// <summary>Proves that graph and shards are those that the job was planned with.</summary>
    /// <param name="shards">The shards to look at; null for all.</param>
    /// <exception cref="DatasetException">Names the file that is missing or was changed.</exception>
    public void Verify(IEnumerable<int>? shards = null)
    {
        RequireHash(Path.Combine(GraphFolder, "model.onnx"), Job.GraphSha256);
        RequireHash(Path.Combine(GraphFolder, GraphManifest.FileName), Job.ManifestSha256);
        if (shards is not null)
        {
            return;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int shard = 0; shard < Job.Shards; shard++)
        {
            hash.AppendData(ReadWhole(ShardFile(shard)));
        }

        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != Job.InputSha256)
        {
            throw new DatasetException($"The shards of '{FullPath}' were changed since the job was planned: their SHA-256 is {found}, expected {Job.InputSha256}. Plan the job again in another folder.");
        }
    }

    internal string In(params string[] names) => Path.Combine([FullPath, .. names]);

    internal static string Number(int shard) => shard.ToString("D5", CultureInfo.InvariantCulture);

    private BatchJob Read()
    {
        string file = In(JobFileName);
        if (!File.Exists(file))
        {
            throw new DatasetException($"'{FullPath}' holds no job: found no {JobFileName}. Make one with 'inpaint batch plan DATASET --out {FullPath}'.");
        }

        try
        {
            BatchJob job = StrictJson.Read<BatchJob>(File.ReadAllBytes(file), file);
            return job.Version == BatchJob.CurrentVersion
                ? job
                : throw new DatasetException($"'{file}' is of version {job.Version}, expected {BatchJob.CurrentVersion}. Run it with the program that planned it.");
        }
        catch (ManifestException e)
        {
            throw new DatasetException(e.Message, e);
        }
    }

    private static void RequireHash(string file, string expected)
    {
        string found = Convert.ToHexStringLower(SHA256.HashData(ReadWhole(file)));
        if (found != expected)
        {
            throw new DatasetException($"'{file}' was changed since the job was planned: its SHA-256 is {found}, expected {expected}. Plan the job again in another folder.");
        }
    }

    private static byte[] ReadWhole(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException($"'{file}' is missing; expected it where the job was planned. Copy the whole folder of the job.", e);
        }
    }
}
