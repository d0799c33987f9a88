namespace Inpaint.Datasets;

/// <summary>
/// The MSCOCO layout: <c>annotations/captions_SPLIT.json</c> with the pictures in <c>SPLIT/</c>. Captions and file names are kept in
/// memory. Rows are in the order of each file's <c>images</c>, files in ordinal order.
/// </summary>
internal sealed class CocoDataset : IPhotoDataset
{
    private const string Prefix = "captions_";

    /// <summary>With a captions file, the folder is read as a plain folder of pictures.</summary>
    public static DatasetFormat Format { get; } = new(
        "coco",
        "an MSCOCO folder (annotations/captions_*.json)",
        folder => AnnotationFiles(folder).Length > 0,
        (folder, captionFile, _) => captionFile is null ? new CocoDataset(folder) : FolderDataset.Open(folder, captionFile));

    private readonly string _folder;
    private readonly List<(string Split, CocoAnnotations Annotations)> _splits = [];

    private CocoDataset(string folder)
    {
        _folder = folder;
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        foreach (string file in AnnotationFiles(folder))
        {
            string split = Path.GetFileNameWithoutExtension(file)[Prefix.Length..];
            if (!Directory.Exists(Path.Combine(folder, split)))
            {
                throw new DatasetException(
                    $"'{file}' lists pictures of '{Path.Combine(folder, split)}', which does not exist; expected MSCOCO's layout. "
                        + $"Unpack {split}.zip there, or move that annotation file elsewhere.");
            }

            _splits.Add((split, CocoAnnotations.Open(file)));
        }
    }

    public string Name { get; }

    public long? Count => _splits.Sum(split => (long)split.Annotations.Count);

    public bool HoldsFiles => true;

    public IEnumerable<PhotoRecord> Read()
    {
        foreach ((string split, CocoAnnotations annotations) in _splits)
        {
            foreach ((string file, IReadOnlyList<string> captions) in annotations.Photos())
            {
                string id = $"{split}/{file}";
                yield return PhotoRecord.OfFile(Path.Combine(_folder, id), id, captions);
            }
        }
    }

    public void Dispose()
    {
    }

    private static string[] AnnotationFiles(string folder)
    {
        string annotations = Path.Combine(folder, "annotations");
        if (!Directory.Exists(annotations))
        {
            return [];
        }

        string[] files = Directory.GetFiles(annotations, Prefix + "*.json");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }
}
