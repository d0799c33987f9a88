using Inpaint.CommandLine;

namespace Inpaint.Cli.Score;

/// <summary>The masks of <c>--mask</c>: one for all photos, or a folder with one per photo.</summary>
internal sealed class MaskSource
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"];

    private readonly string _path;
    private readonly bool _isFolder;

    /// <exception cref="UsageException">There is no such file or folder.</exception>
    public MaskSource(string path)
    {
        _isFolder = Directory.Exists(path);
        _path = _isFolder || File.Exists(path)
            ? path
            : throw new UsageException(
                $"--mask is '{path}', which does not exist; expected a mask of the photos' size, or a folder with a mask for each photo.");
    }

    /// <summary>
    /// The mask of a photo. In a folder: the file at the photo's relative path, with the same or another extension;
    /// if there is none, the path of the missing PNG, which reading then reports.
    /// </summary>
    /// <param name="id">The photo's relative path, with <c>/</c>.</param>
    public string Find(string id)
    {
        if (!_isFolder)
        {
            return _path;
        }

        string own = Path.Combine(_path, id);
        if (File.Exists(own))
        {
            return own;
        }

        string stem = Path.ChangeExtension(own, null);
        foreach (string ending in Endings)
        {
            if (File.Exists(stem + ending))
            {
                return stem + ending;
            }
        }

        return stem + Endings[0];
    }
}
