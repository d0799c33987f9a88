using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inpaint.Training;

/// <summary>Reads configurations, with single settings given anew on the command line.</summary>
internal static class ConfigFile
{
    /// <summary>The configurations that come with the program, by name.</summary>
    public static IEnumerable<string> Shipped() => Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "configs"), "*.json")
        .Order(StringComparer.Ordinal);

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">A file, or the name of a configuration that comes with the program.</param>
    /// <param name="settings"><c>key=value</c> each; keys with dots reach into groups, values are JSON or plain text.</param>
    /// <exception cref="FailedException">There is no such file or key, or a value is out of its range.</exception>
    public static TrainingConfig Load(string path, IReadOnlyList<string> settings)
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, "configs", path + ".json");
        string file = File.Exists(path) || !File.Exists(shipped) ? path : shipped;
        if (!File.Exists(file))
        {
            string names = string.Join(", ", Shipped().Select(Path.GetFileNameWithoutExtension));
            throw new FailedException($"There is no configuration {path}; expected a file, or one of {names}.");
        }

        return Parse(File.ReadAllBytes(file), file, settings);
    }

    /// <summary>Reads a configuration from text.</summary>
    /// <inheritdoc cref="Load"/>
    public static TrainingConfig Parse(ReadOnlySpan<byte> json, string what, IReadOnlyList<string> settings)
    {
        try
        {
            JsonNode? read = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            JsonObject root = read as JsonObject
                ?? throw new FailedException($"{what}: found {Shown(read)}; expected a JSON object with the keys name, description and network.");
            foreach (string setting in settings)
            {
                Set(root, setting);
            }

            ConfigTypes.Check(root, what, settings);
            TrainingConfig config = StrictJson.Read<TrainingConfig>(JsonSerializer.SerializeToUtf8Bytes(root), what);
            ConfigRules.Check(config, what);
            return config;
        }
        catch (StrictJsonException e)
        {
            throw new FailedException(e.Message, e);
        }
        catch (JsonException e)
        {
            throw new FailedException($"{what} is not JSON: {e.Message}", e);
        }
    }

    private static string Shown(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Array => "a list",
        _ => node.ToJsonString(),
    };

    private static void Set(JsonNode root, string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new FailedException($"--set {setting}: expected KEY=VALUE, such as optimizer.learning_rate=0.001.");
        }

        string[] keys = setting[..equals].Split('.');
        JsonNode at = root;
        foreach (string key in keys[..^1])
        {
            if (at is not JsonObject group)
            {
                throw new FailedException($"--set {setting}: '{key}' stands in something that has no keys.");
            }

            at = group[key] ?? (group[key] = new JsonObject());
        }

        string text = setting[(equals + 1)..];
        (at as JsonObject ?? throw new FailedException($"--set {setting}: '{keys[^1]}' stands in something that has no keys."))[keys[^1]] = Value(text);
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
