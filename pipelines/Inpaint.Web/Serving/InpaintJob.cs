using System.Diagnostics;
using Inpaint.Onnx;

namespace Inpaint.Web;

/// <summary>One photo on its way through a graph.</summary>
internal sealed class InpaintJob(InpaintingRow row, long pixels, CancellationToken cancellation)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _begin = Stopwatch.GetTimestamp();

    /// <summary>The photo, and afterwards its result.</summary>
    public InpaintingRow Row { get; } = row;

    /// <summary>About how many pixels it has.</summary>
    public long Pixels { get; } = pixels;

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsAbandoned => cancellation.IsCancellationRequested;

    /// <summary>The time from its arrival to its result.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Ends when the result stands in the row; throws when the request is given up.</summary>
    public Task Done => _done.Task.WaitAsync(cancellation);

    public void Finish()
    {
        Took = Stopwatch.GetElapsedTime(_begin);
        _done.TrySetResult();
    }

    public void Fail(Exception error) => _done.TrySetException(error);
}
