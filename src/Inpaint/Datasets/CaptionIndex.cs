using System.Text.Json;
using Inpaint.Photos;

namespace Inpaint.Datasets;

internal readonly record struct CaptionLine(IReadOnlyList<string> Captions, PixelRect? Box);

/// <summary>
/// A captions file: one JSON object per line with <c>file</c>, <c>captions</c> (a list) or <c>caption</c> (a string), and optionally
/// <c>box</c> ([x, y, width, height] in pixels); other fields are ignored. It is kept in memory; lines for the same file are merged.
/// A row gets the line whose <c>file</c> is its id, otherwise the line with its file name, if both the line and the row are unique.
/// </summary>
internal sealed class CaptionIndex
{
    private readonly Dictionary<string, CaptionLine> _byFile = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _fileByName = new(StringComparer.Ordinal);
    private readonly Lazy<HashSet<string>> _namesOfSeveralRows;

    private CaptionIndex(Func<IEnumerable<string>> rowIds) =>
        _namesOfSeveralRows = new Lazy<HashSet<string>>(() => FindRepeatedNames(rowIds()));

    /// <summary>Reads a captions file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rowIds">The ids of the dataset's rows; enumerated at most once, and only if a row is matched by file name.</param>
    public static CaptionIndex Open(string path, Func<IEnumerable<string>> rowIds)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Read(stream, path, rowIds);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"The captions file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads captions from a stream that <paramref name="what"/> names in errors.</summary>
    public static CaptionIndex Read(Stream stream, string what, Func<IEnumerable<string>> rowIds)
    {
        var index = new CaptionIndex(rowIds);
        using var reader = new StreamReader(stream);
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                index.Add(line, $"{what}, line {number}");
            }
        }

        return index;
    }

    public CaptionLine? Find(string id)
    {
        if (_byFile.TryGetValue(id, out CaptionLine line))
        {
            return line;
        }

        string name = NameOf(id);
        return _fileByName.TryGetValue(name, out string? file) && file is not null && !_namesOfSeveralRows.Value.Contains(name)
            ? _byFile[file] : null;
    }

    private static string NameOf(string file) => file[(file.LastIndexOf('/') + 1)..];

    private void Add(string json, string at)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            Add(document.RootElement, at);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: strings are validated only on access, and half a surrogate pair (\ud800) is invalid.
            throw new DatasetException(
                $"{at}: not valid JSON ({e.Message.Split(" LineNumber:")[0]}); expected one object per line. Fix or remove the line.", e);
        }
    }

    private void Add(JsonElement row, string at)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw new DatasetException(
                $"{at}: found {Describe(row)}, expected an object such as {{\"file\": \"a.jpg\", \"captions\": [\"A dog.\"]}}.");
        }

        if (!row.TryGetProperty("file", out JsonElement named) || named.ValueKind != JsonValueKind.String
            || named.GetString() is not { Length: > 0 } file)
        {
            throw new DatasetException(
                $"{at}: 'file' is {(named.ValueKind == JsonValueKind.Undefined ? "missing" : Describe(named))}; "
                    + "expected the picture's relative path as a string.");
        }

        file = file.Replace('\\', '/');
        file = file.StartsWith("./", StringComparison.Ordinal) ? file[2..] : file;
        var line = new CaptionLine(ReadCaptions(row, at), ReadBox(row, at));
        if (_byFile.TryGetValue(file, out CaptionLine earlier))
        {
            _byFile[file] = new CaptionLine([.. earlier.Captions, .. line.Captions], line.Box ?? earlier.Box);
            return;
        }

        _byFile.Add(file, line);
        string name = NameOf(file);
        _fileByName[name] = _fileByName.ContainsKey(name) ? null : file;
    }

    private static string[] ReadCaptions(JsonElement row, string at)
    {
        if (row.TryGetProperty("captions", out JsonElement several) && several.ValueKind != JsonValueKind.Null)
        {
            if (several.ValueKind != JsonValueKind.Array)
            {
                throw new DatasetException(
                    $"{at}: 'captions' is {Describe(several)}; expected a list of strings (or 'caption' with one string).");
            }

            return [.. several.EnumerateArray().Select(caption => Text(caption, "captions", at))];
        }

        return row.TryGetProperty("caption", out JsonElement one) && one.ValueKind != JsonValueKind.Null ? [Text(one, "caption", at)] : [];
    }

    private static string Text(JsonElement element, string field, string at) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw new DatasetException($"{at}: '{field}' contains {Describe(element)}; expected a string.");

    private static PixelRect? ReadBox(JsonElement row, string at)
    {
        if (!row.TryGetProperty("box", out JsonElement box) || box.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        Span<double> sides = stackalloc double[4];
        int count = 0;
        bool valid = box.ValueKind == JsonValueKind.Array && box.GetArrayLength() == 4;
        for (; valid && count < 4; count++)
        {
            JsonElement side = box[count];
            valid = side.ValueKind == JsonValueKind.Number && side.TryGetDouble(out sides[count]) && Math.Abs(sides[count]) <= 1e6;
        }

        if (!valid || sides[2] < 0 || sides[3] < 0)
        {
            throw new DatasetException(
                $"{at}: 'box' is {box.GetRawText()}; "
                    + "expected four numbers [x, y, width, height] in pixels, width and height not negative.");
        }

        int x = (int)Math.Floor(sides[0]), y = (int)Math.Floor(sides[1]);
        return new PixelRect(x, y, (int)Math.Ceiling(sides[0] + sides[2]) - x, (int)Math.Ceiling(sides[1] + sides[3]) - y);
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Null => "null",
        JsonValueKind.String => element.GetString()!.Length == 0 ? "an empty string" : "a string",
        _ => element.GetRawText(),
    };

    private HashSet<string> FindRepeatedNames(IEnumerable<string> ids)
    {
        var once = new HashSet<string>(StringComparer.Ordinal);
        var repeated = new HashSet<string>(StringComparer.Ordinal);
        foreach (string id in ids)
        {
            string name = NameOf(id);
            if (_fileByName.ContainsKey(name) && !once.Add(name))
            {
                repeated.Add(name);
            }
        }

        return repeated;
    }
}
