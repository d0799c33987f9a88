namespace Inpaint.Files;

/// <summary>Words of commands, in scripts and in messages that tell people what to run.</summary>
internal static class ShellWord
{
    /// <summary>A word as a POSIX shell takes it: in single quotes unless it is plain.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(IsPlain)
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // A backslash parts the folders of Windows' paths; elsewhere a shell drops it.
    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':' or '+' or '=' or ',' or '@' or '%' || (c == '\\' && OperatingSystem.IsWindows());
}
