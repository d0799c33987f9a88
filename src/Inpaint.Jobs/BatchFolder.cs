using System.Security.Cryptography;

namespace Inpaint.Jobs;

/// <summary>
/// The folder of a batch job: <c>job.json</c>, <c>graph/</c>, <c>shards/NNNNN.jsonl</c> (the photos of each shard, never changed),
/// <c>shards.sha256</c> (their hashes, as <c>sha256sum</c> prints them), and the parts and logs of <see cref="JobFolder"/>.
/// </summary>
public sealed class BatchFolder : JobFolder
{
    private readonly Lazy<BatchJob> _job;
    private readonly Lazy<string[]> _shardHashes;

    /// <summary>Names a folder; it need not exist.</summary>
    public BatchFolder(string path)
        : base(path)
    {
        _job = new Lazy<BatchJob>(ReadJob);
        _shardHashes = new Lazy<string[]>(ReadShardHashes);
    }

    /// <summary>The job's own copy of the graph and its manifest.</summary>
    public string GraphFolder => In("graph");

    /// <summary>The job.</summary>
    /// <exception cref="DatasetException">There is none, it is of another version, or it was changed.</exception>
    public BatchJob Job => _job.Value;

    internal string ShardHashesFile => In("shards.sha256");

    /// <summary>The photos of a shard.</summary>
    public string ShardFile(int shard) => In("shards", Number(shard) + ".jsonl");

    /// <summary>The shards that are not complete.</summary>
    public IReadOnlyList<int> Missing() => [.. Enumerable.Range(0, Job.Shards).Where(shard => !IsDone(shard))];

    /// <summary>How many photos a shard has.</summary>
    public int RowsOf(int shard) => (int)Math.Min(Job.ShardSize, Job.Rows - (long)shard * Job.ShardSize);

    /// <summary>Rejects a shard that the job does not have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names it, and what there is.</exception>
    public void Require(int shard)
    {
        if (shard < 0 || shard >= Job.Shards)
        {
            throw new ArgumentOutOfRangeException(nameof(shard),
                $"Shard {shard} is not one of {FullPath}; expected 0 to {Job.Shards - 1}.");
        }
    }

    /// <summary>Checks that graph and shards are those that the job was planned with.</summary>
    /// <param name="shards">The shards to check; default: all.</param>
    /// <exception cref="DatasetException">A file is missing or was changed; the message names it.</exception>
    public void Verify(IEnumerable<int>? shards = null)
    {
        RequireHash(Path.Combine(GraphFolder, "model.onnx"), Job.GraphSha256);
        RequireHash(Path.Combine(GraphFolder, GraphManifest.FileName), Job.ManifestSha256);
        foreach (int shard in shards ?? Enumerable.Range(0, Job.Shards))
        {
            Require(shard);
            RequireHash(ShardFile(shard), _shardHashes.Value[shard]);
        }
    }

    /// <summary>How many photos of a complete shard could not be completed; reads only the part's footer.</summary>
    /// <exception cref="DatasetException">The part cannot be read, or is a part of another job.</exception>
    public long BadOf(int shard)
    {
        Require(shard);
        using var part = new PartReader(PartFile(shard), Job.JobSha256);
        return part.Bad;
    }

    /// <summary>The photos of a shard, after a check that they are those of the plan.</summary>
    internal IReadOnlyList<ShardRow> ReadShard(int shard)
    {
        string file = ShardFile(shard);
        IReadOnlyList<ShardRow> rows = ShardRow.ReadAll(RequireHash(file, _shardHashes.Value[shard]), file);
        return rows.Count == RowsOf(shard)
            ? rows
            : throw new DatasetException($"'{file}' has {rows.Count} rows, expected {RowsOf(shard)}. It was changed since the job was "
                + $"planned; plan it again.");
    }

    internal static string ShardHashLine(int shard, ReadOnlySpan<byte> hash) => $"{Convert.ToHexStringLower(hash)}  "
        + $"shards/{Number(shard)}.jsonl\n";

    private BatchJob ReadJob()
    {
        if (!File.Exists(JobFile))
        {
            throw new DatasetException($"'{FullPath}' contains no job: {JobFileName} is missing. Plan one with 'inpaint batch plan "
                + $"DATASET --out {ShellWord.Quote(FullPath)}'.");
        }

        return BatchJob.Read(File.ReadAllBytes(JobFile), JobFile);
    }

    private string[] ReadShardHashes()
    {
        byte[] content = RequireHash(ShardHashesFile, Job.InputSha256);
        string[] lines = System.Text.Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == Job.Shards
            ? Array.ConvertAll(lines, line => line.Split(' ')[0])
            : throw new DatasetException($"'{ShardHashesFile}' has {lines.Length} lines, expected {Job.Shards}. Plan the job again in "
                + $"another folder.");
    }

    private static byte[] RequireHash(string file, string expected)
    {
        byte[] content = ReadAll(file);
        string found = Convert.ToHexStringLower(SHA256.HashData(content));
        return found == expected
            ? content
            : throw new DatasetException($"'{file}' was changed since the job was planned: its SHA-256 is {found}, expected {expected}. "
                + $"Plan the job again in another folder.");
    }

    private static byte[] ReadAll(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException($"'{file}' is missing; planning wrote it. Copy the whole folder of the job.", e);
        }
    }
}
