using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Inpaint.Training.Configuration;

/// <summary>Checks the types of a configuration's values, with readable descriptions.</summary>
internal static class ConfigTypes
{
    /// <summary>Reports the first value that is not; unknown keys are reported by <see cref="StrictJson"/>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="what">The configuration in messages.</param>
    /// <param name="settings">Overridden settings; a message names the setting where it provided the value.</param>
    /// <exception cref="FailedException">Names the key, what was found and what was expected.</exception>
    public static void Check(JsonObject config, string what, IReadOnlyList<string> settings)
    {
        if (FirstWrong(config, StrictJson.Options.GetTypeInfo(typeof(TrainingConfig)), "") is { } wrong)
        {
            string? setting = settings.LastOrDefault(s => s.StartsWith(wrong.Key + "=", StringComparison.Ordinal));
            throw new FailedException($"{(setting is null ? what : $"--set {setting}")}: {wrong.Key} is {wrong.Found}; expected "
                + $"{wrong.Expected}.");
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
        JsonValueKind.Array => Item(type) is { } item && value.AsArray().All(i => i is not null && Fits(i, item)),
        JsonValueKind.Object => StrictJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object,
        _ => false,
    };

    private static string Expected(Type type) =>
        type == typeof(int) ? $"an integer from {int.MinValue} to {int.MaxValue}"
        : type == typeof(double) ? "a finite number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(string) ? "text"
        : type == typeof(IReadOnlyList<int>) ? "a list of integers such as [32,64]"
        : Item(type) is { } item ? $"a list, each item {Expected(item)}"
        : type.IsEnum ? $"one of {string.Join(", ", Words(type))}"
        : $"a group of keys: {string.Join(", ", StrictJson.Options.GetTypeInfo(type).Properties.Select(p => p.Name))}";

    private static Type? Item(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static IEnumerable<string> Words(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);
}
