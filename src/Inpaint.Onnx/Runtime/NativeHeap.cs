using System.Runtime.InteropServices;

namespace Inpaint.Onnx.Runtime;

/// <summary>The C library's heap, from which ONNX Runtime allocates.</summary>
internal static partial class NativeHeap
{
    private const int MmapThreshold = -3, LargeBytes = 256 << 10;
    private static readonly Lazy<bool> Configured = new(Configure);

    /// <summary>
    /// Makes glibc return every large block to the system when it is freed. Otherwise its threshold rises to 32 MiB with the blocks that
    /// are freed, and blocks of varying sizes fragment the heap, so that memory grows from run to run. Other libraries do not need it.
    /// </summary>
    public static void ReturnLargeBlocks() => _ = Configured.Value;

    private static bool Configure()
    {
        try
        {
            return OperatingSystem.IsLinux() && SetOption(MmapThreshold, LargeBytes) == 1;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
