using System.Text;
using System.Globalization;

namespace Inpaint.Cli.Score;

/// <summary>The pictures of one photo on the sheet, as file names in <c>.sheet</c>; each optional.</summary>
internal sealed record SheetPictures(string? Photo, string? Fill, string? Truth);

internal sealed record SheetRow(ScoreItem Item, InpaintingStatus Status, string? Error, SheetPictures Pictures);

/// <summary>
/// <c>sheet.html</c>: the first photos of a run side by side (with the hole marked, completed, and the original if known),
/// each at most 256 pixels wide and high. Thumbnails are kept between runs.
/// </summary>
internal sealed class Sheet(OutputFolder folder, GraphManifest graph, MaskPolarity maskPolarity)
{
    /// <summary>Photos on the sheet.</summary>
    public const int MaxPhotos = 48;

    public const string FileName = "sheet.html", PictureFolder = ".sheet";

    private readonly List<ScoreItem> _items = [];
    private readonly Dictionary<string, (InpaintingStatus Status, string Error)> _bad = new(StringComparer.Ordinal);
    private long _photos;

    /// <summary>Adds a photo to the sheet, if there is room.</summary>
    public void Take(ScoreItem item)
    {
        _photos++;
        if (_items.Count < MaxPhotos)
        {
            _items.Add(item);
        }
    }

    /// <summary>Records that a photo could not be completed.</summary>
    public void Note(string key, InpaintingStatus status, string error)
    {
        if (_bad.Count < MaxPhotos)
        {
            _bad[key] = (status, error);
        }
    }

    /// <summary>Writes the sheet.</summary>
    /// <returns>The file's name.</returns>
    public string Write()
    {
        string pictures = Path.Combine(folder.FullPath, PictureFolder);
        Directory.CreateDirectory(pictures);
        var thumbnails = new SheetThumbnails(pictures, folder, maskPolarity);
        var rows = new List<SheetRow>();
        foreach (ScoreItem item in _items)
        {
            if (_bad.TryGetValue(item.Key, out (InpaintingStatus Status, string Error) bad))
            {
                rows.Add(new SheetRow(item, bad.Status, bad.Error, new SheetPictures(null, null, null)));
            }
            else if (File.Exists(Path.Combine(folder.FullPath, folder.NameOf(item.Key))))
            {
                rows.Add(new SheetRow(item, InpaintingStatus.Ok, null, thumbnails.Make(item)));
            }
        }

        thumbnails.RemoveOthers();
        string page = SheetPage.Render(rows, _photos, graph, string.Create(CultureInfo.InvariantCulture, $"{PictureFolder}/"));
        AtomicFile.Write(Path.Combine(folder.FullPath, FileName), Encoding.UTF8.GetBytes(page), durable: false);
        return FileName;
    }
}
