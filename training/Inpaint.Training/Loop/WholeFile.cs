using System.Runtime.InteropServices;

namespace Inpaint.Training;

/// <summary>Files that are there whole or not at all: written under another name, on the disk, then renamed.</summary>
internal static partial class WholeFile
{
    private const int ReadOnly = 0;

    /// <summary>Writes a file, or replaces one.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            WriteThrough(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes a file of a folder that is renamed afterwards, up to the disk.</summary>
    public static void WriteThrough(string path, ReadOnlySpan<byte> content)
    {
        using FileStream file = File.Create(path);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Brings the names in a folder to the disk, where the system can: a rename is lost with the power otherwise.</summary>
    public static void FlushFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int folder = Open(path, ReadOnly);
        if (folder >= 0)
        {
            _ = Synchronize(folder);
            _ = Close(folder);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
