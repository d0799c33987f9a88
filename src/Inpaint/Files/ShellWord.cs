namespace Inpaint.Files;

/// <summary>Quotes arguments of shell commands in scripts and messages.</summary>
public static class ShellWord
{
    /// <summary>Quotes an argument for a POSIX shell, if necessary.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(IsPlain)
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // A backslash is a path separator on Windows; elsewhere the shell would drop it.
    private static bool IsPlain(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':' or '+' or '=' or ',' or '@' or '%'
        || (c == '\\' && OperatingSystem.IsWindows());
}
