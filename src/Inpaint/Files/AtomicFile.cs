using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Inpaint.Files;

/// <summary>
/// Writes files atomically and durably: the content goes to a temporary file in the same folder, is flushed to the disk with a checked
/// <c>fsync</c>, and takes its name only then. A reader sees the old file, the new one or none, never a part of one.
/// </summary>
public static partial class AtomicFile
{
    private const int ReadOnly = 0, NoEntry = 2, FileExists = 17, InvalidArgument = 22;

    private static readonly string ProcessTag = $"{Guid.NewGuid():N}"[..16];

    /// <summary>Writes a file, or replaces it.</summary>
    /// <param name="path">The file's path; its folder is created when missing.</param>
    /// <param name="write">Writes the content; called once.</param>
    /// <param name="durable">Whether file and folder are flushed to the disk. Default true.</param>
    /// <exception cref="IOException">The file cannot be written, or the operating system does not confirm that it is on the disk.</exception>
    public static void Write(string path, Action<Stream> write, bool durable = true) =>
        _ = WriteTemporary(path, write, durable, temporary =>
        {
            File.Move(temporary, path, overwrite: true);
            return true;
        });

    /// <summary>Writes a file, or replaces it.</summary>
    /// <param name="path">The file's path; its folder is created when missing.</param>
    /// <param name="content">The content.</param>
    /// <param name="durable">Whether file and folder are flushed to the disk. Default true.</param>
    /// <exception cref="IOException">The file cannot be written, or the operating system does not confirm that it is on the disk.</exception>
    public static void Write(string path, byte[] content, bool durable = true) => Write(path, stream => stream.Write(content), durable);

    /// <summary>
    /// Creates a file unless it exists. Of several writers, in any processes on any machines that share the folder, exactly one succeeds
    /// (a hard link, where a rename would let two of them succeed).
    /// </summary>
    /// <param name="path">The file's path; its folder is created when missing.</param>
    /// <param name="write">Writes the content; called once.</param>
    /// <returns>Whether this writer created the file; false when it exists already, which is left unchanged.</returns>
    /// <exception cref="IOException">The file cannot be written, or the operating system does not confirm that it is on the disk.</exception>
    public static bool TryCreate(string path, Action<Stream> write) => WriteTemporary(path, write, durable: true, temporary => TryLink(temporary, path));

    /// <summary>Deletes the temporary files of interrupted writers, as far as that is possible. Call it only when nothing is written to the folder any more.</summary>
    /// <param name="folder">The folder of the files.</param>
    public static void DeleteLeftovers(string folder) => Delete(folder, ".*.tmp");

    /// <summary>Deletes the temporary files of this process.</summary>
    /// <param name="folder">The folder of the files.</param>
    public static void DeleteOwn(string folder) => Delete(folder, $".*.{ProcessTag}????????.tmp");

    /// <summary>Flushes a file to the disk and checks the result, which <see cref="FileStream.Flush(bool)"/> does not.</summary>
    /// <exception cref="IOException">The operating system reports an error.</exception>
    public static void Flush(FileStream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.Flush(flushToDisk: OperatingSystem.IsWindows());
        if (!OperatingSystem.IsWindows() && Synchronize(file.SafeFileHandle) != 0)
        {
            throw Failed(file.Name, "fsync");
        }
    }

    /// <summary>Flushes the names in a folder to the disk; nothing where the file system has no such call.</summary>
    /// <exception cref="IOException">The operating system reports an error.</exception>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var handle = new SafeFileHandle(Open(path, ReadOnly), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw Failed(path, "open");
        }

        if (Synchronize(handle) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
        {
            throw Failed(path, "fsync");
        }
    }

    private static bool WriteTemporary(string path, Action<Stream> write, bool durable, Func<string, bool> commit)
    {
        ArgumentNullException.ThrowIfNull(write);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{ProcessTag}{Random.Shared.Next():x8}.tmp");
        bool committed;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                if (durable)
                {
                    Flush(stream);
                }
            }

            committed = commit(temporary);
        }
        finally
        {
            File.Delete(temporary);
        }

        if (committed && durable)
        {
            FlushFolder(folder);
        }

        return committed;
    }

    private static void Delete(string folder, string pattern)
    {
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder, pattern))
            {
                File.Delete(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Leftovers do no harm.
        }
    }

    private static bool TryLink(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            // On Windows, a move without replacing is atomic.
            try
            {
                File.Move(from, to, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(to))
            {
                return false;
            }
        }

        if (Link(from, to) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (Directory.Exists(to))
        {
            throw new IOException($"'{to}' is a folder; expected a file, or nothing. Delete it.");
        }

        // When the file exists, the temporary one may have been deleted as a leftover.
        return error == FileExists || (error == NoEntry && File.Exists(to))
            ? false
            : throw new IOException(
                $"'{to}' cannot be created: {Marshal.GetPInvokeErrorMessage(error)} (link). The folder must be on a file system with hard links.");
    }

    private static IOException Failed(string path, string call) =>
        new($"'{path}' cannot be flushed to the disk: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())} ({call}).");

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(SafeFileHandle file);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
