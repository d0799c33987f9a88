namespace Inpaint.Datasets;

/// <summary>
/// MSCOCO's own layout: <c>annotations/captions_SPLIT.json</c> with the pictures in <c>SPLIT/</c>. Captions and file names are held in memory;
/// rows come in the order of each file's <c>images</c>, files in ordinal order.
/// </summary>
internal sealed class CocoDataset : IPhotoDataset
{
    private const string Prefix = "captions_";

    private readonly string _folder;
    private readonly List<(string Split, CocoAnnotations Annotations)> _splits = [];

    private CocoDataset(string folder)
    {
        _folder = folder;
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
    }

    public string Name { get; }

    public long? Count => _splits.Sum(split => (long)split.Annotations.Count);

    public static bool Recognises(string folder) => AnnotationFiles(folder).Length > 0;

    public static CocoDataset Open(string folder)
    {
        var dataset = new CocoDataset(folder);
        foreach (string file in AnnotationFiles(folder))
        {
            string split = Path.GetFileNameWithoutExtension(file)[Prefix.Length..];
            if (!Directory.Exists(Path.Combine(folder, split)))
            {
                throw new DatasetException($"'{file}' tells of pictures in '{Path.Combine(folder, split)}', which is not there; expected MSCOCO's layout. Unpack {split}.zip there, or move that annotation file elsewhere.");
            }

            dataset._splits.Add((split, CocoAnnotations.Open(file)));
        }

        return dataset;
    }

    public IEnumerable<PhotoRecord> Read()
    {
        foreach ((string split, CocoAnnotations annotations) in _splits)
        {
            foreach ((string file, IReadOnlyList<string> captions) in annotations.Photos())
            {
                string id = $"{split}/{file}";
                yield return FileRecord.Of(Path.Combine(_folder, id), id, captions);
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
