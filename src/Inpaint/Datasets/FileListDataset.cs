namespace Inpaint.Datasets;

/// <summary>Picture files named one by one, in the order given; a file that is named twice counts once.</summary>
internal sealed class FileListDataset : IPhotoDataset
{
    private readonly (string Id, string Path)[] _files;
    private readonly CaptionIndex? _captions;

    public FileListDataset(IReadOnlyList<string> paths, string? captionFile)
    {
        string[] whole = [.. paths.Select(Path.GetFullPath)];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int[] kept = [.. Enumerable.Range(0, whole.Length).Where(i => seen.Add(whole[i]))];
        bool namesDiffer = kept.Select(i => Path.GetFileName(whole[i])).Distinct(StringComparer.Ordinal).Count() == kept.Length;
        string common = namesDiffer ? "" : CommonFolder(whole);
        _files = [.. kept.Select(i => (namesDiffer ? Path.GetFileName(whole[i]) : Path.GetRelativePath(common, whole[i]).Replace('\\', '/'), paths[i]))];
        _captions = captionFile is null ? null : CaptionIndex.Open(captionFile, () => _files.Select(f => f.Id));
    }

    public string Name => _files.Length == 1 ? _files[0].Id : $"{_files.Length} files";

    public long? Count => _files.Length;

    public IEnumerable<PhotoRecord> Read()
    {
        foreach ((string id, string path) in _files)
        {
            CaptionLine? line = _captions?.Find(id);
            yield return FileRecord.Of(path, id, line?.Captions, line?.Box);
        }
    }

    public void Dispose()
    {
    }

    private static string CommonFolder(string[] paths)
    {
        string common = Path.GetDirectoryName(paths[0])!;
        foreach (string path in paths)
        {
            while (!path.StartsWith(Path.EndsInDirectorySeparator(common) ? common : common + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                common = Path.GetDirectoryName(common)!;
            }
        }

        return common;
    }
}
