namespace Inpaint.Datasets;

/// <summary>The purpose for which a dataset is opened.</summary>
public enum DatasetUse
{
    /// <summary>Photos and captions. The default.</summary>
    Photos,

    /// <summary>Ids and captions only: large columns of pictures are not read, and reading a photo is an error.</summary>
    List,

    /// <summary>
    /// Only photos, as the captions are known: caption files are not searched for, and errors name photos without the dataset's location.
    /// </summary>
    Shard,
}

/// <summary>
/// A format in which photos and their captions are stored. To add one, write its dataset with such a description and add that to a
/// <see cref="DatasetFormats"/>; commands, messages and help follow from there.
/// </summary>
/// <param name="Name">Identifies the format, in one word.</param>
/// <param name="Expected">A short noun phrase for messages and help, such as "a .zip of pictures".</param>
/// <param name="Recognises">Whether a path or another specification is of this format; must be cheap and must not throw.</param>
/// <param name="Open">Opens a specification, with a captions file to use instead of the dataset's own captions (optional).</param>
public sealed record DatasetFormat(
    string Name, string Expected, Func<string, bool> Recognises, Func<string, string?, DatasetUse, IPhotoDataset> Open)
{
    /// <summary>Whether captions may come from a separate file. Default true; false for formats that contain captions.</summary>
    public bool TakesCaptionFile { get; init; } = true;
}
