namespace Inpaint.Datasets;

/// <summary>
/// A list of picture files, in the given order and with any extensions. Their ids are their file names or, if these are not unique, their
/// paths relative to their common folder.
/// </summary>
public sealed class FileListDataset : IPhotoDataset
{
    private readonly (string Id, string Path)[] _files;
    private readonly CaptionIndex? _captions;

    /// <summary>Lists files.</summary>
    /// <param name="paths">The files, at least one. Duplicates are ignored; a missing file is an error when it is read.</param>
    /// <param name="captionFile">A captions file as in <see cref="DatasetFormats.Open"/>. Default: no captions.</param>
    /// <exception cref="DatasetException">The captions file cannot be read.</exception>
    public FileListDataset(IReadOnlyList<string> paths, string? captionFile = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count, nameof(paths));
        string[] whole = [.. paths.Select(Path.GetFullPath)];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int[] kept = [.. Enumerable.Range(0, whole.Length).Where(i => seen.Add(whole[i]))];
        bool namesDiffer = kept.Select(i => Path.GetFileName(whole[i])).Distinct(StringComparer.Ordinal).Count() == kept.Length;
        string common = namesDiffer ? "" : CommonFolder(whole);
        _files = [
            .. kept.Select(i =>
                (namesDiffer ? Path.GetFileName(whole[i]) : Path.GetRelativePath(common, whole[i]).Replace('\\', '/'), paths[i]))];
        _captions = captionFile is null ? null : CaptionIndex.Open(captionFile, () => _files.Select(f => f.Id));
    }

    /// <inheritdoc/>
    public string Name => _files.Length == 1 ? _files[0].Id : $"{_files.Length} files";

    /// <inheritdoc/>
    public long? Count => _files.Length;

    /// <inheritdoc/>
    public bool HoldsFiles => true;

    /// <inheritdoc/>
    public IEnumerable<PhotoRecord> Read()
    {
        foreach ((string id, string path) in _files)
        {
            CaptionLine? line = _captions?.Find(id);
            yield return PhotoRecord.OfFile(path, id, line?.Captions, line?.Box);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static string CommonFolder(string[] paths)
    {
        string common = Path.GetDirectoryName(paths[0])!;
        foreach (string path in paths)
        {
            while (!path.StartsWith(Path.EndsInDirectorySeparator(common)
                ? common : common + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                common = Path.GetDirectoryName(common)!;
            }
        }

        return common;
    }
}
