using System.Globalization;
using Inpaint.Datasets;
using Inpaint.Jobs;
using Microsoft.ML;
using Parquet;

namespace Inpaint.ML.Batches;

/// <summary>
/// The shards of a folder of scores: which are complete, with how many rows, which others have begun, and where the data ends. Parts that cannot
/// be read, and such as the data has no rows for, are errors.
/// </summary>
internal sealed class ScoringShards
{
    private readonly string _folder;
    private readonly MLContext _ml;
    private readonly IDataView _data;
    private readonly SortedDictionary<int, long> _rows = [];
    private int _most = int.MaxValue;

    public ScoringShards(string folder, int shardSize, MLContext ml, IDataView data)
    {
        (_folder, ShardSize, _ml, _data) = (folder, shardSize, ml, data);
        Total = data.GetRowCount();
        foreach (string file in Directory.EnumerateFiles(folder, "part-*.parquet").Order(StringComparer.Ordinal))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(file)["part-".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int shard))
            {
                _ = IsDone(shard);
            }
        }

        if (Total is null && _rows.Count > 0 && _rows.Last() is { Value: var last } end && last < shardSize)
        {
            EndAt(((long)end.Key * shardSize) + last);
        }
    }

    /// <summary>Rows a shard.</summary>
    public int ShardSize { get; }

    /// <summary>How many rows the data has; null while that is not known.</summary>
    public long? Total { get; private set; }

    /// <summary>Rows in complete shards.</summary>
    public long Rows => _rows.Values.Sum();

    /// <summary>Complete shards.</summary>
    public int Complete => _rows.Count;

    /// <summary>Where the part of a shard lies.</summary>
    public string PartFile(int shard) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"part-{shard:D5}.parquet"));

    /// <summary>Whether a shard is complete.</summary>
    public bool IsDone(int shard)
    {
        if (!_rows.ContainsKey(shard) && File.Exists(PartFile(shard)))
        {
            long rows = RowsOf(PartFile(shard)), expected = Total is { } total ? Math.Clamp(total - ((long)shard * ShardSize), 0, ShardSize) : rows;
            if (rows != expected || rows > ShardSize || _rows.Any(other => other.Key < shard && other.Value < ShardSize))
            {
                throw Changed($"'{PartFile(shard)}' has {rows:N0} rows, expected {(Total is null ? "none, as one before it is not full" : $"{expected:N0} of the data's {Total:N0}")}");
            }

            _rows.Add(shard, rows);
        }

        return _rows.ContainsKey(shard);
    }

    /// <summary>The shards that are not complete, in the order in which they are to be taken, until the data ends: where its end is not known, from the first one on.</summary>
    public IEnumerable<int> ToDo() =>
        ShardOrder.ToDo(Count, Total is null ? 0 : ShardOrder.Place(BatchAttempt.Self, Count()), IsDone, shard => BatchAttempt.LengthOf(BegunFile(shard)));

    /// <summary>Tells others that this process has begun a shard.</summary>
    public void Begin(int shard) => BatchAttempt.Append(BegunFile(shard), BatchAttempt.Begun);

    /// <summary>Tells them that it is complete.</summary>
    public void End(int shard)
    {
        _ = IsDone(shard);
        File.Delete(BegunFile(shard));
    }

    /// <summary>Takes notice that the data ends within a shard, or before it.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="rows">How many rows of it there are.</param>
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
                    : throw Changed($"The data has no row {end - 1:N0}, which '{PartFile(shard - 1)}' has");
            }

            _most = shard;
            return;
        }

        if (_rows.Keys.LastOrDefault(-1) is var last && last > shard)
        {
            throw Changed($"The data has {end:N0} rows, and '{PartFile(last)}' has some after them");
        }

        Total = end;
    }

    /// <summary>Deletes the marks of shards that were begun, once all are complete.</summary>
    public void Clear()
    {
        string marks = Path.GetDirectoryName(BegunFile(0))!;
        if (Directory.Exists(marks))
        {
            try
            {
                Directory.Delete(marks, recursive: true);
            }
            catch (IOException)
            {
                // Another process does the same.
            }
        }
    }

    private int Count() => Total is { } rows ? checked((int)((rows + ShardSize - 1) / ShardSize)) : _most;

    private string BegunFile(int shard) => Path.Combine(_folder, "begun", string.Create(CultureInfo.InvariantCulture, $"{shard:D5}.log"));

    private void EndAt(long rows)
    {
        if (HasRow(rows) || !HasRow(rows - 1))
        {
            throw Changed($"The data has {(HasRow(rows) ? "more" : "fewer")} rows than the {rows:N0} that the folder ends with");
        }

        Total = rows;
    }

    private bool HasRow(long row)
    {
        IDataView rest = row == 0 ? _data : _ml.Data.SkipRows(_data, row);
        using DataViewRowCursor cursor = rest.GetRowCursor([]);
        return cursor.MoveNext();
    }

    private DatasetException Changed(string how) => new($"{how}. The data was changed since '{_folder}' was begun: give the data that it was begun with, or another folder.");

    private static long RowsOf(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            ParquetReader reader = ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult();
            long rows = reader.RowGroups.Sum(g => g.RowCount);
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return rows;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new DatasetException($"'{file}' cannot be read as Parquet: {e.Message} Delete it, and run again.", e);
        }
    }
}
