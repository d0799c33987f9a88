using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Inpaint.Training;

/// <summary>Whether the values of a configuration are of their keys' types, said in words for people.</summary>
internal static class ConfigTypes
{
    /// <summary>Finds the first value that is not; unknown keys are left to <see cref="StrictJson"/>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="what">What error messages call it.</param>
    /// <param name="settings">Settings given anew, which are blamed instead where they gave the value.</param>
    /// <exception cref="FailedException">Names the key, what was found and what was expected.</exception>
    public static void Check(JsonObject config, string what, IReadOnlyList<string> settings)
    {
        if (FirstWrong(config, StrictJson.Options.GetTypeInfo(typeof(TrainingConfig)), "") is { } wrong)
        {
            string where = settings.LastOrDefault(s => s.StartsWith(wrong.Key + "=", StringComparison.Ordinal)) is { } setting ? $"--set {setting}" : what;
            throw new FailedException($"{where}: {wrong.Key} is {wrong.Found}; expected {wrong.Expected}.");
        }
    }

    private static (string Key, string Found, string Expected)? FirstWrong(JsonObject group, JsonTypeInfo type, string path)
    {
        foreach ((string name, JsonNode? value) in group)
        {
            if (type.Properties.FirstOrDefault(p => p.Name == name) is not { } property)
            {
                continue;
            }

            string key = path + name;
            Type own = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            bool mayBeNull = property.PropertyType != own || (!own.IsValueType && property.IsSetNullable);
            if (value is null ? !mayBeNull : !Fits(value, own))
            {
                return (key, value?.ToJsonString(StrictJson.Options) ?? "null", Expected(own) + (mayBeNull ? ", or null" : ""));
            }

            if (value is JsonObject inner && FirstWrong(inner, StrictJson.Options.GetTypeInfo(own), key + ".") is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private static bool Fits(JsonNode value, Type type) => value.GetValueKind() switch
    {
        JsonValueKind.Number => type == typeof(int) ? value.AsValue().TryGetValue(out int _)
            : type == typeof(double) && double.IsFinite(value.AsValue().TryGetValue(out double number) ? number : double.NaN),
        JsonValueKind.String => type == typeof(string) || (type.IsEnum && Words(type).Contains(value.GetValue<string>())),
        JsonValueKind.True or JsonValueKind.False => type == typeof(bool),
        JsonValueKind.Array => type == typeof(IReadOnlyList<int>) && value.AsArray().All(item => item is not null && Fits(item, typeof(int))),
        JsonValueKind.Object => StrictJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object,
        _ => false,
    };

    private static string Expected(Type type) =>
        type == typeof(int) ? $"a whole number from {int.MinValue} to {int.MaxValue}"
        : type == typeof(double) ? "a finite number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(string) ? "text"
        : type == typeof(IReadOnlyList<int>) ? "a list of whole numbers such as [32,64]"
        : type.IsEnum ? $"one of {string.Join(", ", Words(type))}"
        : $"a group of keys: {string.Join(", ", StrictJson.Options.GetTypeInfo(type).Properties.Select(p => p.Name))}";

    private static IEnumerable<string> Words(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);
}
