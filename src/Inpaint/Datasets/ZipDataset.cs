using Inpaint.Files;
using Inpaint.Photos;

namespace Inpaint.Datasets;

/// <summary>A zip of pictures, in the archive's order.</summary>
internal sealed class ZipDataset : IPhotoDataset
{
    public static DatasetFormat Format { get; } = new("zip", "a .zip of pictures", Recognises, Open);

    private readonly ZipReader _zip;
    private CaptionIndex? _captions;

    private ZipDataset(ZipReader zip, string path)
    {
        _zip = zip;
        Name = Path.GetFileName(path);
    }

    public string Name { get; }

    public long? Count { get; private set; }

    private static bool Recognises(string path) =>
        File.Exists(path) && Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase);

    private static ZipDataset Open(string path, string? captionFile, DatasetUse use)
    {
        var dataset = new ZipDataset(ZipReader.Open(path, withPlaces: use != DatasetUse.Shard), path);
        try
        {
            dataset.Count = dataset.CountPictures(path);
            dataset._captions = use == DatasetUse.Shard ? null : dataset.FindCaptions(path, captionFile);
            return dataset;
        }
        catch (Exception)
        {
            dataset.Dispose();
            throw;
        }
    }

    public IEnumerable<PhotoRecord> Read()
    {
        foreach ((ZipEntry entry, string id, bool safe) in Pictures())
        {
            CaptionLine? line = _captions?.Find(id);
            yield return new PhotoRecord
            {
                Id = id,
                Stamp = entry.Stamp,
                Captions = line?.Captions ?? [],
                Box = line?.Box,
                Read = () =>
                    safe ? _zip.Read(entry)
                    : throw new PhotoException(
                        $"The zip entry '{entry.Name}' is rejected: its name leads out of the folder; "
                            + "expected a relative path without '..'. Create the zip again with relative names."),
            };
        }
    }

    public void Dispose() => _zip.Dispose();

    private IEnumerable<(ZipEntry Entry, string Id, bool Safe)> Pictures()
    {
        foreach (ZipEntry entry in _zip.Entries())
        {
            if (PictureFiles.IsName(entry.Name))
            {
                (string id, bool safe) = entry.ToId();
                if (!id.StartsWith('.') && !id.Contains("/.", StringComparison.Ordinal))
                {
                    yield return (entry, id, safe);
                }
            }
        }
    }

    private long CountPictures(string path)
    {
        var seen = new HashSet<UInt128>();
        foreach ((ZipEntry entry, string id, _) in Pictures())
        {
            if (!seen.Add(TextFingerprint.Of(id)))
            {
                throw new DatasetException(
                    $"'{path}' contains two pictures named '{entry.Name}'; expected unique names. Create it again from a folder.");
            }
        }

        return seen.Count > 0
            ? seen.Count
            : throw new DatasetException(
                $"'{path}' contains no pictures; expected entries with the extensions {PictureFiles.Expected}. "
                    + "Names that start with '.' are ignored.");
    }

    /// <summary>NAME.jsonl takes precedence over captions.jsonl, and files next to the zip over those inside.</summary>
    private CaptionIndex? FindCaptions(string path, string? captionFile)
    {
        IEnumerable<string> Ids() => Pictures().Select(picture => picture.Id);
        if (captionFile is not null)
        {
            return CaptionIndex.Open(captionFile, Ids);
        }

        foreach (string name in (string[])[Path.GetFileNameWithoutExtension(path) + ".jsonl", "captions.jsonl"])
        {
            string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name);
            if (File.Exists(beside))
            {
                return CaptionIndex.Open(beside, Ids);
            }

            foreach (ZipEntry entry in _zip.Entries())
            {
                if (entry.Name == name || entry.Name.EndsWith("/" + name, StringComparison.Ordinal))
                {
                    return ReadInside(entry, path, Ids);
                }
            }
        }

        return null;
    }

    private CaptionIndex ReadInside(ZipEntry entry, string path, Func<IEnumerable<string>> ids)
    {
        try
        {
            return CaptionIndex.Read(new MemoryStream(_zip.Read(entry)), $"{entry.Name} in {path}", ids);
        }
        catch (PhotoException e)
        {
            throw new DatasetException($"The captions cannot be read: {e.Message}", e);
        }
    }
}
