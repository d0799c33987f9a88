using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Inpaint;

/// <summary>Brings the names in a folder to the disk: what was renamed or linked there is lost with the power otherwise.</summary>
internal static partial class DiskFlush
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a folder; on Windows, which has no such call, nothing.</summary>
    /// <exception cref="IOException">The folder, or its file system, does not have it.</exception>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(path, ReadOnly);
        if (handle < 0)
        {
            throw Failed(path, "open");
        }

        try
        {
            if (Synchronize(handle) != 0)
            {
                throw Failed(path, "fsync");
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Failed(string path, string call) => new($"'{path}' cannot be flushed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())} ({call}).");

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int handle);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
