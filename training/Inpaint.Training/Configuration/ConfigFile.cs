using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inpaint.Training.Configuration;

/// <summary>Reads configurations, with single settings overridden on the command line.</summary>
internal static class ConfigFile
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "configs");

    public static IEnumerable<string> BuiltIn() => Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal);

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">A file, or the name of a built-in configuration.</param>
    /// <param name="settings"><c>key=value</c> each; dotted keys address groups, values are JSON or plain text.</param>
    /// <exception cref="InpaintException">The file or a key does not exist, or a value is out of range.</exception>
    public static TrainingConfig Load(string path, IReadOnlyList<string> settings)
    {
        string builtIn = Path.Combine(Folder, path + ".json");
        string file = File.Exists(path) || !File.Exists(builtIn) ? path : builtIn;
        if (!File.Exists(file))
        {
            string names = string.Join(", ", BuiltIn().Select(Path.GetFileNameWithoutExtension));
            throw new FailedException($"The configuration {path} does not exist; expected a file, or one of {names}.");
        }

        return Parse(File.ReadAllBytes(file), file, settings);
    }

    /// <summary>Reads a configuration from JSON.</summary>
    /// <inheritdoc cref="Load"/>
    public static TrainingConfig Parse(ReadOnlySpan<byte> json, string what, IReadOnlyList<string> settings)
    {
        try
        {
            JsonNode? read = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            JsonObject root = read as JsonObject
                ?? throw new FailedException($"{what}: found {Kind(read)}; expected a JSON object with the keys name, description and "
                    + $"network.");
            foreach (string setting in settings)
            {
                Set(root, setting);
            }

            ConfigTypes.Check(root, what, settings);
            TrainingConfig config = StrictJson.Read<TrainingConfig>(JsonSerializer.SerializeToUtf8Bytes(root), what);
            CheckRules(config, what);
            return config;
        }
        catch (JsonException e)
        {
            throw new FailedException($"{what} is not JSON: {e.Message}", e);
        }
    }

    private static void CheckRules(TrainingConfig config, string what)
    {
        string[] problems = [.. config.Rules().Where(r => !r.Holds).Select(r => $"{r.Key}: found {Text(r.Found)}, expected {r.Expected}.")];
        if (problems.Length > 0)
        {
            throw new FailedException(problems is [var only] ? $"{what}: {only}" : $"{what}: {problems.Length} problems\n  "
                + $"{string.Join("\n  ", problems)}");
        }
    }

    private static string Text(object? found) => found switch
    {
        null => "nothing",
        string text => $"'{text}'",
        _ => Convert.ToString(found, CultureInfo.InvariantCulture)!,
    };

    private static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Array => "a list",
        _ => node.ToJsonString(),
    };

    private static void Set(JsonObject root, string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new FailedException($"--set {setting}: expected KEY=VALUE, such as optimizer.learning_rate=0.001.");
        }

        string[] keys = setting[..equals].Split('.');
        JsonNode node = root;
        for (int i = 0; i < keys.Length; i++)
        {
            JsonObject group = node as JsonObject ?? throw new FailedException($"--set {setting}: '{keys[i]}' is inside a value that has "
                + $"no keys.");
            node = i == keys.Length - 1 ? group : group[keys[i]] ??= new JsonObject();
        }

        node[keys[^1]] = Value(setting[(equals + 1)..]);
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
