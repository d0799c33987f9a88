using Inpaint.Files;
using Microsoft.ML;

namespace Inpaint.ML.Batches;

/// <summary>A run of <see cref="BatchScoring"/>: scores shards one after the other, on one cursor as long as they follow each other.</summary>
internal sealed class ScoringRun(MLContext ml, ITransformer model, IDataView data, IReadOnlyList<string> columns, ScoringShards shards, IProgress<long>? progress)
{
    private DataViewRowCursor? _cursor;
    private bool _more;
    private int _next;

    public BatchScoringSummary Run(CancellationToken stop)
    {
        long scored = 0;
        try
        {
            foreach (int shard in shards.ToDo())
            {
                DataViewRowCursor cursor = CursorAt(shard);
                if (!_more)
                {
                    shards.EndWithin(shard, 0);
                    continue;
                }

                shards.Begin(shard);
                var stored = new StoredColumns(cursor.Schema, columns, cursor);
                for (; _more && stored.Rows < shards.ShardSize; _more = cursor.MoveNext())
                {
                    if (stop.IsCancellationRequested)
                    {
                        return Summary(scored, finished: false);
                    }

                    stored.Take();
                }

                if (stored.Rows < shards.ShardSize)
                {
                    shards.EndWithin(shard, stored.Rows);
                }

                // Another process may have been first; its part is the same.
                AtomicFile.TryCreate(shards.PartFile(shard), stored.Write);
                shards.End(shard);
                _next = shard + 1;
                scored += stored.Rows;
                progress?.Report(shards.Rows);
            }
        }
        finally
        {
            _cursor?.Dispose();
        }

        shards.Clear();
        return Summary(scored, finished: true);
    }

    /// <summary>A cursor on the first row of a shard.</summary>
    private DataViewRowCursor CursorAt(int shard)
    {
        if (_cursor is not null && _next == shard)
        {
            return _cursor;
        }

        _cursor?.Dispose();
        long first = (long)shard * shards.ShardSize;
        IDataView transformed = model.Transform(first == 0 ? data : ml.Data.SkipRows(data, first));
        _cursor = transformed.GetRowCursor(columns.Select(name => transformed.Schema[name]));
        _more = _cursor.MoveNext();
        _next = shard;
        return _cursor;
    }

    private BatchScoringSummary Summary(long scored, bool finished) => new(shards.Rows, scored, shards.Complete, finished);
}
