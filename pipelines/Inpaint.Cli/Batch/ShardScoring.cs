using Inpaint.Cli.Graphs;
using Inpaint.Cli.Score;
using Inpaint.Evaluation.Metrics;
using Inpaint.Jobs;
using Inpaint.ML.Rows;

namespace Inpaint.Cli.Batch;

/// <summary>Scores the photos of a job's shards with the pipeline of <c>score</c> and the job's own copy of the graph.</summary>
internal sealed class ShardScoring : IDisposable
{
    private readonly PhotoPipeline _pipeline;
    private readonly bool _metrics;
    private readonly CancellationToken _stop;

    public ShardScoring(BatchFolder folder, ExecutionOptions execution, CancellationToken stop)
    {
        (_metrics, _stop) = (folder.Job.Options.Metrics, stop);
        var options = new InpaintingOptions
        {
            Execution = execution with { BatchSize = folder.Job.Options.BatchSize },
            Fill = new FillOptions { Feather = folder.Job.Options.Feather },
            Output = new OutputOptions { Format = PhotoFormat.Png },
            OnError = OnError.Row,
        };
        _pipeline = new PhotoPipeline(folder.GraphFolder, options, masks: null);
    }

    /// <summary>A result for each photo, in order.</summary>
    public IEnumerable<BatchResult> Score(IEnumerable<PhotoRecord> photos)
    {
        // The photos of a shard are all read as files, or none is.
        using IEnumerator<PhotoRecord> records = photos.GetEnumerator();
        if (!records.MoveNext())
        {
            yield break;
        }

        bool areFiles = records.Current.Path is not null;
        foreach (ScoreItem photo in _pipeline.Complete(Items(records), areFiles))
        {
            yield return ToResult(photo);
        }
    }

    public void Dispose() => _pipeline.Dispose();

    private IEnumerable<ScoreItem> Items(IEnumerator<PhotoRecord> records)
    {
        do
        {
            if (_stop.IsCancellationRequested)
            {
                yield break;
            }

            // Errors name the photo by its id: the dataset's location is not part of the results.
            PhotoRecord record = records.Current;
            yield return new ScoreItem(record.Id, record.Id, record, [.. record.Captions], null, "");
        }
        while (records.MoveNext());
    }

    private BatchResult ToResult(ScoreItem photo)
    {
        PhotoRecord record = photo.Record;
        if (photo.Status != InpaintingStatus.Ok)
        {
            return Bad(record, photo.Status, photo.Error);
        }

        byte[] picture = photo.Picture.ToArray();
        double? mse = null;
        try
        {
            mse = _metrics ? HoleMse(record, picture) : null;
        }
        catch (PhotoException e)
        {
            // It was readable when it was completed.
            return Bad(record, InpaintingStatus.BadPhoto, e.Message);
        }

        return new BatchResult(record.Id, BatchResult.Ok, null, picture, mse, mse is > 0 ? FilledPhoto.ToPsnr(mse.Value) : null);
    }

    /// <summary>A file's error names it by its path, which is not part of the results.</summary>
    private static BatchResult Bad(PhotoRecord record, InpaintingStatus status, string? error) =>
        new(record.Id, status.ToWord(), record.Path is { } path ? error?.Replace(path, record.Id, StringComparison.Ordinal) : error, null,
            null, null);

    private static double HoleMse(PhotoRecord record, byte[] picture)
    {
        Photo truth = record.Decode(), completed = PhotoCodec.Decode(picture, name: record.Id);
        if ((truth.Width, truth.Height) != (completed.Width, completed.Height))
        {
            throw new PhotoException($"{record.Id} has {truth.Width}x{truth.Height} pixels; it had {completed.Width}x{completed.Height} "
                + $"when it was completed. It was changed meanwhile: run the job on photos that do not change.");
        }

        return new FilledPhoto(truth, completed, Hole.Default(truth.Width, truth.Height)).MeanSquaredError;
    }
}
