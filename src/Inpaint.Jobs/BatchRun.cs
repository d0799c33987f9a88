using Inpaint.Datasets;
using Inpaint.Files;

namespace Inpaint.Jobs;

/// <summary>What a run of a batch job did.</summary>
/// <param name="Shards">Shards that this run completed.</param>
/// <param name="Rows">Their photos.</param>
/// <param name="Bad">Those that could not be completed.</param>
/// <param name="Lost">Shards that another one completed meanwhile.</param>
/// <param name="Stopped">Whether it was broken off on request.</param>
public sealed record BatchRunSummary(int Shards, long Rows, long Bad, int Lost, bool Stopped);

/// <summary>
/// Completes shards of a job, one after the other, whatever scores them. Each is there whole or not at all, and by whoever was first. Runs on one
/// job share the work: each begins at a place of its own, with the shards that nobody has begun.
/// </summary>
public static class BatchRun
{
    /// <summary>Runs shards.</summary>
    /// <param name="folder">The job.</param>
    /// <param name="formats">The dataset formats that are known.</param>
    /// <param name="shards">The shards, in any order; those that are complete are passed over.</param>
    /// <param name="score">Gives a result for each photo of a shard, in order.</param>
    /// <param name="dataset">Where the dataset lies now; null for where it lay when the job was planned.</param>
    /// <param name="progress">Told how many photos are done; null for nobody.</param>
    /// <param name="stop">Breaks off: what is complete stays, the shard under way is forgotten.</param>
    /// <exception cref="DatasetException">Graph, shards or dataset are not those of the plan.</exception>
    /// <exception cref="IOException">A part cannot be written.</exception>
    public static BatchRunSummary Run(BatchFolder folder, DatasetFormats formats, IEnumerable<int> shards, Func<IEnumerable<PhotoRecord>, IEnumerable<BatchResult>> score, string? dataset = null, IProgress<long>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(formats);
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(score);
        int[] wanted = [.. shards];
        foreach (int shard in wanted)
        {
            folder.Require(shard);
        }

        using var reader = new ShardReader(folder, formats, dataset);
        bool ready = false;
        int done = 0, lost = 0;
        long rows = 0, bad = 0;
        foreach (int shard in ToDo(folder, wanted, BatchAttempt.Self))
        {
            if (stop.IsCancellationRequested)
            {
                return new BatchRunSummary(done, rows, bad, lost, Stopped: true);
            }

            if (!ready)
            {
                reader.Require();
                ready = true;
            }

            IEnumerable<PhotoRecord> photos = reader.Read(shard);
            BatchAttempt.Append(folder.AttemptsFile(shard), BatchAttempt.Begun);
            long badHere = 0, rowsHere = 0;
            IEnumerable<BatchResult> Results()
            {
                foreach (BatchResult result in score(photos))
                {
                    stop.ThrowIfCancellationRequested();
                    rowsHere++;
                    badHere += result.Status == BatchResult.Ok ? 0 : 1;
                    progress?.Report(rows + rowsHere);
                    yield return result;
                }

                stop.ThrowIfCancellationRequested();
                if (rowsHere != folder.RowsOf(shard))
                {
                    throw new InvalidOperationException($"Shard {shard} gave {rowsHere} results, expected {folder.RowsOf(shard)}.");
                }

                if (badHere > 0)
                {
                    reader.RequireStill(shard);
                }
            }

            try
            {
                bool won = AtomicFile.TryCreate(folder.PartFile(shard), stream => BatchPartFile.Write(stream, Results(), folder.Job.JobSha256));
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

    /// <summary>The shards that are not complete, in the order in which they are to be taken.</summary>
    /// <param name="folder">The job.</param>
    /// <param name="shards">Those asked for.</param>
    /// <param name="who">Who asks: others get another place.</param>
    internal static IEnumerable<int> ToDo(BatchFolder folder, int[] shards, string who) =>
        ShardOrder.ToDo(() => shards.Length, ShardOrder.Place(who, shards.Length), i => IsDone(folder, shards[i]), i => BatchAttempt.LengthOf(folder.AttemptsFile(shards[i]))).Select(i => shards[i]);

    private static bool IsDone(BatchFolder folder, int shard) => folder.IsDone(shard) || (Directory.Exists(folder.PartFile(shard))
        ? throw new IOException($"'{folder.PartFile(shard)}' is a folder; expected a part, or nothing. Delete it.")
        : false);
}
