using System.Runtime;

namespace Inpaint.Onnx.TorchSharp.Libtorch;

/// <summary>Keeps the garbage collector from running until disposed: a workaround for a defect of TorchSharp 0.107.</summary>
/// <remarks>
/// TorchSharp passes scalars to libtorch as native objects without keeping them alive during the call. A collection at that moment frees
/// the scalar, which ends in "Unknown scalar type", "Expected false to be true" or a wrong number: about once in 2,000 training steps.
/// </remarks>
public sealed class GarbageCollectionPause : IDisposable
{
    // A training step or a call of a module allocates a few megabytes of managed memory. Beyond this, the collector runs regardless.
    private const long MostBytes = 200L << 20;

    private static readonly Lock Gate = new();
    private static int s_users;
    private bool _ended;

    private GarbageCollectionPause()
    {
    }

    /// <summary>
    /// Begins a pause, or restarts the current one if too much was allocated in it. Pauses nest; the last one disposed ends it.
    /// </summary>
    public static GarbageCollectionPause Begin()
    {
        lock (Gate)
        {
            s_users++;
            if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion)
            {
                TryStart();
            }
        }

        return new GarbageCollectionPause();
    }

    /// <summary>Ends the pause.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            if (--s_users > 0 || GCSettings.LatencyMode != GCLatencyMode.NoGCRegion)
            {
                return;
            }

            try
            {
                GC.EndNoGCRegion();
            }
            catch (InvalidOperationException)
            {
                // The collector ended it a moment ago.
            }
        }
    }

    private static void TryStart()
    {
        try
        {
            _ = GC.TryStartNoGCRegion(MostBytes);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // Another pause has just started, or the process is not allowed to use that much memory.
        }
    }
}
