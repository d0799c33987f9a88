using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Inpaint.Files;

/// <summary>
/// Writes files atomically and durably: the content goes to a temporary file in the same folder, is flushed to the disk with a checked
/// <c>fsync</c>, and takes its name only then. A reader sees the old file, the new one or none, never a part of one.
/// </summary>
public static partial class AtomicFile
{
    private const int MostNameBytes = 220;
    private const int ReadOnly = 0, NoEntry = 2, FileExists = 17, InvalidArgument = 22;

    private static readonly string ProcessTag = $"{Guid.NewGuid():N}"[..16];

    /// <summary>Writes a file, or replaces it.</summary>
    /// <param name="path">The file's path; its folder is created when missing.</param>
    /// <param name="write">Writes the content; called once.</param>
    /// <param name="durable">Whether file and folder are flushed to the disk. Default true.</param>
    /// <exception cref="IOException">The file cannot be written, or the operating system does not confirm that it is on the
    /// disk.</exception>
    public static void Write(string path, Action<Stream> write, bool durable = true)
    {
        ArgumentNullException.ThrowIfNull(write);
        _ = WriteTemporary(path, write, static (stream, write) => write(stream), durable, TryMove);
    }

    /// <summary>Writes a file, or replaces it.</summary>
    /// <param name="path">The file's path; its folder is created when missing.</param>
    /// <param name="content">The content.</param>
    /// <param name="durable">Whether file and folder are flushed to the disk. Default true.</param>
    /// <exception cref="IOException">The file cannot be written, or the operating system does not confirm that it is on the
    /// disk.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool durable = true) =>
        _ = WriteTemporary(path, content, static (stream, content) => stream.Write(content), durable, TryMove);

    /// <summary>
    /// Creates a file unless it exists. Of several writers, in any processes on any machines that share the folder, exactly one succeeds
    /// (a hard link, where a rename would let two of them succeed).
    /// </summary>
    /// <param name="path">The file's path; its folder is created when missing.</param>
    /// <param name="write">Writes the content; called once.</param>
    /// <returns>Whether this writer created the file; false when it exists already, which is left unchanged.</returns>
    /// <exception cref="IOException">The file cannot be written, or the operating system does not confirm that it is on the
    /// disk.</exception>
    public static bool TryCreate(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        return WriteTemporary(path, write, static (stream, write) => write(stream), durable: true, TryLink);
    }

    /// <summary>Deletes the temporary files that interrupted writers left; not those of writers that are still at work on this
    /// machine.</summary>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="fileName">The name of the one file whose leftovers are deleted. Default: of all files.</param>
    /// <param name="recursive">Whether folders below it are included. Default no.</param>
    public static void DeleteLeftovers(string folder, string? fileName = null, bool recursive = false) =>
        Delete(folder, (fileName is null ? ".*." : PrefixOf(fileName)) + $"{new string('?', ProcessTag.Length + 8)}.tmp", recursive,
            Unused);

    /// <summary>Deletes the temporary files of this process.</summary>
    /// <param name="folder">The folder of the files.</param>
    public static void DeleteOwn(string folder) => Delete(folder, $".*.{ProcessTag}????????.tmp", recursive: false, _ => true);

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

    private static bool WriteTemporary<T>(string path, T content, Action<Stream, T> write, bool durable, Func<string, string, bool> commit)
        where T : allows ref struct
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $"{PrefixOf(Path.GetFileName(path))}{ProcessTag}{Random.Shared.Next():x8}.tmp");
        bool committed;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream, content);
                if (durable)
                {
                    Flush(stream);
                }
            }

            committed = commit(temporary, path);
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

    /// <summary>The beginning of a temporary file's name; a long name gives way to its hash, as names have at most 255 bytes.</summary>
    private static string PrefixOf(string fileName) =>
        Encoding.UTF8.GetByteCount(fileName) <= MostNameBytes ? $".{fileName}." : $".{TextFingerprint.Of(fileName):x32}.";

    private static void Delete(string folder, string pattern, bool recursive, Func<string, bool> condition)
    {
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder, pattern, recursive ? SearchOption.AllDirectories
                : SearchOption.TopDirectoryOnly))
            {
                if (condition(file))
                {
                    File.Delete(file);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Leftovers do no harm.
        }
    }

    private static bool Unused(string file)
    {
        try
        {
            // A writer locks its file.
            new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool TryMove(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        return true;
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
                $"'{to}' cannot be created: {Marshal.GetPInvokeErrorMessage(error)} (link). The folder must be on a file system with "
                    + $"hard links.");
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
