using System.Diagnostics;
using Inpaint.Onnx.Inpainting;

namespace Inpaint.Web.Serving;

/// <summary>A photo that waits for a graph, and then its result.</summary>
internal sealed class PendingPhoto(InpaintingRow row, long pixels, CancellationToken cancellation)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _begin = Stopwatch.GetTimestamp();
    private CancellationTokenRegistration _onCancelled;

    /// <summary>The photo, and afterwards its result.</summary>
    public InpaintingRow Row { get; } = row;

    /// <summary>Its size in pixels.</summary>
    public long Pixels { get; } = pixels;

    /// <summary>Cancelled when nobody waits for the result any more.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>The time from arrival to result.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Completes when the row contains the result; cancelled with the request.</summary>
    public Task Done => _done.Task.WaitAsync(cancellation);

    /// <summary>Registers what to do when the request is cancelled before the photo is done.</summary>
    public void OnCancelled(Action action) => _onCancelled = cancellation.UnsafeRegister(_ => action(), null);

    /// <summary>Ends the wait, with an error or with the result in the row.</summary>
    public void Finish(Exception? error = null)
    {
        Elapsed = Stopwatch.GetElapsedTime(_begin);
        _onCancelled.Dispose();
        _ = error is null ? _done.TrySetResult() : _done.TrySetException(error);
    }
}

/// <summary>Photos waiting for a graph, in order of arrival. A cancelled photo is freed at once (a channel would keep it).</summary>
internal sealed class PhotoQueue(long maxBatchPixels)
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly LinkedList<PendingPhoto> _photos = [];
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _photos.Count;
            }
        }
    }

    /// <summary>Appends a photo; false when the queue is closed.</summary>
    public bool TryAdd(PendingPhoto photo)
    {
        LinkedListNode<PendingPhoto> node;
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            node = _photos.AddLast(photo);
        }

        _ready.Release();
        photo.OnCancelled(() =>
        {
            lock (_lock)
            {
                node.List?.Remove(node);
            }
        });
        return true;
    }

    /// <summary>Accepts no more photos; those that wait are still handed out.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        _ready.Release();
    }

    /// <summary>Waits for photos and takes the next batch.</summary>
    /// <returns>
    /// At most <paramref name="count"/> photos within the pixel limit; none if they were cancelled meanwhile; null if the queue is closed and empty.
    /// </returns>
    public List<PendingPhoto>? Take(int count)
    {
        _ready.Wait();
        var batch = new List<PendingPhoto>();
        lock (_lock)
        {
            long pixels = 0;
            while (batch.Count < count
                && _photos.First is { Value: var photo }
                && (batch.Count == 0 || pixels + photo.Pixels <= maxBatchPixels))
            {
                _photos.RemoveFirst();
                pixels += photo.Pixels;
                batch.Add(photo);
            }

            if (batch.Count == 0 && _isClosed && _photos.Count == 0)
            {
                // Wakes the next worker.
                _ready.Release();
                return null;
            }
        }

        return batch;
    }
}
