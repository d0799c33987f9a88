namespace Inpaint.Datasets;

/// <summary>The dataset formats that a program knows, in the order in which they are tried.</summary>
/// <param name="formats">The formats; a more specific one comes before a more general one.</param>
public sealed class DatasetFormats(params IReadOnlyList<DatasetFormat> formats)
{
    /// <summary>All formats of files and folders.</summary>
    public static DatasetFormats Files { get; } = new(ParquetDataset.Format, CocoDataset.Format, FolderDataset.Format, ZipDataset.Format);

    /// <summary>What <see cref="Open"/> accepts, for messages and help.</summary>
    public string Expected { get; } = formats.Count > 1
        ? $"{string.Join(", ", formats.SkipLast(1).Select(format => format.Expected))} or {formats[^1].Expected}"
        : formats[0].Expected;

    /// <summary>These formats after one that is tried first.</summary>
    public DatasetFormats After(DatasetFormat first) => new([first, .. formats]);

    /// <summary>The format of a specification; null when no format recognises it.</summary>
    public DatasetFormat? Find(string spec) => formats.FirstOrDefault(format => format.Recognises(spec));

    /// <summary>The format of a name.</summary>
    /// <exception cref="DatasetException">This program has no such format.</exception>
    public DatasetFormat Named(string name) => formats.FirstOrDefault(format => format.Name == name)
        ?? throw new DatasetException(
            $"The dataset format '{name}' is unknown; expected one of {string.Join(", ", formats.Select(f => f.Name))}. "
                + "Use the program that wrote it.");

    /// <summary>Opens a dataset in the first format that recognises it.</summary>
    /// <param name="spec">A path, or another specification that a format recognises.</param>
    /// <param name="captionFile">
    /// A file with one JSON object per line (<c>file</c>; <c>captions</c> or <c>caption</c>; optional <c>box</c>) to use instead of the
    /// dataset's own captions. Default: the captions in the dataset or next to it.
    /// </param>
    /// <param name="use">The purpose.</param>
    /// <exception cref="DatasetException">
    /// No format recognises it, or it is damaged; the message contains what was found, what was expected and a remedy.
    /// </exception>
    public IPhotoDataset Open(string spec, string? captionFile = null, DatasetUse use = DatasetUse.Photos)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(spec);
        DatasetFormat format = Find(spec) ?? throw new DatasetException(Path.Exists(spec)
            ? $"'{spec}' is a file of another kind; expected {Expected}. Give the folder that contains it."
            : $"'{spec}' does not exist; expected {Expected}. Check the spelling.");
        return captionFile is null || format.TakesCaptionFile
            ? format.Open(spec, captionFile, use)
            : throw new DatasetException($"'{spec}' contains its own captions; omit the captions file '{captionFile}'.");
    }
}
