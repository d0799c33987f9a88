using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Inpaint.Json;

/// <summary>
/// Reads and writes records as JSON with snake_case keys. Reading is strict: unknown keys are errors, with the most similar known key in
/// the message.
/// </summary>
public static class StrictJson
{
    private const string Guarded = "Not used in programs without reflection for JSON, which trimmed ones are.";

    // Options by generated metadata, in programs without reflection.
    private static readonly ConcurrentDictionary<IJsonTypeInfoResolver, JsonSerializerOptions> Generated = new();

    /// <summary>
    /// The serializer options: snake_case keys and enum values, nulls omitted, indented. They know no type in programs that are published
    /// trimmed or ahead of time, which have no reflection for JSON.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = MakeOptions(Reflection());

    private static readonly JsonSerializerOptions WithoutDefaults = MakeOptions(Reflection().WithAddedModifier(OmitDefaults));

    /// <summary>Reads a record.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <param name="what">The name of the text in error messages, such as its path.</param>
    /// <param name="ignoreUnknownKeys">Decides from the parsed text whether to ignore unknown keys. Default: they are errors.</param>
    /// <param name="generated">The generated metadata of the record, for programs without reflection.</param>
    /// <exception cref="StrictJsonException">Invalid JSON, an unknown or missing key, or a value of the wrong type.</exception>
    public static T Read<T>(
        ReadOnlySpan<byte> json, string what, Func<JsonElement, bool>? ignoreUnknownKeys = null, IJsonTypeInfoResolver? generated = null)
    {
        JsonSerializerOptions options = OptionsFor(generated, Options);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (ignoreUnknownKeys?.Invoke(document.RootElement) != true)
            {
                RejectUnknownKeys(document.RootElement, typeof(T), "", what, options);
            }

            return document.RootElement.Deserialize((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)))
                ?? throw new StrictJsonException($"{what}: found null, expected a JSON object.");
        }
        catch (JsonException e)
        {
            string at = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $" at '{e.Path.TrimStart('$', '.')}'";
            throw new StrictJsonException($"{what}{at}: {e.Message.Split(" Path:")[0]}", e);
        }
        catch (InvalidOperationException e)
        {
            // Strings are validated only on access.
            throw new StrictJsonException(
                $"{what}: found invalid UTF-8 or a lone surrogate ({e.Message}), expected text. Save the file as UTF-8.", e);
        }
    }

    /// <summary>Writes a record as indented UTF-8 with a trailing newline.</summary>
    /// <param name="value">The record.</param>
    /// <param name="omitDefaults">Whether to omit optional properties with default values.</param>
    /// <param name="generated">The generated metadata of the record, for programs without reflection, which write defaults too.</param>
    public static byte[] Write<T>(T value, bool omitDefaults = false, IJsonTypeInfoResolver? generated = null)
    {
        JsonSerializerOptions options = OptionsFor(generated, omitDefaults ? WithoutDefaults : Options);
        return [.. JsonSerializer.SerializeToUtf8Bytes(value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))), (byte)'\n'];
    }

    /// <summary>The known name most similar to <paramref name="name"/>; null if none is similar enough.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        var best = known.Select(k => (Name: k, Distance: EditDistance(name, k))).OrderBy(k => k.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, best.Name.Length / 3) ? best.Name : null;
    }

    private static void RejectUnknownKeys(JsonElement element, Type type, string path, string what, JsonSerializerOptions options)
    {
        JsonTypeInfo info = options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
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
                        string hint = nearest is null ? $"expected one of {names}." : $"did you mean '{nearest}'?";
                        throw new StrictJsonException($"{what}: unknown key '{key}'; {hint}");
                    }

                    RejectUnknownKeys(property.Value, known.PropertyType, key, what, options);
                }

                break;
            case JsonValueKind.Array when info.ElementType is { } item:
                int i = 0;
                foreach (JsonElement child in element.EnumerateArray())
                {
                    RejectUnknownKeys(child, item, $"{path}[{i++}]", what, options);
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

    private static void OmitDefaults(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || info.CreateObject is null)
        {
            return;
        }

        object defaults = info.CreateObject();
        foreach (JsonPropertyInfo property in info.Properties)
        {
            if (!property.IsRequired && property.Get is { } get)
            {
                object? byDefault = get(defaults);
                property.ShouldSerialize = (_, value) => !AreEqual(value, byDefault);
            }
        }
    }

    private static bool AreEqual(object? value, object? other) => value is IEnumerable list and not string && other is IEnumerable otherList
        ? list.Cast<object?>().SequenceEqual(otherList.Cast<object?>())
        : Equals(value, other);

    private static JsonSerializerOptions MakeOptions(IJsonTypeInfoResolver resolver)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = null,
            WriteIndented = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = resolver,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            RespectNullableAnnotations = true,
        };
        AddEnumConverter(options);
        options.MakeReadOnly();
        return options;
    }

    private static JsonSerializerOptions OptionsFor(IJsonTypeInfoResolver? generated, JsonSerializerOptions byReflection) =>
        generated is null || JsonSerializer.IsReflectionEnabledByDefault
            ? byReflection
            : Generated.GetOrAdd(generated, static g => MakeOptions(g.WithAddedModifier(UseInitializers)));

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Guarded)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Guarded)]
    private static IJsonTypeInfoResolver Reflection() =>
        JsonSerializer.IsReflectionEnabledByDefault ? new DefaultJsonTypeInfoResolver() : JsonTypeInfoResolver.Combine();

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Guarded)]
    private static void AddEnumConverter(JsonSerializerOptions options)
    {
        if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        }
    }

    /// <summary>Keeps the defaults of properties that only initialisers set, which generated metadata would overwrite.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "Who passes generated metadata keeps the records' constructors.")]
    private static void UseInitializers(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        info.CreateObject = () => Activator.CreateInstance(info.Type)!;
        foreach (JsonPropertyInfo property in info.Properties)
        {
            if (property.AttributeProvider is PropertyInfo { SetMethod: not null } declared)
            {
                property.Set = declared.SetValue;
            }
        }
    }
}
