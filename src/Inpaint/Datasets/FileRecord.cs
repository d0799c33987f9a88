using Inpaint.Photos;

namespace Inpaint.Datasets;

/// <summary>A photo that is a file on disk.</summary>
public sealed class FileRecord : PhotoRecord
{
    private readonly string _path;

    private FileRecord(string path) => _path = path;

    /// <summary>A record of a file; the file is looked at for its stamp, and read only when asked for.</summary>
    /// <param name="path">The file; it may be missing, which reading then reports.</param>
    /// <param name="id">Its name within the dataset.</param>
    /// <param name="captions">What it shows; null for nothing.</param>
    /// <param name="box">Where the thing told of lies; null when not known.</param>
    public static FileRecord Of(string path, string id, IReadOnlyList<string>? captions = null, PixelRect? box = null) =>
        new(path) { Id = id, Path = path, Stamp = StampOf(path), Captions = captions ?? [], Box = box };

    /// <inheritdoc/>
    public override byte[] ReadBytes() => PhotoCodec.ReadFile(_path);

    private static string StampOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            }

            return file.Exists ? $"{file.Length}:{file.LastWriteTimeUtc.Ticks}" : "missing";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Links in a ring, no permission, deleted meanwhile, or a name that no file can have: ReadBytes says which, with the file's name.
            return "unreadable";
        }
    }
}
