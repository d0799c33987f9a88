namespace Inpaint.Training;

/// <summary>Files that are there whole or not at all: written under another name, on the disk, then renamed.</summary>
internal static class WholeFile
{
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

    /// <summary>Brings the names in a folder to the disk, where its file system can.</summary>
    public static void FlushFolder(string path)
    {
        try
        {
            AtomicFile.FlushFolder(path);
        }
        catch (IOException)
        {
            // A training is not lost for that.
        }
    }
}
