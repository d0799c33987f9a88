using Inpaint.Photos;

namespace Inpaint.Datasets;

/// <summary>One row of a dataset: where a photo is, what is said of it. Pixels are read only when asked for.</summary>
public abstract class PhotoRecord
{
    /// <summary>Names the photo within its dataset, once: a relative path with <c>/</c> (a zip entry's name, a file below the folder).</summary>
    public required string Id { get; init; }

    /// <summary>What the photo shows, in any number of sentences; empty when nothing is said.</summary>
    public IReadOnlyList<string> Captions { get; init; } = [];

    /// <summary>Where the thing that the caption tells of lies, when the dataset says so (scenes do); null otherwise.</summary>
    public PixelRect? Box { get; init; }

    /// <summary>The file on disk, when the photo is one; null inside a zip and for scenes.</summary>
    public string? Path { get; init; }

    /// <summary>Changes whenever the encoded photo does (size and time of the file or zip entry); cheap to read.</summary>
    public required string Stamp { get; init; }

    /// <summary>The encoded picture. Safe to call from several threads.</summary>
    /// <exception cref="PhotoException">It cannot be read; the message names it.</exception>
    public abstract byte[] ReadBytes();

    /// <summary>The decoded picture. Safe to call from several threads.</summary>
    /// <exception cref="PhotoException">It cannot be read or decoded; the message names it.</exception>
    public virtual Photo Decode(PhotoDecodingOptions? options = null) => PhotoCodec.Decode(ReadBytes(), options, Id);
}
