using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Inpaint.Json;

namespace Inpaint.Settings;

/// <summary>A property with a <see cref="SettingAttribute"/>, of an options record or of a record inside it.</summary>
public sealed class Setting
{
    private const DynamicallyAccessedMemberTypes Read = DynamicallyAccessedMemberTypes.PublicProperties;
    internal const string Reflects = "Uses reflection on the record, which may be trimmed.";

    // Trimmed programs do not know whether a text may be null.
    private const string NullabilitySwitch = "System.Reflection.NullabilityInfoContext.IsSupported";

    private static readonly ConcurrentDictionary<Type, Setting[]> Known = new();
    private readonly PropertyInfo[] _path;
    private readonly SettingAttribute _attribute;

    private Setting(PropertyInfo[] path, SettingAttribute attribute)
    {
        _path = path;
        _attribute = attribute;
        Key = attribute.Key ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(Property.Name);
        Type = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;
        Values = Type.IsEnum
            ? [.. from object number in Enum.GetValuesAsUnderlyingType(Type)
                  let value = Enum.ToObject(Type, number)
                  where !value.Equals(attribute.Except)
                  select value]
            : [];
        Placeholder = attribute.Placeholder ?? (Type.IsEnum ? string.Join('|', Values.Select(Format)) : IsNumber ? "N" : "TEXT");
        Expected = DescribeExpected();
    }

    /// <summary>The name in JSON and in forms, such as <c>mask_polarity</c>.</summary>
    public string Key { get; }

    /// <summary>The name on the command line, such as <c>--mask-polarity</c>.</summary>
    public string OptionName => $"--{Key.Replace('_', '-')}";

    /// <summary>A short form on the command line; null if none.</summary>
    public string? Alias => _attribute.Alias;

    /// <summary>A one-sentence description.</summary>
    public string Description => _attribute.Description;

    /// <summary>The type of the value; of a nullable property, the type inside.</summary>
    public Type Type { get; }

    /// <summary>The placeholder of the value in help: <c>N</c>, <c>DIR</c>, <c>white|black</c>.</summary>
    public string Placeholder { get; }

    /// <summary>What is expected, for errors: <c>an integer from 0 to 4096</c>.</summary>
    public string Expected { get; }

    /// <summary>The values of an enumeration; empty for other types.</summary>
    public IReadOnlyList<object> Values { get; }

    /// <summary>The smallest number; null if none.</summary>
    public double? Min => double.IsFinite(_attribute.Min) ? _attribute.Min : null;

    /// <summary>The largest number; null if none.</summary>
    public double? Max => double.IsFinite(_attribute.Max) ? _attribute.Max : null;

    private PropertyInfo Property => _path[^1];

    private bool IsNumber => Type == typeof(int) || Type == typeof(long) || Type == typeof(double);

    /// <summary>The settings of a record and of the records that it is composed of, in the order of their declaration.</summary>
    public static IReadOnlyList<Setting> Of<[DynamicallyAccessedMembers(Read)] T>() => Of(typeof(T));

    /// <summary>The setting of a record with a given key.</summary>
    /// <exception cref="ArgumentException">The record has no such setting.</exception>
    public static Setting Of<[DynamicallyAccessedMembers(Read)] T>(string key) => Of(typeof(T)).FirstOrDefault(s => s.Key == key)
        ?? throw new ArgumentException(
            $"{typeof(T).Name} has no setting '{key}'; expected one of {string.Join(", ", Of(typeof(T)).Select(s => s.Key))}.",
            nameof(key));

    /// <summary>Checks every setting of a record.</summary>
    /// <returns>The record.</returns>
    /// <exception cref="SettingException">A setting is out of its range.</exception>
    public static T Validate<[DynamicallyAccessedMembers(Read)] T>(T options) where T : class
    {
        foreach (Setting setting in Of(typeof(T)))
        {
            object? value = setting.Get(options);
            if (!setting.Allows(value))
            {
                throw setting.Refuse(setting.Property.Name, Format(value));
            }
        }

        return options;
    }

    /// <summary>The value in a record.</summary>
    public object? Get(object options) => _path.Aggregate((object?)options, (record, property) => property.GetValue(record));

    /// <summary>A copy of a record with another value.</summary>
    [RequiresUnreferencedCode(Reflects)]
    public T Set<T>(T options, object? value) where T : class => (T)Set(options, 0, value);

