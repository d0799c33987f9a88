namespace Inpaint.Cli.Score;

/// <summary><c>sheet.jpg</c>: the first photos of the sheet as one picture, a row for each.</summary>
internal static class SheetImage
{
    public const string FileName = "sheet.jpg";

    private const int MaxRows = 6, Gap = 8, Quality = 85;

    /// <summary>Writes the picture; if no photo can be shown, there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The photos of the sheet.</param>
    /// <param name="directory">The folder of their pictures.</param>
    public static void Write(string path, IEnumerable<SheetRow> rows, string directory)
    {
        Photo[][] shown =
        [
            .. rows.Where(r => r.Pictures.Count > 0).Take(MaxRows)
                .Select(r => r.Pictures.Select(p => PhotoCodec.Decode(Path.Combine(directory, p.File))).ToArray()),
        ];
        if (shown.Length == 0)
        {
            File.Delete(path);
            return;
        }

        int width = shown.Max(row => row.Sum(p => p.Width + Gap)) - Gap, height = shown.Sum(row => row[0].Height + Gap) - Gap;
        var sheet = new Photo(width, height);
        sheet.Pixels.Fill(255);
        int top = 0;
        foreach (Photo[] row in shown)
        {
            int left = 0;
            foreach (Photo picture in row)
            {
                Copy(picture, sheet, left, top);
                left += picture.Width + Gap;
            }

            top += row[0].Height + Gap;
        }

        AtomicFile.Write(path, PhotoCodec.Encode(sheet, PhotoFormat.Jpeg, Quality), durable: false);
    }

    private static void Copy(Photo picture, Photo sheet, int left, int top)
    {
        for (int y = 0; y < picture.Height; y++)
        {
            picture.Pixels.Slice(4 * y * picture.Width, 4 * picture.Width)
                .CopyTo(sheet.Pixels[(4 * (((top + y) * sheet.Width) + left))..]);
        }
    }
}
