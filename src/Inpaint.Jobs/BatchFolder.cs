using System.Globalization;
using System.Security.Cryptography;
using Inpaint.Datasets;
using Inpaint.Files;
using Inpaint.Graphs;

namespace Inpaint.Jobs;

/// <summary>
/// The folder of a batch job: <c>job.json</c>, <c>graph/</c>, <c>shards/NNNNN.jsonl</c> (what is to be done, never changed), <c>shards.sha256</c>
/// (their hashes, as <c>sha256sum</c> has them), <c>out/part-NNNNN.parquet</c> (there when its shard is complete) and <c>attempts/NNNNN.log</c>.
/// </summary>
public sealed class BatchFolder
{
    /// <summary>Name of the job's description.</summary>
    public const string JobFileName = "job.json";

    private readonly Lazy<BatchJob> _job;
    private readonly Lazy<string[]> _shardHashes;

    private BatchFolder(string path)
    {
        FullPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _job = new Lazy<BatchJob>(Read);
        _shardHashes = new Lazy<string[]>(ReadShardHashes);
    }

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>The job's own copy of the graph and its manifest.</summary>
    public string GraphFolder => In("graph");

    /// <summary>The finished parts.</summary>
    public string OutFolder => In("out");

    /// <summary>The job.</summary>
    /// <exception cref="DatasetException">There is none, it is of another version, or it was changed.</exception>
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
        foreach (int shard in shards ?? Enumerable.Range(0, Job.Shards))
        {
            Require(shard);
            RequireHash(ShardFile(shard), _shardHashes.Value[shard]);
        }
    }

    /// <summary>How many photos of a complete shard could not be completed; looks at the part's end only.</summary>
    /// <exception cref="DatasetException">The part cannot be read, or is another job's.</exception>
    public long BadOf(int shard)
    {
        Require(shard);
        return BatchPartFile.BadOf(PartFile(shard), Job.JobSha256);
    }

    /// <summary>Deletes what this process has written of parts that are not complete: for a program that must end before its work does.</summary>
    public void ForgetWork() => AtomicFile.DeleteOwn(OutFolder);

    internal string ShardHashesFile => In("shards.sha256");

    /// <summary>A shard's rows, once they are known to be those of the plan.</summary>
    internal IReadOnlyList<ShardRow> ReadShard(int shard)
    {
        string file = ShardFile(shard);
        IReadOnlyList<ShardRow> rows = ShardRow.ReadAll(RequireHash(file, _shardHashes.Value[shard]), file);
        return rows.Count == RowsOf(shard)
            ? rows
            : throw new DatasetException($"'{file}' has {rows.Count} rows, expected {RowsOf(shard)}. It was changed since the job was planned; plan it again.");
    }

    /// <summary>A line of <c>shards.sha256</c>.</summary>
    internal static string ShardHashLine(int shard, ReadOnlySpan<byte> hash) => $"{Convert.ToHexStringLower(hash)}  shards/{Number(shard)}.jsonl\n";

    internal string In(params string[] names) => Path.Combine([FullPath, .. names]);

    internal static string Number(int shard) => shard.ToString("D5", CultureInfo.InvariantCulture);

    private BatchJob Read()
    {
        string file = In(JobFileName);
        if (!File.Exists(file))
        {
            throw new DatasetException($"'{FullPath}' holds no job: found no {JobFileName}. Make one with 'inpaint batch plan DATASET --out {ShellWord.Quote(FullPath)}'.");
        }

        return BatchJob.Read(File.ReadAllBytes(file), file);
    }

    private string[] ReadShardHashes()
    {
        byte[] content = RequireHash(ShardHashesFile, Job.InputSha256);
        string[] lines = System.Text.Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == Job.Shards
            ? Array.ConvertAll(lines, line => line.Split(' ')[0])
            : throw new DatasetException($"'{ShardHashesFile}' has {lines.Length} lines, expected {Job.Shards}. Plan the job again in another folder.");
    }

    private static byte[] RequireHash(string file, string expected)
    {
        byte[] content = ReadWhole(file);
        string found = Convert.ToHexStringLower(SHA256.HashData(content));
        return found == expected
            ? content
            : throw new DatasetException($"'{file}' was changed since the job was planned: its SHA-256 is {found}, expected {expected}. Plan the job again in another folder.");
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
