namespace Inpaint.Web.Serving;

/// <summary>Lets so many pixels in at once, in the order in which they come: decoded photos are what memory goes to. One that is larger than all goes in alone.</summary>
internal sealed class PixelGate(ServiceOptions options)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(long Pixels, TaskCompletionSource Entered)> _waiting = [];
    private long _inside;

    /// <summary>Waits until there is room.</summary>
    /// <exception cref="OperationCanceledException">It was given up before.</exception>
    public async Task EnterAsync(long pixels, CancellationToken cancellation)
    {
        LinkedListNode<(long, TaskCompletionSource Entered)> place;
        lock (_lock)
        {
            if (_waiting.Count == 0 && Fits(pixels))
            {
                _inside += pixels;
                return;
            }

            place = _waiting.AddLast((pixels, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        using CancellationTokenRegistration givenUp = cancellation.UnsafeRegister(_ => GiveUp(place, cancellation), null);
        await place.Value.Entered.Task;
    }

    /// <summary>Makes room.</summary>
    public void Leave(long pixels)
    {
        lock (_lock)
        {
            _inside -= pixels;
            LetIn();
        }
    }

    private void GiveUp(LinkedListNode<(long, TaskCompletionSource Entered)> place, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return;
            }

            _waiting.Remove(place);
            LetIn();
        }

        place.Value.Entered.TrySetCanceled(cancellation);
    }

    private void LetIn()
    {
        while (_waiting.First is { } next && Fits(next.Value.Pixels))
        {
            _waiting.RemoveFirst();
            _inside += next.Value.Pixels;
            next.Value.Entered.TrySetResult();
        }
    }

    private bool Fits(long pixels) => _inside == 0 || _inside + pixels <= options.MaxPendingPixels;
}
