namespace Inpaint.Export;

/// <summary>An argument of the form NAME=VALUE.</summary>
internal static class NamedValue
{
    /// <summary>Splits it.</summary>
    /// <exception cref="UsageException">The name is missing.</exception>
    public static (string Name, string Value) Split(string text, string option, string example)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? (text[..equals], text[(equals + 1)..])
            : throw new UsageException($"{option} {text}: expected a name and a value, such as {example}.");
    }
}
