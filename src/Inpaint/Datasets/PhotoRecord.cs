using Inpaint.Files;
using Inpaint.Photos;

namespace Inpaint.Datasets;

/// <summary>One row of a dataset: a photo and its captions. Pixels are read on demand.</summary>
public sealed record PhotoRecord
{
    /// <summary>
    /// The photo's unique name within its dataset: a relative path with <c>/</c> (a zip entry's name, a file below the folder).
    /// </summary>
    public required string Id { get; init; }

    /// <summary>What the photo shows, in any number of sentences; may be empty.</summary>
    public IReadOnlyList<string> Captions { get; init; } = [];

    /// <summary>The area of the object that the caption describes, if the dataset specifies it (scenes do).</summary>
    public PixelRect? Box { get; init; }

    /// <summary>The file on disk; null for a photo in an archive and for scenes.</summary>
    public string? Path { get; init; }

    /// <summary>A value that changes whenever the encoded photo does, such as the size and time of its file. Cheap to read.</summary>
    public required string Stamp { get; init; }

    /// <summary>Reads the encoded picture; must be thread-safe, and throw a <see cref="PhotoException"/> that names the photo.</summary>
    public required Func<byte[]> Read { get; init; }

    /// <summary>Draws the picture, where that is possible without encoding it first (optional).</summary>
    public Func<PhotoDecodingOptions?, Photo>? Draw { get; init; }

    /// <summary>Draws the same picture without the object that the caption describes, if the dataset can (scenes can).</summary>
    public Func<Photo>? DrawWithoutObject { get; init; }

    /// <summary>A photo that is a file.</summary>
    /// <param name="path">The file; a missing one is an error where it is read.</param>
    /// <param name="id">Its name within the dataset.</param>
    /// <param name="captions">What it shows (optional).</param>
    /// <param name="box">The area of the object that the caption describes (optional).</param>
    public static PhotoRecord OfFile(string path, string id, IReadOnlyList<string>? captions = null, PixelRect? box = null) => new()
    {
        Id = id,
        Path = path,
        Stamp = FileStamp.Of(path),
        Captions = captions ?? [],
        Box = box,
        Read = () => PhotoCodec.ReadFile(path),
    };

    /// <summary>The encoded picture. Thread-safe.</summary>
    /// <exception cref="PhotoException">It cannot be read; the message names it.</exception>
    public byte[] ReadBytes() => Read();

    /// <summary>The decoded picture. Thread-safe.</summary>
    /// <exception cref="PhotoException">It cannot be read or decoded; the message names it.</exception>
    public Photo Decode(PhotoDecodingOptions? options = null) => Draw?.Invoke(options) ?? PhotoCodec.Decode(ReadBytes(), options, Id);
}
