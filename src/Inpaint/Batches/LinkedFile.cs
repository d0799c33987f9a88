using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Inpaint;

/// <summary>
/// A file that appears under its name whole, once, and for one writer only: written under another name in the same folder, flushed to the disk,
/// linked to its name (which fails where the name is taken), and the folder flushed. A rename would let two writers both win.
/// </summary>
internal static partial class LinkedFile
{
    private const int NoEntry = 2, FileExists = 17;

    private static readonly string OwnTag = $"{TextFingerprint.Of(BatchAttempt.Self):x32}"[..16];

    /// <summary>Writes it.</summary>
    /// <param name="path">The name it is to have.</param>
    /// <param name="write">Writes the content; called once.</param>
    /// <returns>Whether this writer won; false when the file was there already, which is left as it is.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static bool TryWrite(string path, Action<Stream> write)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{OwnTag}{Random.Shared.Next():x8}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (!TryLink(temporary, path))
            {
                return false;
            }
        }
        finally
        {
            File.Delete(temporary);
        }

        // The name itself must be on the disk before others are told of it.
        DiskFlush.Folder(folder);
        return true;
    }

    /// <summary>Deletes what writers left that were killed; what cannot be deleted stays. Only where all names are there: a writer that is still at it has then lost anyway.</summary>
    /// <param name="folder">The folder of the files.</param>
    public static void DeleteLeftovers(string folder) => Delete(folder, ".*.tmp");

    /// <summary>Deletes what this process has written that has no name yet.</summary>
    /// <param name="folder">The folder of the files.</param>
    public static void DeleteOwn(string folder) => Delete(folder, $".*.{OwnTag}????????.tmp");

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
            // They are in nobody's way.
        }
    }

    private static bool TryLink(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            // Windows' own move without replacing is one step.
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

        // Where the name is there, whoever cleans up may have taken this writer's file for a left-over.
        return error == FileExists || (error == NoEntry && File.Exists(to))
            ? false
            : throw new IOException($"'{to}' cannot be made: {Marshal.GetPInvokeErrorMessage(error)} (link). The folder must be on a file system with hard links.");
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
