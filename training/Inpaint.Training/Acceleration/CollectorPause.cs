using System.Runtime;

namespace Inpaint.Training;

/// <summary>
/// Keeps the garbage collector from running until disposed. TorchSharp passes numbers to libtorch as objects of native memory without keeping
/// them alive during the call (0.107): a collection at that moment frees the number under libtorch's hands, which ends in "Unknown scalar type"
/// or another number. Seen about once in 2,000 steps. Collections happen between the pauses.
/// </summary>
internal readonly struct CollectorPause : IDisposable
{
    // A step allocates a few megabytes: its batch, and small objects. Past this the collector runs all the same.
    private const long MostBytes = 200L << 20;

    /// <summary>Begins a pause; where one is under way already, that one goes on.</summary>
    public static CollectorPause Begin()
    {
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion)
        {
            _ = GC.TryStartNoGCRegion(MostBytes);
        }

        return default;
    }

    public void Dispose()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
        {
            GC.EndNoGCRegion();
        }
    }
}
