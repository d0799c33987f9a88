namespace Inpaint.Onnx.Runtime;

/// <summary>The memory of concurrent runs of all graphs in the process: a run waits until it fits. First come, first served.</summary>
internal static class RunMemory
{
    private static readonly LinkedList<long> Waiting = new();
    private static long _taken;

    /// <summary>Waits for memory. A run that needs more than the limit waits until no other run has any.</summary>
    /// <param name="bytes">The memory that the run takes.</param>
    /// <param name="limit">The memory that all runs may take together.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The share of the run; disposing it lets others run.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static IDisposable Acquire(long bytes, long limit, CancellationToken cancellation)
    {
        LinkedListNode<long> own;
        lock (Waiting)
        {
            own = Waiting.AddLast(bytes);
        }

        // Registered outside the lock, which its callback takes.
        CancellationTokenRegistration onCancelled = cancellation.UnsafeRegister(static _ => Wake(), null);
        lock (Waiting)
        {
            try
            {
                while (Waiting.First != own || (_taken > 0 && _taken + bytes > limit))
                {
                    cancellation.ThrowIfCancellationRequested();
                    Monitor.Wait(Waiting);
                }

                _taken += bytes;
            }
            finally
            {
                Waiting.Remove(own);
                Monitor.PulseAll(Waiting);
                onCancelled.Unregister();
            }
        }

        return new Share(bytes);
    }

    private static void Wake()
    {
        lock (Waiting)
        {
            Monitor.PulseAll(Waiting);
        }
    }

    private sealed class Share(long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose()
        {
            lock (Waiting)
            {
                _taken -= _bytes;
                _bytes = 0;
                Monitor.PulseAll(Waiting);
            }
        }
    }
}
