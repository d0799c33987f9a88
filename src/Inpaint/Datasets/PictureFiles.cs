namespace Inpaint.Datasets;

/// <summary>Which files of a folder or an archive are pictures.</summary>
internal static class PictureFiles
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>The extensions, for messages.</summary>
    public static string Expected { get; } = string.Join(", ", Extensions);

    /// <summary>Whether a name or path has a picture's extension, in any case; the file may turn out not to be a picture.</summary>
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
