using System.Diagnostics;
using Inpaint.Onnx.Inpainting;

namespace Inpaint.Web.Serving;

/// <summary>One photo on its way through a graph.</summary>
internal sealed class InpaintJob(InpaintingRow row, long pixels, CancellationToken cancellation)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _begin = Stopwatch.GetTimestamp();
    private CancellationTokenRegistration _givenUp;

    /// <summary>The photo, and afterwards its result.</summary>
    public InpaintingRow Row { get; } = row;

    /// <summary>About how many pixels it has.</summary>
    public long Pixels { get; } = pixels;

    /// <summary>Ends early when nobody waits for the job any more.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>The time from its arrival to its result.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Ends when the result stands in the row; throws when the request is given up.</summary>
    public Task Done => _done.Task.WaitAsync(cancellation);

    /// <summary>Says what to do when nobody waits any more, before the job is done.</summary>
    public void WhenGivenUp(Action action) => _givenUp = cancellation.UnsafeRegister(_ => action(), null);

    public void Finish()
    {
        Took = Stopwatch.GetElapsedTime(_begin);
        _givenUp.Dispose();
        _done.TrySetResult();
    }

    public void Fail(Exception error)
    {
        _givenUp.Dispose();
        _done.TrySetException(error);
    }
}
