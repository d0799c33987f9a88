using System.Globalization;

namespace Inpaint.Jobs;

/// <summary>A line of <c>attempts/NNNNN.log</c>: time, event, worker, and the bad rows of a finished shard. Used for the status and for
/// diagnosis; results do not depend on it.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Event"><see cref="Begun"/>, <see cref="Finished"/>, <see cref="Lost"/> or <see cref="Stopped"/>.</param>
/// <param name="Worker">Machine and process.</param>
/// <param name="Bad">Bad rows of a finished shard.</param>
internal sealed record ShardAttempt(DateTime At, string Event, string Worker, long Bad)
{
    /// <summary>Work on the shard began.</summary>
    public const string Begun = "begun";

    /// <summary>The shard's part was written.</summary>
    public const string Finished = "finished";

    /// <summary>Another worker had written the part first; it is identical.</summary>
    public const string Lost = "lost";

    /// <summary>The work was interrupted.</summary>
    public const string Stopped = "stopped";

    public static string Self { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");

    public static void Append(string file, string happened, long bad = 0)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string line = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:O} {happened} {Self} {bad}\n");
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 1);
        stream.Write(System.Text.Encoding.UTF8.GetBytes(line));
    }

    /// <summary>Grows with each event; 0 before the first.</summary>
    public static long LengthOf(string file) => new FileInfo(file) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>The complete lines; none without a file.</summary>
    public static IReadOnlyList<ShardAttempt> ReadAll(string file)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        var attempts = new List<ShardAttempt>();
        foreach (string line in File.ReadLines(file))
        {
            if (line.Split(' ') is [var at, var happened, var who, var bad]
                && DateTime.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime time)
                && long.TryParse(bad, NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            {
                attempts.Add(new ShardAttempt(time, happened, who, count));
            }
        }

        return attempts;
    }
}
