namespace Inpaint.Settings;

/// <summary>A setting is unknown, has the wrong type, or is out of its range. The message names it.</summary>
public sealed class SettingException(string message, Exception? innerException = null) : InpaintException(message, innerException);
