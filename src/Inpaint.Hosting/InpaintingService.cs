using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Inpaint.Hosting;

/// <summary>Lends a bounded number of workers of one graph to concurrent calls.</summary>
internal sealed partial class InpaintingService : IInpaintingService, IDisposable
{
    private readonly InpaintingServiceOptions _options;
    private readonly ILogger<InpaintingService> _log;
    private readonly string _name;
    private readonly SemaphoreSlim _slots;
    private readonly ConcurrentBag<InpaintingWorker> _idle = [];
    private readonly Lock _lock = new();
    private readonly int _workers;
    private Inpainter? _inpainter;
    private string? _warning;
    private volatile InpaintingState? _state;
    private volatile bool _disposed;

    public InpaintingService(string name, InpaintingServiceOptions options, ILogger<InpaintingService> log)
    {
        (_name, _options, _log) = (name.Length == 0 ? "default" : name, options, log);
        _workers = Setting.Validate(options.Inpainting.Execution).WorkerCount;
        _slots = new SemaphoreSlim(_workers);
    }

    public async Task<InpaintingState> WarmUpAsync(CancellationToken cancellationToken = default)
    {
        if (_state is { } state)
        {
            return state;
        }

        Inpainter inpainter = await Task.Run(Load, cancellationToken).ConfigureAwait(false);
        (int width, int height) = inpainter.Processor.Geometry.PictureSize ?? (64, 64);
        var blank = new InpaintingRow { Name = "the warm-up's photo", Photo = new Photo(width, height), CaptionsWithheld = true };
        await RunAsync(blank, cancellationToken).ConfigureAwait(false);
        blank.ThrowIfFailed();
        return _state = new InpaintingState(inpainter.Graph.Manifest, inpainter.Session.Device, _warning);
    }

    public async Task<Photo> CompleteAsync(
        Photo photo, Hole? hole = null, IReadOnlyList<string>? captions = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photo);
        var row = new InpaintingRow { Name = "the photo", Photo = photo, Hole = hole, Captions = captions ?? [] };
        await RunAsync(row, cancellationToken).ConfigureAwait(false);
        row.ThrowIfFailed();
        return row.Completed!;
    }

    public async Task<InpaintingRow> CompleteAsync(InpaintingRow row, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        await RunAsync(row, cancellationToken).ConfigureAwait(false);
        if (_options.Inpainting.OnError == OnError.Fail)
        {
            row.ThrowIfFailed();
        }

        return row;
    }

    public async IAsyncEnumerable<InpaintingRow> CompleteAsync(
        IAsyncEnumerable<InpaintingRow> rows, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var underWay = new Queue<Task<InpaintingRow>>();
        IAsyncEnumerator<InpaintingRow> source = rows.GetAsyncEnumerator(stop.Token);
        Task<bool>? next = null;
        try
        {
            for (bool ended = false; !ended || underWay.Count > 0;)
            {
                // One row waits, so that no worker does.
                if (!ended && underWay.Count <= _workers)
                {
                    next ??= source.MoveNextAsync().AsTask();
                }

                // Results are returned even if the source has to see them before it goes on.
                if (next is not null && (underWay.Count == 0 || await Task.WhenAny(underWay.Peek(), next).ConfigureAwait(false) == next))
                {
                    ended = !await next.ConfigureAwait(false);
                    next = null;
                    if (!ended)
                    {
                        underWay.Enqueue(CompleteAsync(source.Current, stop.Token));
                    }
                }
                else
                {
                    yield return await underWay.Dequeue().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll([.. underWay, next ?? Task.CompletedTask])
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            DisposeIdle();
            _inpainter?.Dispose();
            _inpainter = null;
        }
    }

    private async Task RunAsync(InpaintingRow row, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await Task.Run(() => Run(row, cancellation), cancellation).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private void Run(InpaintingRow row, CancellationToken cancellation)
    {
        Inpainter inpainter = Load();
        if (!_idle.TryTake(out InpaintingWorker? worker))
        {
            worker = inpainter.CreateWorker(1);
        }

        try
        {
            worker.Run([row], cancellation);
        }
        finally
        {
            _idle.Add(worker);
            if (_disposed)
            {
                DisposeIdle();
            }
        }
    }

    private void DisposeIdle()
    {
        while (_idle.TryTake(out InpaintingWorker? worker))
        {
            worker.Dispose();
        }
    }

    private Inpainter Load()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _inpainter ??= Open();
        }
    }

    private Inpainter Open()
    {
        GraphPackage graph = _options.Package ?? GraphPackage.Load(_options.Graph ?? throw new GraphException(
            $"The inpainting service '{_name}' names no graph; expected {nameof(InpaintingServiceOptions.Graph)} or "
                + $"{nameof(InpaintingServiceOptions.Package)} in the options of AddInpainting."));
        ExecutionOptions execution = _options.Inpainting.Execution;
        var inpainter = new Inpainter(graph, _options.Inpainting with
        {
            Execution = execution with
            {
                Warn = message =>
                {
                    _warning = message;
                    LogWarning(_name, message);
                    execution.Warn?.Invoke(message);
                },
            },
        });
        LogLoaded(_name, graph.Manifest.Name, inpainter.Session.Device);
        return inpainter;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Inpainting service {Service}: {Warning}")]
    private partial void LogWarning(string service, string warning);

    [LoggerMessage(Level = LogLevel.Information, Message = "Inpainting service {Service}: graph {Graph} is loaded on {Device}.")]
    private partial void LogLoaded(string service, string graph, GraphDevice device);
}
