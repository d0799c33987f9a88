namespace Inpaint;

/// <summary>What a run of a batch job did.</summary>
/// <param name="Shards">Shards that this run completed.</param>
/// <param name="Rows">Their photos.</param>
/// <param name="Bad">Those that could not be completed.</param>
/// <param name="Lost">Shards that another one completed meanwhile.</param>
/// <param name="Stopped">Whether it was broken off on request.</param>
public sealed record BatchRunSummary(int Shards, long Rows, long Bad, int Lost, bool Stopped);

/// <summary>Completes shards of a job, one after the other, whatever scores them. Each is there whole or not at all, and by whoever was first.</summary>
public static class BatchRun
{
    /// <summary>Runs shards.</summary>
    /// <param name="folder">The job.</param>
    /// <param name="shards">The shards; those that are complete are passed over.</param>
    /// <param name="score">Gives a result for each photo of a shard, in order.</param>
    /// <param name="dataset">Where the dataset lies now; null for where it lay when the job was planned.</param>
    /// <param name="progress">Told how many photos are done; null for nobody.</param>
    /// <param name="stop">Breaks off: what is complete stays, the shard under way is forgotten.</param>
    /// <exception cref="DatasetException">Graph, shards or dataset are not those of the plan.</exception>
    /// <exception cref="IOException">A part cannot be written.</exception>
    public static BatchRunSummary Run(BatchFolder folder, IEnumerable<int> shards, Func<IEnumerable<PhotoRecord>, IEnumerable<BatchResult>> score, string? dataset = null, IProgress<long>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(score);
        using var reader = new ShardReader(folder, dataset);
        int done = 0, lost = 0;
        long rows = 0, bad = 0;
        foreach (int shard in shards)
        {
            folder.Require(shard);
            if (stop.IsCancellationRequested)
            {
                return new BatchRunSummary(done, rows, bad, lost, Stopped: true);
            }

            if (folder.IsDone(shard))
            {
                continue;
            }

            BatchAttempt.Append(folder.AttemptsFile(shard), BatchAttempt.Begun);
            long badHere = 0, rowsHere = 0;
            IEnumerable<BatchResult> Results()
            {
                foreach (BatchResult result in score(reader.Read(shard)))
                {
                    stop.ThrowIfCancellationRequested();
                    rowsHere++;
                    badHere += result.Status == BatchResult.Ok ? 0 : 1;
                    progress?.Report(rows + rowsHere);
                    yield return result;
                }

                if (rowsHere != folder.RowsOf(shard))
                {
                    throw new InvalidOperationException($"Shard {shard} gave {rowsHere} results, expected {folder.RowsOf(shard)}.");
                }
            }

            try
            {
                bool won = LinkedFile.TryWrite(folder.PartFile(shard), stream => BatchPartFile.Write(stream, Results()));
                BatchAttempt.Append(folder.AttemptsFile(shard), won ? BatchAttempt.Finished : BatchAttempt.Lost, badHere);
                (done, lost) = won ? (done + 1, lost) : (done, lost + 1);
                (rows, bad) = (rows + rowsHere, bad + badHere);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                BatchAttempt.Append(folder.AttemptsFile(shard), BatchAttempt.Stopped);
                return new BatchRunSummary(done, rows, bad, lost, Stopped: true);
            }
        }

        return new BatchRunSummary(done, rows, bad, lost, Stopped: false);
    }
}
