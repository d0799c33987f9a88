namespace Inpaint.Training;

/// <summary>A condition that a setting of a configuration must meet.</summary>
/// <param name="Holds">Whether it does.</param>
/// <param name="Key">The setting, such as <c>network.unet.dropout</c>.</param>
/// <param name="Found">Its value.</param>
/// <param name="Expected">What it must be.</param>
internal readonly record struct SettingRule(bool Holds, string Key, object? Found, string Expected);
