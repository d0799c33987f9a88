using Inpaint.Datasets;
using Inpaint.Files;
using Inpaint.Graphs;
using Inpaint.Json;
using Microsoft.ML;

namespace Inpaint.ML.Batches;

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
    /// <param name="model">Any model, fitted or loaded, that gives a row for each row.</param>
    /// <param name="data">The rows, in an order that is the same every time.</param>
    /// <param name="folder">The folder; made when missing. It belongs to one model and one set of rows.</param>
    /// <param name="options">Shard size and columns; null for the defaults.</param>
    /// <param name="stop">Ends it: complete shards stay, and the next run goes on after them.</param>
    /// <exception cref="ArgumentException">A column is not there or cannot be stored, the model drops rows, or the folder was begun with another model, other columns or shards.</exception>
    /// <exception cref="DatasetException">A file of the folder is damaged, or the data has more or fewer rows than the folder.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static BatchScoringSummary Run(MLContext ml, ITransformer model, IDataView data, string folder, BatchScoringOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new BatchScoringOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ShardSize, 1);
        if (!model.IsRowToRowMapper)
        {
            throw new ArgumentException("The model does not give a row for each row, or its rows depend on those before: a shard of it cannot be scored alone. Filter the data before it, and score with the rest.", nameof(model));
        }

        DataViewSchema schema = model.GetOutputSchema(data.Schema);
        IReadOnlyList<string> columns = StoredColumns.Choose(schema, options.Columns);
        Directory.CreateDirectory(folder);
        Agree(folder, new ScoringJob(options.ShardSize, [.. columns.Select(name => $"{name}: {schema[name].Type}")], ModelFingerprint.Of(ml, model, data.Schema, folder)));
        return new ScoringRun(ml, model, data, columns, new ScoringShards(folder, options.ShardSize, ml, data), options.Progress).Run(stop);
    }

    private static void Agree(string folder, ScoringJob job)
    {
        string file = Path.Combine(folder, JobFileName);
        byte[] text = StrictJson.Write(job);
        if (!File.Exists(file))
        {
            AtomicFile.TryCreate(file, stream => stream.Write(text));
        }

        ScoringJob begun;
        try
        {
            begun = StrictJson.Read<ScoringJob>(File.ReadAllBytes(file), file);
        }
        catch (StrictJsonException e)
        {
            throw new DatasetException($"{e.Message} The file is not as it was written: give another folder, or delete this one with all that is in it.", e);
        }

        if (begun.ShardSize != job.ShardSize || !begun.Columns.SequenceEqual(job.Columns))
        {
            throw new ArgumentException($"'{folder}' was begun with shards of {begun.ShardSize} rows and the columns {string.Join(", ", begun.Columns)}; now they are {job.ShardSize} and {string.Join(", ", job.Columns)}. Give another folder.", nameof(folder));
        }

        // Models that cannot be saved are not known again.
        if (begun.ModelSha256 is { } then && job.ModelSha256 is { } now && then != now)
        {
            throw new ArgumentException($"'{folder}' was begun with another model: its SHA-256 is {now}, expected {then}. Give that model, or another folder.", nameof(folder));
        }
    }

    private sealed record ScoringJob(int ShardSize, IReadOnlyList<string> Columns, string? ModelSha256 = null);
}
