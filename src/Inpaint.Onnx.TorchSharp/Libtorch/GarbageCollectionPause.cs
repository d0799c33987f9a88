using System.Runtime;

namespace Inpaint.Onnx.TorchSharp.Libtorch;

/// <summary>
/// Keeps the garbage collector from running until disposed. TorchSharp passes numbers to libtorch as objects of native memory without keeping
/// them alive during the call (0.107): a collection at that moment frees the number under libtorch's hands, which ends in "Unknown scalar type",
/// "Expected false to be true" or another number. Seen about once in 2,000 steps of training and in some thousand exports.
/// </summary>
internal sealed class GarbageCollectionPause : IDisposable
{
    // A step of training or a call of a module allocates a few megabytes that are managed. Past this the collector runs all the same.
    private const long MostBytes = 200L << 20;

    private static readonly Lock Gate = new();
    private static int s_users;
    private bool _ended;

    private GarbageCollectionPause()
    {
    }

    /// <summary>Begins a pause, or a new one where the one under way was broken off because too much was allocated. The last to be disposed ends it.</summary>
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
                // Broken off a moment ago.
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
            // Somebody else's pause has just begun, or the machine's limits leave no room for one.
        }
    }
}
