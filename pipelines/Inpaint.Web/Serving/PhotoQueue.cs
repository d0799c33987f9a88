using System.Diagnostics;

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

    /// <summary>Cancelled when no request is waiting for the result any more.</summary>
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

/// <summary>Photos waiting for a graph, in order of arrival. A cancelled photo is freed immediately (a channel would keep it).</summary>
internal sealed class PhotoQueue(long maxBatchPixels)
{
    private readonly LinkedList<PendingPhoto> _photos = [];
    private bool _isClosed;

    public int Count => _photos.Count;

    /// <summary>Appends a photo; false when the queue is closed.</summary>
    public bool TryAdd(PendingPhoto photo)
    {
        var node = new LinkedListNode<PendingPhoto>(photo);
        lock (_photos)
        {
            if (_isClosed)
            {
                return false;
            }

            _photos.AddLast(node);
            Monitor.Pulse(_photos);
        }

        photo.OnCancelled(() =>
        {
            lock (_photos)
            {
                node.List?.Remove(node);
            }
        });
        return true;
    }

    /// <summary>Accepts no more photos; those that wait are still handed out.</summary>
    public void Close()
    {
        lock (_photos)
        {
            _isClosed = true;
            Monitor.PulseAll(_photos);
        }
    }

    /// <summary>Waits for photos and takes the next batch.</summary>
    /// <returns>1 to <paramref name="count"/> photos, within the pixel limit if several; null when the queue is closed and empty.</returns>
    public List<PendingPhoto>? Take(int count)
    {
        lock (_photos)
        {
            while (_photos.Count == 0 && !_isClosed)
            {
                Monitor.Wait(_photos);
            }

            var batch = new List<PendingPhoto>();
            for (long pixels = 0; batch.Count < count && _photos.First is { Value: var photo }; batch.Add(photo))
            {
                pixels += photo.Pixels;
                if (batch.Count > 0 && pixels > maxBatchPixels)
                {
                    break;
                }

                _photos.RemoveFirst();
            }

            return batch.Count > 0 ? batch : null;
        }
    }
}
