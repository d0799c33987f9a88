using System.Globalization;
using System.Text.Json;

namespace Inpaint.Training.Search;

/// <summary>
/// The settings that a search varies: a JSON object of settings, each with <c>{"choice": [...]}</c>, <c>{"range": [low, high]}</c> or
/// <c>{"log_range": [low, high]}</c> (uniform in the logarithm). A range between integers gives integers.
/// </summary>
internal sealed class SearchSpace
{
    private readonly IReadOnlyList<(string Key, JsonElement Rule, string Kind)> _rules;

    private SearchSpace(IReadOnlyList<(string, JsonElement, string)> rules) => _rules = rules;

    public IEnumerable<string> Keys => _rules.Select(r => r.Key);

    /// <summary>Reads a space.</summary>
    /// <exception cref="FailedException">The JSON is not a search space; the message names the setting.</exception>
    public static SearchSpace Parse(ReadOnlySpan<byte> json, string what)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            var rules = new List<(string, JsonElement, string)>();
            foreach (JsonProperty setting in document.RootElement.EnumerateObject())
            {
                rules.Add((setting.Name, Rule(setting, what, out string kind), kind));
            }

            return rules.Count > 0 ? new SearchSpace(rules) : throw new FailedException($"{what} has no settings.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            const string Example = """{"optimizer.learning_rate": {"log_range": [0.0001, 0.01]}}""";
            throw new FailedException($"{what} is not a search space: {e.Message} Expected an object such as {Example}.", e);
        }
    }

    /// <summary>Draws a value for every setting, as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Draw(ref SplitMix64 random)
    {
        var settings = new List<string>();
        foreach ((string key, JsonElement rule, string kind) in _rules)
        {
            settings.Add($"{key}={Draw(rule, kind, ref random)}");
        }

        return settings;
    }

    private static string Draw(JsonElement rule, string kind, ref SplitMix64 random)
    {
        if (kind == "choice")
        {
            return rule[random.Below(rule.GetArrayLength())].GetRawText();
        }

        double low = rule[0].GetDouble(), high = rule[1].GetDouble(), share = random.NextSingle();
        if (rule[0].TryGetInt64(out long first) && rule[1].TryGetInt64(out long last) && kind == "range")
        {
            ulong span = unchecked((ulong)last - (ulong)first);
            ulong above = span < int.MaxValue
                ? (ulong)random.Below((int)span + 1)
                : (ulong)((random.Next() * ((UInt128)span + 1)) >> 64);
            return unchecked((long)((ulong)first + above)).ToString(CultureInfo.InvariantCulture);
        }

        double value = kind == "range"
            ? low + (high - low) * share
            : Math.Exp(Math.Log(low) + (Math.Log(high) - Math.Log(low)) * share);
        return value.ToString("G4", CultureInfo.InvariantCulture);
    }

    private static JsonElement Rule(JsonProperty setting, string what, out string kind)
    {
        JsonProperty[] rules = setting.Value.ValueKind == JsonValueKind.Object ? [.. setting.Value.EnumerateObject()] : [];
        kind = rules is [var only] ? only.Name : "";
        bool isList = rules is [{ Value.ValueKind: JsonValueKind.Array }];
        int length = isList ? rules[0].Value.GetArrayLength() : 0;
        bool good = kind switch
        {
            "choice" => length >= 1,
            "range" or "log_range" => length == 2
                && rules[0].Value[0].ValueKind == JsonValueKind.Number && rules[0].Value[1].ValueKind == JsonValueKind.Number
                && rules[0].Value[0].GetDouble() < rules[0].Value[1].GetDouble()
                && double.IsFinite(rules[0].Value[1].GetDouble() - rules[0].Value[0].GetDouble())
                && (kind == "range" || rules[0].Value[0].GetDouble() > 0),
            _ => false,
        };
        return good
            ? rules[0].Value.Clone()
            : throw new FailedException(
                $"{what}: '{setting.Name}' is {setting.Value.GetRawText()}; expected "
                + """{"choice": [...]}, {"range": [low, high]} or {"log_range": [low above 0, high]}.""");
    }
}
