using Inpaint.Jobs;
using Microsoft.ML;

namespace Inpaint.ML.Batches;

/// <summary>A run of <see cref="BatchScoring"/>: scores shards sequentially, on one cursor while they are consecutive.</summary>
internal sealed class ScoringRun(MLContext ml, ITransformer model, IDataView data, IReadOnlyList<string> columns, ScoringFolder folder,
    IProgress<long>? progress)
{
    private DataViewRowCursor? _cursor;
    private bool _more;
    private int _next;

    public BatchScoringSummary Run(CancellationToken stop)
    {
        long scored = 0;
        bool finished = false;
        try
        {
            foreach (int shard in folder.ToDo())
            {
                DataViewRowCursor cursor = CursorAt(shard);
                if (!_more)
                {
                    folder.EndWithin(shard, 0);
                    continue;
                }

                using var stored = new StoredColumns(columns, cursor);
                folder.TryComplete(shard, folder.Hash, stored.Columns, part =>
                {
                    for (; _more && part.Rows < folder.ShardSize; _more = cursor.MoveNext())
                    {
                        stop.ThrowIfCancellationRequested();
                        stored.AddRow();
                        part.EndRow();
                    }

                    scored += part.Rows;
                    if (part.Rows < folder.ShardSize)
                    {
                        folder.EndWithin(shard, (int)part.Rows);
                    }
                });
                _ = folder.IsDone(shard);
                _next = shard + 1;
                progress?.Report(folder.Rows);
            }

            finished = true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            _cursor?.Dispose();
        }

        return new BatchScoringSummary(folder.Rows, scored, folder.Complete, finished);
    }

    private DataViewRowCursor CursorAt(int shard)
    {
        if (_cursor is not null && _next == shard)
        {
            return _cursor;
        }

        _cursor?.Dispose();
        long first = (long)shard * folder.ShardSize;
        IDataView transformed = model.Transform(first == 0 ? data : ml.Data.SkipRows(data, first));
        _cursor = transformed.GetRowCursor(columns.Select(name => transformed.Schema[name]));
        _more = _cursor.MoveNext();
        _next = shard;
        return _cursor;
    }
}
