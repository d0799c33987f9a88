using System.Globalization;
using Microsoft.ML;
using Parquet;

namespace Inpaint.ML;

/// <summary>Settings of <see cref="BatchScoring"/>.</summary>
public sealed record BatchScoringOptions
{
    /// <summary>Rows a shard: what is lost at most when a run is broken off. Default 1,000.</summary>
    public int ShardSize { get; init; } = 1000;

    /// <summary>The columns that are stored. Default null: all that are not hidden and can be stored (text, numbers, truth values, dates, vectors of these, bytes, images as PNG).</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Told how many rows there are in complete shards. Default null: nobody.</summary>
    public IProgress<long>? Progress { get; init; }
}

/// <summary>What a run of <see cref="BatchScoring"/> did.</summary>
/// <param name="Rows">Rows in complete shards, this run's and earlier ones'.</param>
/// <param name="Scored">Rows that this run scored.</param>
/// <param name="Shards">Complete shards.</param>
/// <param name="Finished">Whether all rows of the data are done; false when it was stopped.</param>
public sealed record BatchScoringSummary(long Rows, long Scored, int Shards, bool Finished);

/// <summary>
/// Scores data with any ML.NET model in shards, each a Parquet file that is there whole or not at all: a run that is broken off goes on where it
/// was, and runs in several processes share the work.
/// </summary>
public static class BatchScoring
{
    private const string JobFileName = "scoring.json";

    /// <summary>Scores what is missing in <c>FOLDER/part-NNNNN.parquet</c>.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">Any model, fitted or loaded.</param>
    /// <param name="data">The rows, in an order that is the same every time.</param>
    /// <param name="folder">The folder; made when missing. It belongs to one model and one set of rows.</param>
    /// <param name="options">Shard size and columns; null for the defaults.</param>
    /// <param name="stop">Ends it: complete shards stay, and the next run goes on after them.</param>
    /// <exception cref="ArgumentException">A column is not there or cannot be stored, or the folder was begun with other columns or shards.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static BatchScoringSummary Run(MLContext ml, ITransformer model, IDataView data, string folder, BatchScoringOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new BatchScoringOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ShardSize, 1);
        DataViewSchema schema = model.GetOutputSchema(data.Schema);
        IReadOnlyList<string> columns = StoredColumns.Choose(schema, options.Columns);
        Directory.CreateDirectory(folder);
        Agree(folder, new ScoringJob(options.ShardSize, [.. columns.Select(name => $"{name}: {schema[name].Type}")]));

        int shard = 0;
        long scored = 0;
        while (true)
        {
            while (File.Exists(PartFile(folder, shard)))
            {
                shard++;
            }

            // From here on, until a shard is there already.
            long first = (long)shard * options.ShardSize;
            IDataView rest = first == 0 ? data : ml.Data.SkipRows(data, first);
            IDataView transformed = model.Transform(rest);
            using DataViewRowCursor cursor = transformed.GetRowCursor(columns.Select(name => transformed.Schema[name]));
            bool more = cursor.MoveNext();
            while (more && !File.Exists(PartFile(folder, shard)))
            {
                var stored = new StoredColumns(transformed.Schema, columns, cursor);
                for (; more && stored.Rows < options.ShardSize; more = cursor.MoveNext())
                {
                    if (stop.IsCancellationRequested)
                    {
                        return Summary(folder, shard, options.ShardSize, scored, finished: false);
                    }

                    stored.Take();
                }

                // Another process may have been first; its part is the same.
                LinkedFile.TryWrite(PartFile(folder, shard), stored.Write);
                scored += stored.Rows;
                shard++;
                options.Progress?.Report(first + scored);
            }

            if (!more)
            {
                return Summary(folder, shard, options.ShardSize, scored, finished: true);
            }
        }
    }

    private static BatchScoringSummary Summary(string folder, int shards, int shardSize, long scored, bool finished) =>
        new(RowsOf(folder, shards, shardSize), scored, shards, finished);

    /// <summary>All shards but the last are full.</summary>
    private static long RowsOf(string folder, int shards, int shardSize)
    {
        if (shards == 0)
        {
            return 0;
        }

        using FileStream stream = File.OpenRead(PartFile(folder, shards - 1));
        ParquetReader reader = ParquetReader.CreateAsync(stream).GetAwaiter().GetResult();
        long last = reader.RowGroups.Sum(g => g.RowCount);
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (long)(shards - 1) * shardSize + last;
    }

    private static void Agree(string folder, ScoringJob job)
    {
        string file = Path.Combine(folder, JobFileName);
        byte[] text = StrictJson.Write(job);
        if (!File.Exists(file))
        {
            LinkedFile.TryWrite(file, stream => stream.Write(text));
        }

        ScoringJob begun = StrictJson.Read<ScoringJob>(File.ReadAllBytes(file), file);
        if (begun.ShardSize != job.ShardSize || !begun.Columns.SequenceEqual(job.Columns))
        {
            throw new ArgumentException($"'{folder}' was begun with shards of {begun.ShardSize} rows and the columns {string.Join(", ", begun.Columns)}; now they are {job.ShardSize} and {string.Join(", ", job.Columns)}. Give another folder.", nameof(folder));
        }
    }

    private static string PartFile(string folder, int shard) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"part-{shard:D5}.parquet"));

    private sealed record ScoringJob(int ShardSize, IReadOnlyList<string> Columns);
}
