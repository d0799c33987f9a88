namespace Inpaint.Jobs;

/// <summary>What a run of a batch job did.</summary>
/// <param name="Shards">Shards that this run completed.</param>
/// <param name="Rows">Their photos.</param>
/// <param name="Bad">How many of them could not be completed.</param>
/// <param name="Lost">Shards that another run completed first.</param>
/// <param name="Stopped">Whether it was interrupted.</param>
public sealed record BatchRunSummary(int Shards, long Rows, long Bad, int Lost, bool Stopped);

/// <summary>Completes shards of a job sequentially, with any scorer. Runs on one job share the work.</summary>
public static class BatchRun
{
    /// <summary>Runs shards.</summary>
    /// <param name="folder">The job.</param>
    /// <param name="formats">The known dataset formats.</param>
    /// <param name="shards">The shards, in any order; complete ones are skipped.</param>
    /// <param name="score">Returns one result for each photo of a shard, in order.</param>
    /// <param name="dataset">The dataset's present location. Default: the one that the job was planned with.</param>
    /// <param name="progress">Receives the number of photos that are done (optional).</param>
    /// <param name="stop">Interrupts the run: complete shards are kept, the current one is abandoned.</param>
    /// <exception cref="DatasetException">Graph, shards or dataset are not those of the plan.</exception>
    /// <exception cref="IOException">A part cannot be written.</exception>
    public static BatchRunSummary Run(
        BatchFolder folder,
        DatasetFormats formats,
        IEnumerable<int> shards,
        Func<IEnumerable<PhotoRecord>, IEnumerable<BatchResult>> score,
        string? dataset = null,
        IProgress<long>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(formats);
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(score);
        int[] wanted = [.. shards];
        Array.ForEach(wanted, folder.Require);
        using var reader = new ShardReader(folder, formats, dataset);
        var summary = new BatchRunSummary(0, 0, 0, 0, Stopped: false);
        foreach (int shard in folder.ToDo(() => wanted.Length, i => wanted[i]))
        {
            if (stop.IsCancellationRequested)
            {
                return summary with { Stopped = true };
            }

            IEnumerable<PhotoRecord> photos = reader.Read(shard);
            var columns = new BatchColumns();
            long rows = 0, bad = 0;
            bool created;
            try
            {
                created = folder.TryComplete(shard, folder.Job.JobSha256, columns.All, part =>
                {
                    foreach (BatchResult result in score(photos))
                    {
                        stop.ThrowIfCancellationRequested();
                        columns.Write(part, result);
                        progress?.Report(summary.Rows + part.Rows);
                    }

                    stop.ThrowIfCancellationRequested();
                    (rows, bad) = (part.Rows, part.Bad);
                    if (rows != folder.RowsOf(shard))
                    {
                        throw new InvalidOperationException($"Shard {shard} gave {rows} results, expected {folder.RowsOf(shard)}.");
                    }

                    if (bad > 0)
                    {
                        reader.RequireStill(shard);
                    }
                });
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return summary with { Stopped = true };
            }

            summary = summary with
            {
                Shards = summary.Shards + (created ? 1 : 0),
                Lost = summary.Lost + (created ? 0 : 1),
                Rows = summary.Rows + rows,
                Bad = summary.Bad + bad,
            };
        }

        return summary;
    }
}
