using Inpaint.Scenes;

namespace Inpaint.Web.Serving;

/// <summary>
/// A loaded graph with its workers. A free worker takes all waiting photos, up to a batch: a single photo runs immediately,
/// and batches form when photos arrive faster than they are completed.
/// </summary>
internal sealed class ServedGraph
{
    // The photos of a batch are in memory together.
    private const long MaxBatchPixels = 8_000_000;

    private readonly Inpainter _inpainter;
    private readonly ServiceMetrics _metrics;
    private readonly PhotoQueue _queue = new(MaxBatchPixels);

    /// <summary>Loads the graph and completes a test photo with it.</summary>
    /// <exception cref="InpaintException">The graph cannot be used.</exception>
    public ServedGraph(string name, GraphPackage package, ServiceOptions options, ServiceMetrics metrics)
    {
        (Name, _metrics) = (name, metrics);
        _inpainter = new Inpainter(package, new InpaintingOptions
        {
            Execution = options.Execution with { DeadlineSeconds = Math.Max(1, options.TimeoutSeconds) },
            Decoding = options.Decoding,
            OnError = OnError.Row,
        });
        try
        {
            CompleteTestPhoto();
        }
        catch
        {
            _inpainter.Dispose();
            throw;
        }

        Task[] workers = [.. Enumerable.Range(0, _inpainter.Options.Execution.WorkerCount).Select(_ =>
            Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Ended = Task.WhenAll(workers).ContinueWith(_ => _inpainter.Dispose(), TaskScheduler.Default);
    }

    public string Name { get; }

    public GraphManifest Manifest => _inpainter.Graph.Manifest;

    /// <summary>The device it runs on.</summary>
    public string Provider => _inpainter.Session.Device.ToString();

    /// <summary>The encoder of captions; null where the graph takes none.</summary>
    public CaptionEncoder? Captions => _inpainter.Captions;

    public DateTimeOffset LoadedAt { get; } = DateTimeOffset.UtcNow;

    /// <summary>Completes after <see cref="Retire"/>, when the last photo is done and the graph's memory is free.</summary>
    public Task Ended { get; }

    /// <summary>Photos that wait for a free worker.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Queues a photo; false when the graph is retired, and has perhaps been replaced.</summary>
    public bool TryAdd(PendingPhoto photo) => _queue.TryAdd(photo);

    /// <summary>Accepts no more photos; those in the queue are still completed.</summary>
    public void Retire() => _queue.Close();

    private void CompleteTestPhoto()
    {
        Scene scene = SceneGenerator.Draw(1, Math.Clamp(Manifest.Size.Width ?? 64, SceneGenerator.MinSize, SceneGenerator.MaxSize));
        var row = new InpaintingRow { Name = $"the test photo of '{Name}'", Photo = scene.Photo, Captions = [scene.Caption] };
        using InpaintingWorker worker = _inpainter.CreateWorker(1);
        worker.Run([row]);
        row.ThrowIfFailed();
    }

    private void Work()
    {
        using InpaintingWorker worker = _inpainter.CreateWorker();
        while (_queue.Take(worker.BatchSize) is { } photos)
        {
            Run(worker, photos);
        }
    }

    private void Run(InpaintingWorker worker, List<PendingPhoto> photos)
    {
        _metrics.Batch(Name, photos.Count);
        using var abandoned = new CancellationTokenSource();
        int wanted = photos.Count;
        CancellationTokenRegistration[] registrations = [.. photos.Select(photo => photo.Cancellation.UnsafeRegister(_ =>
        {
            // The run is stopped when no request is waiting for any of its photos.
            if (Interlocked.Decrement(ref wanted) == 0)
            {
                abandoned.Cancel();
            }
        }, null))];
        try
        {
            worker.Run([.. photos.Select(photo => photo.Row)], abandoned.Token);
            photos.ForEach(photo => photo.Finish());
        }
        catch (Exception e)
        {
            photos.ForEach(photo => photo.Finish(e));
        }
        finally
        {
            // Waits for running callbacks, which use the token source that is disposed next.
            Array.ForEach(registrations, registration => registration.Dispose());
        }
    }
}
