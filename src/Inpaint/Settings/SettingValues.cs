using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Inpaint.Json;

namespace Inpaint.Settings;

/// <summary>Settings that a command line, a file or a form gives, without those that it leaves at their defaults.</summary>
public sealed class SettingValues
{
    private readonly Dictionary<string, (Setting Setting, object? Value)> _values = new(StringComparer.Ordinal);

    /// <summary>The keys of the settings that are given.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Reads a JSON object.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <param name="known">The settings that it may have.</param>
    /// <param name="what">What errors call the text, such as its path.</param>
    /// <exception cref="SettingException">Not a JSON object, an unknown key, or a value that does not fit.</exception>
    [RequiresUnreferencedCode(Setting.Reflects)]
    [RequiresDynamicCode(Setting.Reflects)]
    public static SettingValues Read(ReadOnlyMemory<byte> json, IReadOnlyList<Setting> known, string what)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var values = new SettingValues();
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new SettingException($"{what}: found {document.RootElement.ValueKind}; expected a JSON object.");
            }

            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                Setting setting = Find(known, property.Name, what);
                values.Add(setting, setting.Parse(property.Value, $"{what}: {property.Name}"));
            }

            return values;
        }
        catch (JsonException e)
        {
            throw new SettingException($"{what} is not JSON: {e.Message}", e);
        }
    }

    /// <summary>The setting with a key.</summary>
    /// <exception cref="SettingException">It is not known; the message names the nearest one.</exception>
    public static Setting Find(IReadOnlyList<Setting> known, string key, string what) => known.FirstOrDefault(s => s.Key == key)
        ?? throw new SettingException($"{what}: unknown key '{key}'; " + (StrictJson.Nearest(key, known.Select(s => s.Key)) is { } nearest
            ? $"did you mean '{nearest}'?"
            : $"expected one of {string.Join(", ", known.Select(s => s.Key))}."));

    /// <summary>Adds or replaces a value.</summary>
    public void Add(Setting setting, object? value) => _values[setting.Key] = (setting, value);

    /// <summary>Removes a value.</summary>
    public void Remove(string key) => _values.Remove(key);

    /// <summary>A copy of a record with these values set.</summary>
    [RequiresUnreferencedCode(Setting.Reflects)]
    public T ApplyTo<T>(T options) where T : class =>
        _values.Values.Aggregate(options, (record, given) => given.Setting.Set(record, given.Value));
}
