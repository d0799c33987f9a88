using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Inpaint.Onnx.Runtime;

/// <summary>
/// Processes batches in parallel and returns them in order. The caller's thread fills them, workers process them, and batches are reused.
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

    /// <summary>Creates the batches; none is filled before the first <see cref="Next"/>.</summary>
    /// <param name="workers">The number of concurrent batches, at least 1.</param>
    /// <param name="create">Creates a batch; called <c>workers + 1</c> times.</param>
    /// <param name="fill">Fills a batch on the caller's thread; returns false at the end of the data.</param>
    /// <param name="work">Processes a filled batch, on another thread.</param>
    /// <param name="cancellation">Stops the workers.</param>
    public OrderedWorkers(
        int workers, Func<TBatch> create, Func<TBatch, bool> fill, Action<TBatch, CancellationToken> work,
        CancellationToken cancellation = default)
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

    /// <summary>
    /// Returns the next processed batch, in the order of filling; null after the last. The previously returned batch is reused.
    /// </summary>
    /// <exception cref="Exception">The exception of filling or processing this batch.</exception>
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

    /// <summary>Stops the workers, waits for them and disposes the batches if they are disposable.</summary>
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
    /// Processes the oldest waiting batch, so that the next batch to return never waits behind others.
    /// There is one batch more than workers, so that no worker is idle while the oldest batch is being processed.
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
        // One batch is read by the caller while the workers process the others.
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
                // Rows before the failed one are returned first.
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
