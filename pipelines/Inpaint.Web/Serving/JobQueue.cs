namespace Inpaint.Web.Serving;

/// <summary>
/// Photos that wait for a graph. A job that is given up leaves at once, with its bytes; a batch is taken in the order of arrival.
/// (A channel that is looked into before it is read keeps what it has given out.)
/// </summary>
internal sealed class JobQueue(long mostPixels)
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly LinkedList<InpaintJob> _jobs = [];
    private bool _completed;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _jobs.Count;
            }
        }
    }

    /// <summary>Puts a job at the end; false when no more are taken.</summary>
    public bool TryAdd(InpaintJob job)
    {
        LinkedListNode<InpaintJob> place;
        lock (_lock)
        {
            if (_completed)
            {
                return false;
            }

            place = _jobs.AddLast(job);
        }

        _ready.Release();
        job.WhenGivenUp(() => Remove(place));
        return true;
    }

    /// <summary>Takes no more jobs; those that wait are still given out.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
        }

        _ready.Release();
    }

    /// <summary>Waits for jobs and takes the first ones.</summary>
    /// <param name="most">How many at the most.</param>
    /// <returns>The jobs, fewer than there are where their pixels would be too many; none when they were given up meanwhile; null when no more come.</returns>
    public List<InpaintJob>? Take(int most)
    {
        _ready.Wait();
        var taken = new List<InpaintJob>();
        lock (_lock)
        {
            long pixels = 0;
            while (taken.Count < most && _jobs.First is { Value: var job } && (taken.Count == 0 || pixels + job.Pixels <= mostPixels))
            {
                _jobs.RemoveFirst();
                pixels += job.Pixels;
                taken.Add(job);
            }

            if (taken.Count == 0 && _completed && _jobs.Count == 0)
            {
                // For the next worker.
                _ready.Release();
                return null;
            }
        }

        return taken;
    }

    private void Remove(LinkedListNode<InpaintJob> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                _jobs.Remove(place);
            }
        }
    }
}
