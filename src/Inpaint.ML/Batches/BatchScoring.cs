using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Inpaint.ML.Batches;

/// <summary>Settings of <see cref="BatchScoring"/>.</summary>
public sealed record BatchScoringOptions
{
    /// <summary>Rows in a shard, which is the most that an interrupted run loses. Default 1,000.</summary>
    public int ShardSize { get; init; } = 1000;

    /// <summary>
    /// The columns that are stored. Default: all visible ones that can be stored: text, numbers, booleans, times and vectors of these,
    /// bytes, and images as PNG. A TimeSpan is stored as its ticks of 100 ns, a DateTimeOffset as ISO 8601 text.
    /// </summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Receives the number of rows in complete shards (optional).</summary>
    public IProgress<long>? Progress { get; init; }
}

/// <summary>What a run of <see cref="BatchScoring"/> did.</summary>
/// <param name="Rows">Rows in complete shards, of this run and earlier ones.</param>
/// <param name="Scored">Rows that this run scored.</param>
/// <param name="Shards">Complete shards.</param>
/// <param name="Finished">Whether all rows are done; false when it was interrupted.</param>
public sealed record BatchScoringSummary(long Rows, long Scored, int Shards, bool Finished)
{
    /// <summary>Visible columns that cannot be stored, with their types; a warning in <c>MLContext.Log</c> names them too.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>
/// Scores data with any ML.NET model in shards, each a Parquet file that is written atomically: a run after an interrupted one continues
/// it, and runs in several processes share the work.
/// </summary>
public static class BatchScoring
{
    /// <summary>Scores the missing shards to <c>FOLDER/out/part-NNNNN.parquet</c>.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">Any model, fitted or loaded, that returns a row for each row.</param>
    /// <param name="data">The rows, in an order that is the same every time.</param>
    /// <param name="folder">The folder; created when missing. It belongs to one model and one set of rows.</param>
    /// <param name="options">Shard size and columns (optional).</param>
    /// <param name="stop">Interrupts the run: complete shards are kept, and the next run continues after them.</param>
    /// <exception cref="ArgumentException">A column does not exist or cannot be stored, the model drops rows, or the folder was started
    /// with another model, other columns or shards.</exception>
    /// <exception cref="DatasetException">A file of the folder is damaged, or the data has more or fewer rows than the folder.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static BatchScoringSummary Run(MLContext ml, ITransformer model, IDataView data, string folder,
        BatchScoringOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new BatchScoringOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ShardSize, 1);
        if (!model.IsRowToRowMapper)
        {
            throw new ArgumentException("The model does not return a row for each row, or its rows depend on earlier ones: a shard "
                + "cannot be scored alone. Filter the data before it, and score with the rest.", nameof(model));
        }

        DataViewSchema schema = model.GetOutputSchema(data.Schema);
        (IReadOnlyList<string> columns, IReadOnlyList<string> leftOut) = StoredColumns.Choose(schema, options.Columns);
        if (leftOut.Count > 0)
        {
            using IChannel log = ((IHostEnvironment)ml).Start(nameof(BatchScoring));
            log.Warning(MessageSensitivity.None, $"Not stored, as their types cannot be: {string.Join(", ", leftOut)}.");
        }

        Directory.CreateDirectory(folder);
        var job = new ScoringJob(options.ShardSize, [.. columns.Select(name => $"{name}: {schema[name].Type}")],
            ModelFingerprint.Of(ml, model, data.Schema, folder));
        return new ScoringRun(ml, model, data, columns, new ScoringFolder(folder, job, ml, data), options.Progress).Run(stop) with
        {
            LeftOut = leftOut.Count > 0 ? leftOut : [],
        };
    }
}
