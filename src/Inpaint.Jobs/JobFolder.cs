using System.Globalization;

namespace Inpaint.Jobs;

/// <summary>
/// The parts of a job: <c>out/part-NNNNN.parquet</c>, which exists when its shard is complete, and <c>attempts/NNNNN.log</c>, with a line
/// for each event. Any number of processes on any machines that share the folder complete its shards; each part is created atomically by
/// exactly one.
/// </summary>
public class JobFolder
{
    /// <summary>The name of the job's description.</summary>
    public const string JobFileName = "job.json";

    /// <summary>Names a folder; it need not exist.</summary>
    public JobFolder(string path) => FullPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>The job's description.</summary>
    public string JobFile => In(JobFileName);

    /// <summary>The folder of the parts.</summary>
    public string OutFolder => In("out");

    /// <summary>The part of a shard.</summary>
    public string PartFile(int shard) => Path.Combine(OutFolder, $"part-{Number(shard)}.parquet");

    /// <summary>The log of a shard.</summary>
    public string AttemptsFile(int shard) => In("attempts", Number(shard) + ".log");

    /// <summary>Whether a shard is complete.</summary>
    /// <exception cref="IOException">Its part is a folder.</exception>
    public virtual bool IsDone(int shard) => File.Exists(PartFile(shard)) || (Directory.Exists(PartFile(shard))
        ? throw new IOException($"'{PartFile(shard)}' is a folder; expected a part, or nothing. Delete it.")
        : false);

    /// <summary>
    /// The incomplete shards, checked one by one so that the processes of a job share the work: first those that were never started, then
    /// those that were started earlier and abandoned; finally those that other processes have started since, as these may have been
    /// killed.
    /// </summary>
    /// <param name="count">The number of shards; may decrease meanwhile.</param>
    /// <param name="shardAt">The shard at an index. Default: the index itself.</param>
    /// <param name="spread">Whether each process starts at a different shard; otherwise all start at the first. Default yes.</param>
    public IEnumerable<int> ToDo(Func<int> count, Func<int, int>? shardAt = null, bool spread = true) =>
        ToDo(count, shardAt, spread ? ShardAttempt.Self : null);

    internal IEnumerable<int> ToDo(Func<int> count, Func<int, int>? shardAt, string? worker)
    {
        int first = worker is null || count() == 0 ? 0 : (int)(TextFingerprint.Of(worker) % (uint)count());
        var seen = new Dictionary<int, long>();
        for (int pass = 0; pass < 3; pass++)
        {
            for (int i = 0; i < count(); i++)
            {
                int index = (int)(((long)first + i) % count()), shard = shardAt?.Invoke(index) ?? index;
                if (IsDone(shard))
                {
                    continue;
                }

                long attempts = ShardAttempt.LengthOf(AttemptsFile(shard));
                if (pass == 0)
                {
                    seen[shard] = attempts;
                }

                if (pass switch { 0 => attempts == 0, 1 => attempts == seen.GetValueOrDefault(shard), _ => true })
                {
                    yield return shard;
                }
            }
        }
    }

    /// <summary>Completes a shard, unless another process completes it first.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="job">The job's hash, which the part contains.</param>
    /// <param name="columns">The part's columns.</param>
    /// <param name="write">Writes the rows; the shard is abandoned when it throws.</param>
    /// <returns>Whether this process created the part.</returns>
    /// <exception cref="IOException">The part cannot be written.</exception>
    public bool TryComplete(int shard, string job, IReadOnlyList<PartColumn> columns, Action<PartWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        ShardAttempt.Append(AttemptsFile(shard), ShardAttempt.Begun);
        long bad = 0;
        bool created;
        try
        {
            created = AtomicFile.TryCreate(PartFile(shard), stream =>
            {
                var part = new PartWriter(stream, columns, job);
                write(part);
                part.Finish();
                bad = part.Bad;
            });
        }
        catch (OperationCanceledException)
        {
            ShardAttempt.Append(AttemptsFile(shard), ShardAttempt.Stopped);
            throw;
        }

        ShardAttempt.Append(AttemptsFile(shard), created ? ShardAttempt.Finished : ShardAttempt.Lost, bad);
        return created;
    }

    /// <summary>Deletes what this process has written of incomplete parts, for a program that must end before its work does.</summary>
    public void DeleteUnfinished() => AtomicFile.DeleteOwn(OutFolder);

    internal string In(params string[] names) => Path.Combine([FullPath, .. names]);

    internal static string Number(int shard) => shard.ToString("D5", CultureInfo.InvariantCulture);
}
