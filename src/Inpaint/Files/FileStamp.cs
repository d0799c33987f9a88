namespace Inpaint.Files;

/// <summary>A string that changes whenever a file does.</summary>
public static class FileStamp
{
    /// <summary>The stamp of a file that does not exist.</summary>
    public const string Missing = "missing";

    /// <summary>Size and time of a file, or of the file that a link leads to; cheap, and never throws.</summary>
    public static string Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            }

            return file.Exists ? $"{file.Length}:{file.LastWriteTimeUtc.Ticks}" : Missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Circular links, no permission, deleted meanwhile, or an invalid name: reading the file reports which.
            return "unreadable";
        }
    }
}
