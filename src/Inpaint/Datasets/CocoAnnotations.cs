using System.Text.Json;

namespace Inpaint.Datasets;

/// <summary>
/// The <c>images</c> and <c>annotations</c> of an MSCOCO captions file (https://cocodataset.org/#format-data). It is read token by token,
/// and only file names and captions are kept in memory: about 40 MB for the 82,783 photos of train2014.
/// </summary>
internal sealed class CocoAnnotations
{
    private readonly List<(long Id, string File)> _photos = [];
    private readonly Dictionary<long, List<string>> _captions = [];
    private readonly string _path;
    private string _section = "", _field = "";
    private long? _id, _imageId;
    private string? _file, _caption;

    private CocoAnnotations(string path) => _path = path;

    /// <summary>The number of photos in the file.</summary>
    public int Count => _photos.Count;

    /// <summary>The photos and their captions, in the order of the file.</summary>
    public IEnumerable<(string File, IReadOnlyList<string> Captions)> Photos()
    {
        foreach ((long id, string file) in _photos)
        {
            yield return (file, _captions.TryGetValue(id, out List<string>? captions) ? captions : []);
        }
    }

    /// <exception cref="DatasetException">Not JSON, or not an MSCOCO captions file; the message names the file.</exception>
    public static CocoAnnotations Open(string path)
    {
        var annotations = new CocoAnnotations(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            annotations.Read(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"The annotation file '{path}' cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: strings are validated only on access; invalid UTF-8 and lone surrogates are errors.
            throw new DatasetException(
                $"The annotation file '{path}' is not valid JSON: {e.Message} It may be truncated: copy or download it again.", e);
        }

        if (annotations._photos.GroupBy(photo => photo.File, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Skip(1).Any()) is { } repeated)
        {
            throw new DatasetException(
                $"The annotation file '{path}' lists the photo '{repeated.Key}' more than once; expected unique photos. "
                    + "Remove the duplicates from 'images'.");
        }

        return annotations.Count > 0
            ? annotations
            : throw new DatasetException($"The annotation file '{path}' lists no photos; expected MSCOCO's 'images' and 'annotations'.");
    }

    private void Read(Stream stream)
    {
        var buffer = new byte[1 << 16];
        int held = 0;
        var state = new JsonReaderState();
        for (bool last = false; !last;)
        {
            if (held == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            int read = stream.Read(buffer, held, buffer.Length - held);
            last = read == 0;
            held += read;
            var reader = new Utf8JsonReader(buffer.AsSpan(0, held), last, state);
            while (reader.Read())
            {
                Take(ref reader);
            }

            int used = (int)reader.BytesConsumed;
            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
            state = reader.CurrentState;
        }
    }

    /// <summary>Depth 1: a section's name. Depth 3: a field of one of its objects. Anything deeper is ignored.</summary>
    private void Take(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.CurrentDepth == 1)
            {
                _section = reader.GetString()!;
            }
            else if (reader.CurrentDepth == 3)
            {
                _field = reader.GetString()!;
            }
        }
        else if (reader.CurrentDepth == 2 && reader.TokenType == JsonTokenType.EndObject)
        {
            Finish();
        }
        else if (reader.CurrentDepth == 3 && _section is "images" or "annotations")
        {
            TakeField(ref reader);
        }
    }

    private void TakeField(ref Utf8JsonReader reader)
    {
        switch (_field)
        {
            case "id":
                _id = Whole(ref reader);
                break;
            case "image_id":
                _imageId = Whole(ref reader);
                break;
            case "file_name":
                _file = Text(ref reader);
                break;
            case "caption":
                _caption = Text(ref reader);
                break;
            default:
                break;
        }
    }

    private void Finish()
    {
        if (_section == "images")
        {
            _photos.Add((Need(_id, "id"), SafeName(_file ?? throw Missing("file_name"))));
        }
        else if (_section == "annotations")
        {
            long photo = Need(_imageId, "image_id");
            string caption = _caption ?? throw Missing("caption");
            if (!_captions.TryGetValue(photo, out List<string>? captions))
            {
                _captions.Add(photo, captions = new List<string>(5));
            }

            captions.Add(caption);
        }

        (_id, _imageId, _file, _caption) = (null, null, null, null);
    }

    private long Whole(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long value)
        ? value
        : throw new DatasetException(
            $"The annotation file '{_path}' has a '{_field}' in '{_section}' that is not an integer (after {_photos.Count} photos).");

    private string Text(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
        ? reader.GetString()!
        : throw new DatasetException(
            $"The annotation file '{_path}' has a '{_field}' in '{_section}' that is not a string (after {_photos.Count} photos).");

    private string SafeName(string file) =>
        file.Length > 0 && !Path.IsPathRooted(file) && !file.Contains('\\') && !file.Split('/').Any(part => part is "" or "." or "..")
        ? file
        : throw new DatasetException($"The annotation file '{_path}' names the photo '{file}'; expected a relative path without '..'.");

    private long Need(long? value, string field) => value ?? throw Missing(field);

    private DatasetException Missing(string field) =>
        new($"The annotation file '{_path}' has an object in '{_section}' without '{field}' (after {_photos.Count} photos); "
            + "expected MSCOCO's captions format. Files with boxes or key points are not supported.");
}
