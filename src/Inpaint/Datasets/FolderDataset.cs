namespace Inpaint.Datasets;

/// <summary>A folder of pictures, searched to any depth; ids are relative paths in ordinal order.</summary>
internal sealed class FolderDataset : IPhotoDataset
{
    public static DatasetFormat Format { get; } =
        new("folder", "a folder of pictures", Directory.Exists, (folder, captionFile, _) => Open(folder, captionFile));

    private readonly string _folder;
    private readonly CaptionIndex? _captions;

    private FolderDataset(string folder, CaptionIndex? captions)
    {
        _folder = folder;
        _captions = captions;
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
    }

    public string Name { get; }

    public long? Count => null;

    public bool HoldsFiles => true;

    public static FolderDataset Open(string folder, string? captionFile)
    {
        if (!new FolderWalk(folder).Ids().Any())
        {
            throw new DatasetException(
                $"The folder '{folder}' contains no pictures; "
                    + $"expected files with the extensions {PictureFiles.Expected} in it or below it. Names that start with '.' are "
                    + "ignored.");
        }

        string own = Path.Combine(folder, "captions.jsonl");
        string? file = captionFile ?? (File.Exists(own) ? own : null);
        return new FolderDataset(folder, file is null ? null : CaptionIndex.Open(file, () => new FolderWalk(folder).Ids()));
    }

    public IEnumerable<PhotoRecord> Read()
    {
        foreach (string id in new FolderWalk(_folder).Ids())
        {
            CaptionLine? line = _captions?.Find(id);
            yield return PhotoRecord.OfFile(Path.Combine(_folder, id), id, line?.Captions, line?.Box);
        }
    }

    public void Dispose()
    {
    }
}
