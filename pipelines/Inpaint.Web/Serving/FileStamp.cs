namespace Inpaint.Web.Serving;

/// <summary>The modification time and length of a file, to detect changes without reading it.</summary>
internal readonly record struct FileStamp(DateTime Written, long Length)
{
    /// <summary>The stamp of a file; null where there is none.</summary>
    public static FileStamp? Of(string path) =>
        new FileInfo(path) is { Exists: true } file ? new FileStamp(file.LastWriteTimeUtc, file.Length) : null;
}
