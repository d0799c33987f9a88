using System.Globalization;
using System.Security.Cryptography;
using Inpaint.Jobs;
using Microsoft.ML;

namespace Inpaint.ML.Batches;

/// <summary>What a folder of scores belongs to: the content of its <c>job.json</c>.</summary>
internal sealed record ScoringJob(int ShardSize, IReadOnlyList<string> Columns, string? ModelSha256 = null);

/// <summary>
/// The folder of a scoring job: which shards are complete, with how many rows, and where the data end, which may be unknown until they are
/// read. A part that cannot be read, or that does not match the data's length, is an error.
/// </summary>
internal sealed class ScoringFolder : JobFolder
{
    private readonly MLContext _ml;
    private readonly IDataView _data;
    private readonly SortedDictionary<int, long> _rows = [];
    private int _most = int.MaxValue;

    /// <exception cref="ArgumentException">The folder belongs to another job.</exception>
    /// <exception cref="DatasetException">A file of the folder is damaged, or the data have another length than the folder.</exception>
    public ScoringFolder(string path, ScoringJob job, MLContext ml, IDataView data)
        : base(path)
    {
        (ShardSize, _ml, _data) = (job.ShardSize, ml, data);
        Hash = Agree(job);
        Total = data.GetRowCount();
        foreach (string file in Directory.Exists(OutFolder) ? Directory.GetFiles(OutFolder, "part-*.parquet") : [])
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(file)["part-".Length..], NumberStyles.None, CultureInfo.InvariantCulture,
                out int shard))
            {
                _rows.Add(shard, RowsOf(shard));
            }
        }

        foreach (int shard in _rows.Keys)
        {
            Check(shard);
        }

        if (Total is null && _rows.Count > 0 && _rows.Last() is { Value: var last } end && last < ShardSize)
        {
            EndAt(((long)end.Key * ShardSize) + last);
        }
    }

    /// <summary>The job's hash.</summary>
    public string Hash { get; }

    public int ShardSize { get; }

    /// <summary>The number of rows of the data; null while unknown.</summary>
    public long? Total { get; private set; }

    /// <summary>Rows in complete shards.</summary>
    public long Rows => _rows.Values.Sum();

    public int Complete => _rows.Count;

    /// <inheritdoc/>
    public override bool IsDone(int shard)
    {
        if (!_rows.ContainsKey(shard) && base.IsDone(shard))
        {
            _rows.Add(shard, RowsOf(shard));
            Check(shard);
        }

        return _rows.ContainsKey(shard);
    }

    /// <summary>The shards to complete, until the data end: from the first one on while the end is unknown.</summary>
    public IEnumerable<int> ToDo() => ToDo(
        () => Total is { } rows ? checked((int)((rows + ShardSize - 1) / ShardSize)) : _most,
        spread: Total is not null);

    /// <summary>Records that the data end within a shard, or before it.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="rows">How many rows it has.</param>
    public void EndWithin(int shard, int rows)
    {
        long end = ((long)shard * ShardSize) + rows;
        if (rows == 0 && end > 0 && !HasRow(end - 1))
        {
            if (IsDone(shard - 1))
            {
                // Another process has found the end meanwhile.
                Total = _rows[shard - 1] < ShardSize
                    ? end - ShardSize + _rows[shard - 1]
                    : throw Changed($"The data have no row {end - 1:N0}, which '{PartFile(shard - 1)}' contains");
            }

            _most = shard;
            return;
        }

        if (_rows.Keys.LastOrDefault(-1) is var last && last > shard)
        {
            throw Changed($"The data have {end:N0} rows, and '{PartFile(last)}' contains later ones");
        }

        Total = end;
    }

    /// <summary>Writes the job's description, or compares it with the existing one.</summary>
    /// <returns>The hash of the description.</returns>
    private string Agree(ScoringJob job)
    {
        if (!File.Exists(JobFile))
        {
            AtomicFile.TryCreate(JobFile, stream => stream.Write(StrictJson.Write(job)));
        }

        byte[] json = File.ReadAllBytes(JobFile);
        ScoringJob existing;
        try
        {
            existing = StrictJson.Read<ScoringJob>(json, JobFile);
        }
        catch (StrictJsonException e)
        {
            throw new DatasetException($"{e.Message} The file was changed, or is of another job: give another folder, or delete this one "
                + $"with its content.", e);
        }

        if (existing.ShardSize != job.ShardSize || !existing.Columns.SequenceEqual(job.Columns))
        {
            throw new ArgumentException($"'{FullPath}' was started with shards of {existing.ShardSize} rows and the columns "
                + $"{string.Join(", ", existing.Columns)}; now they are {job.ShardSize} and {string.Join(", ", job.Columns)}. Give another "
                + $"folder.");
        }

        // A model that cannot be saved has no hash.
        return existing.ModelSha256 is { } then && job.ModelSha256 is { } now && then != now
            ? throw new ArgumentException($"'{FullPath}' was started with another model: its SHA-256 is {now}, expected {then}. Give that "
                + $"model, or another folder.")
            : Convert.ToHexStringLower(SHA256.HashData(json));
    }

    private long RowsOf(int shard)
    {
        using var part = new PartReader(PartFile(shard), Hash);
        return part.Rows;
    }

    private void Check(int shard)
    {
        long rows = _rows[shard], expected = Total is { } total ? Math.Clamp(total - ((long)shard * ShardSize), 0, ShardSize) : rows;
        if (rows != expected || rows > ShardSize || _rows.Any(other => other.Key < shard && other.Value < ShardSize))
        {
            throw Changed($"'{PartFile(shard)}' has {rows:N0} rows, expected "
                + $"{(Total is null ? "none, as an earlier part is not full" : $"{expected:N0} of the data's {Total:N0}")}");
        }
    }

    private void EndAt(long rows)
    {
        if (HasRow(rows) || !HasRow(rows - 1))
        {
            throw Changed($"The data have {(HasRow(rows) ? "more" : "fewer")} rows than the {rows:N0} of the folder");
        }

        Total = rows;
    }

    private bool HasRow(long row)
    {
        IDataView rest = row == 0 ? _data : _ml.Data.SkipRows(_data, row);
        using DataViewRowCursor cursor = rest.GetRowCursor([]);
        return cursor.MoveNext();
    }

    private DatasetException Changed(string how) => new($"{how}. The data was changed since '{FullPath}' was started: give the data that "
        + $"it was started with, or another folder.");
}
