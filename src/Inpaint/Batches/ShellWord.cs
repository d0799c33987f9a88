namespace Inpaint;

/// <summary>Paths within commands that messages tell people to run.</summary>
internal static class CommandHint
{
    /// <summary>A word as a shell takes it: in quotes where it needs them.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':' or '+' or '=' or ',')
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
