using System.Threading.Channels;
using Inpaint.Onnx;

namespace Inpaint.Web;

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
    private readonly Channel<InpaintJob> _waiting = Channel.CreateUnbounded<InpaintJob>();
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
    public bool TryAdd(InpaintJob job) => _waiting.Writer.TryWrite(job);

    /// <summary>Takes no more photos; those that it has are still done.</summary>
    public void Retire() => _waiting.Writer.TryComplete();

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
        var jobs = new List<InpaintJob>();
        ChannelReader<InpaintJob> reader = _waiting.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            Gather(reader, jobs, lane.BatchSize);
            if (jobs.Count > 0)
            {
                Run(lane, jobs);
            }
        }
    }

    private static void Gather(ChannelReader<InpaintJob> reader, List<InpaintJob> jobs, int most)
    {
        jobs.Clear();
        long pixels = 0;
        while (jobs.Count < most && reader.TryPeek(out InpaintJob? next) && (jobs.Count == 0 || pixels + next.Pixels <= BatchPixels) && reader.TryRead(out InpaintJob? job))
        {
            // Another worker may have taken the one that was looked at; what was read counts.
            if (!job.IsAbandoned)
            {
                jobs.Add(job);
                pixels += job.Pixels;
            }
        }
    }

    private void Run(InpaintingLane lane, List<InpaintJob> jobs)
    {
        _metrics.Batch(Name, jobs.Count);
        try
        {
            lane.Run([.. jobs.Select(job => job.Row)]);
            jobs.ForEach(job => job.Finish());
        }
        catch (Exception e)
        {
            jobs.ForEach(job => job.Fail(e));
        }
    }
}