    /// <summary>Reads a value from text.</summary>
    /// <param name="text">The value, as on a command line or in a form.</param>
    /// <param name="name">What the error calls the setting. Default: <see cref="Key"/>.</param>
    /// <exception cref="SettingException">The text is not a value of this setting.</exception>
    public object Parse(string text, string? name = null)
    {
        object? value = Type.IsEnum ? Values.FirstOrDefault(v => Format(v) == text)
            : Type == typeof(bool) ? bool.TryParse(text, out bool boolean) ? boolean : null
            : Type == typeof(int) ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int integer)
                ? integer : null
            : Type == typeof(long) ? long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long large)
                ? large : null
            : Type == typeof(double) ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
                : null
            : text;
        return value is not null && Allows(value) ? value : throw Refuse(name ?? Key, text.Length <= 40 ? text : $"{text[..40]}...");
    }

    /// <summary>Reads a value from JSON.</summary>
    /// <param name="json">The value.</param>
    /// <param name="name">What the error calls the setting. Default: <see cref="Key"/>.</param>
    /// <exception cref="SettingException">The value has another type or is out of its range.</exception>
    [RequiresUnreferencedCode(Reflects)]
    [RequiresDynamicCode(Reflects)]
    public object? Parse(JsonElement json, string? name = null)
    {
        object? value;
        try
        {
            value = json.Deserialize(Property.PropertyType, StrictJson.Options);
        }
        catch (JsonException e)
        {
            throw new SettingException($"{name ?? Key} is {json.GetRawText()}; expected {Expected}.", e);
        }

        return Allows(value) ? value : throw Refuse(name ?? Key, Format(value));
    }

    /// <summary>A value as text, such as <c>white</c>.</summary>
    public static string Format(object? value) =>
        value is Enum name ? NameOf(name)
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A value that was given a name in JSON is used, and so kept.")]
    private static string NameOf(Enum value) =>
        value.GetType().GetField(value.ToString())?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    internal static Setting[] Of([DynamicallyAccessedMembers(Read)] Type record) =>
        Known.TryGetValue(record, out Setting[]? known) ? known : Known.GetOrAdd(record, [.. Find(record, [])]);

    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "Who validates a record keeps the records inside it.")]
    private static List<Setting> Find([DynamicallyAccessedMembers(Read)] Type record, PropertyInfo[] path)
    {
        var found = new List<Setting>();
        foreach (PropertyInfo property in record.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } attribute)
            {
                found.Add(new Setting([.. path, property], attribute));
            }
            else if (
                property.PropertyType is { IsClass: true, Namespace: { } name }
                && name.StartsWith(nameof(Inpaint), StringComparison.Ordinal))
            {
                found.AddRange(Find(property.PropertyType, [.. path, property]));
            }
        }

        return found;
    }

    private bool Allows(object? value) => value switch
    {
        null => Nullable.GetUnderlyingType(Property.PropertyType) is not null
            || (AppContext.TryGetSwitch(NullabilitySwitch, out bool kept) && !kept)
            || new NullabilityInfoContext().Create(Property).WriteState != NullabilityState.NotNull,
        Enum => Values.Contains(value),
        int or long or double =>
            Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && number >= _attribute.Min && number <= _attribute.Max,
        string text => _attribute.Pattern is { } pattern ? Regex.IsMatch(text, $"^(?:{pattern})\\z", RegexOptions.CultureInvariant)
            : _attribute.AllowBlank || !string.IsNullOrWhiteSpace(text),
        _ => true,
    };

    [RequiresUnreferencedCode(Reflects)]
    private object Set(object record, int depth, object? value)
    {
        MethodInfo clone = record.GetType().GetMethod("<Clone>$")
            ?? throw new ArgumentException($"{record.GetType().Name} is not a record; settings are properties of records.");
        object copy = clone.Invoke(record, null)!;
        PropertyInfo property = _path[depth];
        property.SetValue(copy, depth == _path.Length - 1 ? value : Set(property.GetValue(record)!, depth + 1, value));
        return copy;
    }

    private SettingException Refuse(string name, string found) => new(
        string.IsNullOrWhiteSpace(found) ? $"{name} is empty; expected {Expected}. Is a variable not set?"
            : $"{name} is '{found}'; expected {Expected}.");

    private string DescribeExpected()
    {
        string kind = Type == typeof(double) ? "a number" : IsNumber ? "an integer" : "";
        return Type == typeof(bool) ? "true or false"
            : IsNumber ? (Min, Max) switch
            {
                ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $"{kind} from {min:0.######} to {max:0.######}"),
                ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $"{kind} of at least {min:0.######}"),
                _ => kind,
            }
            : Placeholder.Split('|') is [.. var first, var last] && first.Length > 0 ? $"{string.Join(", ", first)} or {last}"
            : Type == typeof(string) ? (Placeholder == "TEXT" ? "text" : Placeholder) : "a list of strings";
    }
}
