using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Inpaint.Onnx.Runtime;

/// <summary>
/// Batches worked on side by side and handed back in order. The caller's thread fills them, workers work on them, and no more
/// are worked on at once than there are workers; batches are reused.
/// </summary>
/// <typeparam name="TBatch">A batch with its buffers.</typeparam>
public sealed class OrderedWorkers<TBatch> : IDisposable where TBatch : class
{
    private readonly Func<TBatch, bool> _fill;
    private readonly Action<TBatch, CancellationToken> _work;
    private readonly Queue<(TBatch Batch, Task Done)> _underWay = new();
    private readonly ConcurrentQueue<(TBatch Batch, TaskCompletionSource Done)> _waiting = new();
    private readonly Stack<TBatch> _free = new();
    private readonly List<TBatch> _all = [];
    private readonly SemaphoreSlim _workers;
    private readonly CancellationTokenSource _stop;
    private TBatch? _handedOut;
    private ExceptionDispatchInfo? _fillError;
    private bool _ended;
    private bool _disposed;

    /// <summary>Prepares the batches; nothing is filled before the first <see cref="Next"/>.</summary>
    /// <param name="workers">Batches worked on at once, at least 1.</param>
    /// <param name="create">Makes a batch; called <c>workers + 1</c> times.</param>
    /// <param name="fill">Fills a batch on the caller's thread; false when there was nothing left to put in.</param>
    /// <param name="work">Works on a filled batch, on another thread.</param>
    /// <param name="cancellation">Stops the workers.</param>
    public OrderedWorkers(int workers, Func<TBatch> create, Func<TBatch, bool> fill, Action<TBatch, CancellationToken> work, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentNullException.ThrowIfNull(create);
        _fill = fill;
        _work = work;
        _workers = new SemaphoreSlim(workers);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            for (int i = 0; i <= workers; i++)
            {
                TBatch batch = create();
                _all.Add(batch);
                _free.Push(batch);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The next batch, in the order of filling, when its work is done; null after the last. The one handed out before is reused.</summary>
    /// <exception cref="Exception">What filling or working on this batch threw.</exception>
    public TBatch? Next()
    {
        if (_handedOut is not null)
        {
            _free.Push(_handedOut);
            _handedOut = null;
        }

        Start();
        if (_underWay.Count == 0)
        {
            _fillError?.Throw();
            return null;
        }

        (TBatch batch, Task done) = _underWay.Dequeue();
        Start();
        try
        {
            done.GetAwaiter().GetResult();
        }
        catch
        {
            _free.Push(batch);
            throw;
        }

        _handedOut = batch;
        return batch;
    }

    /// <summary>Stops the workers, waits for them and disposes the batches that want it.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = _ended = true;
        _stop.Cancel();
        while (_underWay.TryDequeue(out var running))
        {
            ((IAsyncResult)running.Done).AsyncWaitHandle.WaitOne();
            _ = running.Done.Exception;
        }

        foreach (IDisposable batch in _all.OfType<IDisposable>())
        {
            batch.Dispose();
        }

        _all.Clear();
        _stop.Dispose();
        _workers.Dispose();
    }

    /// <summary>
    /// Works on the batch that waits longest, whichever task comes to it first: the one that is handed out next is never behind others.
    /// One batch more than there are workers waits, so that none is idle while the oldest batch is still worked on.
    /// </summary>
    private async Task WorkOnOldestAsync(CancellationToken stop)
    {
        (TBatch Batch, TaskCompletionSource Done) oldest;
        try
        {
            await _workers.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = _waiting.TryDequeue(out oldest);
            oldest.Done.SetCanceled(stop);
            return;
        }

        _ = _waiting.TryDequeue(out oldest);
        try
        {
            _work(oldest.Batch, stop);
        }
        catch (Exception e)
        {
            _workers.Release();
            oldest.Done.SetException(e);
            return;
        }

        _workers.Release();
        oldest.Done.SetResult();
    }

    private void Start()
    {
        // One batch stays free for the caller to read while the workers are busy with the others.
        while (!_ended && _underWay.Count < _all.Count - 1 && _free.TryPop(out TBatch? batch))
        {
            try
            {
                if (!_fill(batch))
                {
                    _ended = true;
                    _free.Push(batch);
                    return;
                }
            }
            catch (Exception e)
            {
                // Rows before the faulty one are handed out first.
                _fillError = ExceptionDispatchInfo.Capture(e);
                _ended = true;
                _free.Push(batch);
                return;
            }

            CancellationToken stop = _stop.Token;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((batch, done));
            _underWay.Enqueue((batch, done.Task));
            _ = Task.Run(() => WorkOnOldestAsync(stop), CancellationToken.None);
        }
    }
}
