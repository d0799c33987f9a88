namespace Inpaint.Jobs;

/// <summary>How far a batch job is.</summary>
public sealed record BatchStatus
{
    /// <summary>How many shards there are.</summary>
    public required int Shards { get; init; }

    /// <summary>How many are complete.</summary>
    public required int Done { get; init; }

    /// <summary>How many were started and are not complete: in progress or interrupted.</summary>
    public required int Started { get; init; }

    /// <summary>The shards that are not complete.</summary>
    public required IReadOnlyList<int> Missing { get; init; }

    /// <summary>How many photos there are.</summary>
    public required long Rows { get; init; }

    /// <summary>How many are in complete shards.</summary>
    public required long DoneRows { get; init; }

    /// <summary>How many of these could not be completed.</summary>
    public required long BadRows { get; init; }

    /// <summary>Photos per second of all workers together, from the first attempt to the last shard; null before the second
    /// shard.</summary>
    public double? PhotosPerSecond { get; init; }

    /// <summary>Seconds left at that rate; null when unknown.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Inspects a job's folder; reads the logs, not the parts.</summary>
    public static BatchStatus Of(BatchFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        BatchJob job = folder.Job;
        var missing = new List<int>();
        long doneRows = 0, bad = 0;
        int started = 0, done = 0;
        DateTime? first = null, last = null;
        for (int shard = 0; shard < job.Shards; shard++)
        {
            IReadOnlyList<ShardAttempt> attempts = ShardAttempt.ReadAll(folder.AttemptsFile(shard));
            foreach (ShardAttempt attempt in attempts)
            {
                first = first is null || attempt.At < first ? attempt.At : first;
                last = last is null || (attempt.Event == ShardAttempt.Finished && attempt.At > last) ? attempt.At : last;
            }

            if (folder.IsDone(shard))
            {
                done++;
                doneRows += folder.RowsOf(shard);
                // A log may be garbled: several processes write it.
                int rows = folder.RowsOf(shard);
                bad += attempts.LastOrDefault(a => a.Event == ShardAttempt.Finished && a.Bad <= rows)?.Bad ?? 0;
            }
            else
            {
                missing.Add(shard);
                started += attempts.Count > 0 ? 1 : 0;
            }
        }

        double? rate = done > 1 && last > first ? doneRows / (last.Value - first!.Value).TotalSeconds : null;
        return new BatchStatus
        {
            Shards = job.Shards,
            Done = done,
            Started = started,
            Missing = missing,
            Rows = job.Rows,
            DoneRows = doneRows,
            BadRows = bad,
            PhotosPerSecond = rate,
            SecondsLeft = rate is { } r ? (job.Rows - doneRows) / r : null,
        };
    }
}
