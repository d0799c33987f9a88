using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Inpaint.Graphs;

namespace Inpaint.Json;

/// <summary>JSON read strictly: an unknown key is an error that names it and the nearest known one. Keys are snake_case.</summary>
public static class StrictJson
{
    /// <summary>How records are written and read: snake_case keys and enum values, nulls left out, indented.</summary>
    public static JsonSerializerOptions Options { get; } = MakeOptions();

    /// <summary>Reads a record.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <param name="what">What error messages call the text: a path.</param>
    /// <exception cref="ManifestException">Not JSON, an unknown or missing key, or a value of the wrong type.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string what)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            RefuseUnknownKeys(document.RootElement, typeof(T), "", what);
            return document.RootElement.Deserialize<T>(Options)
                ?? throw new ManifestException($"{what}: found null, expected a JSON object.");
        }
        catch (JsonException e)
        {
            string at = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $" at '{e.Path.TrimStart('$', '.')}'";
            throw new ManifestException($"{what}{at}: {e.Message.Split(" Path:")[0]}", e);
        }
        catch (InvalidOperationException e)
        {
            // Text is only looked at when it is asked for.
            throw new ManifestException($"{what}: found text that is no UTF-8, or half a surrogate pair ({e.Message}), expected text. Write the file again as UTF-8.", e);
        }
    }

    /// <summary>Writes a record as indented UTF-8 with a line end.</summary>
    public static byte[] Write<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Options), (byte)'\n'];

    /// <summary>The known name nearest to <paramref name="name"/>, when one is near enough to be meant.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        var best = known.Select(k => (Name: k, Distance: EditDistance(name, k))).OrderBy(k => k.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, best.Name.Length / 3) ? best.Name : null;
    }

    private static void RefuseUnknownKeys(JsonElement element, Type type, string path, string what)
    {
        JsonTypeInfo info = Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when info.Kind == JsonTypeInfoKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    string key = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                    JsonPropertyInfo? known = info.Properties.FirstOrDefault(p => p.Name == property.Name);
                    if (known is null)
                    {
                        string names = string.Join(", ", info.Properties.Select(p => p.Name));
                        string? nearest = Nearest(property.Name, info.Properties.Select(p => p.Name));
                        throw new ManifestException($"{what}: unknown key '{key}'; " + (nearest is null ? $"expected one of {names}." : $"did you mean '{nearest}'?"));
                    }

                    RefuseUnknownKeys(property.Value, known.PropertyType, key, what);
                }

                break;
            case JsonValueKind.Array when info.ElementType is { } item:
                int i = 0;
                foreach (JsonElement child in element.EnumerateArray())
                {
                    RefuseUnknownKeys(child, item, $"{path}[{i++}]", what);
                }

                break;
            default:
                break;
        }
    }

    private static int EditDistance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = null,
            WriteIndented = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            RespectNullableAnnotations = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }
}
