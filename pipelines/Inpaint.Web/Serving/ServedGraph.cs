
using Inpaint.Captions;
using Inpaint.Graphs;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Inpaint.Scenes;

namespace Inpaint.Web.Serving;

/// <summary>
/// A loaded graph with its workers. A free worker takes what waits, up to a batch: alone a photo is run at once, and batches form by themselves
/// when photos come faster than they are done.
/// </summary>
internal sealed class ServedGraph
{
    // Photos of a batch are decoded together: so many pixels at the most, unless one alone has more.
    private const long BatchPixels = 8_000_000;

    private readonly Inpainter _inpainter;
    private readonly ServiceMetrics _metrics;
    private readonly JobQueue _waiting = new(BatchPixels);
    private readonly Task _ended;

    public ServedGraph(string name, GraphPackage package, ServiceOptions options, ServiceMetrics metrics)
    {
        (Name, _metrics) = (name, metrics);
        _inpainter = new Inpainter(package, new InpaintingOptions
        {
            Device = options.Device,
            Workers = options.Workers,
            BatchSize = options.BatchSize,
            MaxPixels = options.MaxPixels,
            DeadlineSeconds = Math.Max(1, options.Timeout.TotalSeconds),
            OnError = OnError.Row,
        });
        try
        {
            Try();
        }
        catch
        {
            _inpainter.Dispose();
            throw;
        }

        LoadedAt = DateTimeOffset.UtcNow;
        var workers = new List<Task>();
        for (int i = 0; i < _inpainter.Workers; i++)
        {
            workers.Add(Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }

        _ended = Task.WhenAll(workers).ContinueWith(_ => _inpainter.Dispose(), TaskScheduler.Default);
    }

    public string Name { get; }

    public GraphManifest Manifest => _inpainter.Graph.Manifest;

    /// <summary>SHA-256 of the graph's file.</summary>
    public string Sha256 => _inpainter.Graph.Manifest.Graph.Sha256;

    /// <summary>Where it runs.</summary>
    public string Provider => _inpainter.Session.Device.ToString();

    /// <summary>The captions' words; null where the graph takes none.</summary>
    public CaptionEncoder? Captions => _inpainter.Captions;

    public DateTimeOffset LoadedAt { get; }

    /// <summary>Ends when the last photo is done and the graph's memory is free again.</summary>
    public Task Ended => _ended;

    /// <summary>Takes a photo; false when the graph is on its way out, and another one has its name.</summary>
    public bool TryAdd(InpaintJob job) => _waiting.TryAdd(job);

    /// <summary>Photos that wait for a free worker.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Takes no more photos; those that it has are still done.</summary>
    public void Retire() => _waiting.Complete();

    /// <summary>A known picture, before anybody's.</summary>
    private void Try()
    {
        Scene scene = SceneGenerator.Draw(1, Math.Clamp(Manifest.Size.Width ?? 64, SceneGenerator.MinSize, SceneGenerator.MaxSize));
        var row = new InpaintingRow { Name = $"the trial picture of '{Name}'", Photo = scene.Photo, Captions = [scene.Caption] };
        using InpaintingLane lane = _inpainter.CreateLane(1);
        lane.Run([row]);
        row.ThrowIfFailed();
    }

    private void Work()
    {
        using InpaintingLane lane = _inpainter.CreateLane();
        while (_waiting.Take(lane.BatchSize) is { } jobs)
        {
            if (jobs.Count > 0)
            {
                Run(lane, jobs);
            }
        }
    }

    private void Run(InpaintingLane lane, List<InpaintJob> jobs)
    {
        _metrics.Batch(Name, jobs.Count);
        using var abandoned = new CancellationTokenSource();
        int wanted = jobs.Count;
        CancellationTokenRegistration[] watched = [.. jobs.Select(job => job.Cancellation.UnsafeRegister(_ =>
        {
            // When nobody waits for any of them the work stops, inside the graph too.
            if (Interlocked.Decrement(ref wanted) == 0)
            {
                abandoned.Cancel();
            }
        }, null))];
        try
        {
            lane.Run([.. jobs.Select(job => job.Row)], abandoned.Token);
            jobs.ForEach(job => job.Finish());
        }
        catch (Exception e)
        {
            jobs.ForEach(job => job.Fail(e));
        }
        finally
        {
            // Those that are being called are waited for: they cancel what is disposed next.
            Array.ForEach(watched, w => w.Dispose());
        }
    }
}
