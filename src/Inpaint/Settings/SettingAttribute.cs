namespace Inpaint.Settings;

/// <summary>
/// Declares a property of an options record as a setting: its range and its description, once for the command line, JSON, forms and
/// validation. The default is the property's initialiser.
/// </summary>
/// <param name="description">A one-sentence description; empty where no program exposes the setting.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string description = "") : Attribute
{
    /// <summary>A one-sentence description.</summary>
    public string Description => description;

    /// <summary>The name in snake_case (<c>mask_polarity</c>). Default: the property's.</summary>
    public string? Key { get; init; }

    /// <summary>A short form on the command line, such as <c>-o</c>. Default: none.</summary>
    public string? Alias { get; init; }

    /// <summary>
    /// The placeholder of the value in help and errors, such as <c>DIR</c>, or the values, separated by <c>|</c>. Default: by type.
    /// </summary>
    public string? Placeholder { get; init; }

    /// <summary>The smallest number. Default: any.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>The largest number. Default: any.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>A regular expression that must match whole strings. Default: any string that is not blank.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether a blank string is a value. Default: no.</summary>
    public bool AllowBlank { get; init; }

    /// <summary>A value of the property's enumeration that is not allowed. Default: none.</summary>
    public object? Except { get; init; }
}
