namespace Inpaint.Datasets;

/// <summary>Recognises pictures in folders and archives by their extensions.</summary>
internal static class PictureFiles
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>The extensions, for messages.</summary>
    public static string Expected { get; } = string.Join(", ", Extensions);

    /// <summary>Whether a name or path has the extension of a picture, ignoring case.</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (string extension in Extensions)
        {
            if (name.Length > extension.Length && name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
