using System.Text;
using System.Globalization;

namespace Inpaint.Cli.Score;

/// <summary>A picture on the sheet: what it shows, and its file's name in <c>.sheet</c>.</summary>
internal sealed record SheetPicture(string What, string File);

/// <summary>A photo on the sheet with its pictures, from left to right; none if they cannot be shown.</summary>
internal sealed record SheetRow(ScoreItem Item, InpaintingStatus Status, string? Error, IReadOnlyList<SheetPicture> Pictures);

/// <summary>
/// <c>sheet.html</c>: the first photos of a run side by side (with the hole marked, completed, and the original if known; with an object
/// that is to be removed, also the photo with it), each at most 256 pixels wide and high. Thumbnails are kept between runs.
/// <c>sheet.jpg</c> shows the first few of them as one picture.
/// </summary>
internal sealed class Sheet(OutputFolder folder, GraphManifest graph, MaskSource? masks)
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
        var thumbnails = new SheetThumbnails(pictures, folder, masks);
        var rows = new List<SheetRow>();
        foreach (ScoreItem item in _items)
        {
            if (_bad.TryGetValue(item.Key, out (InpaintingStatus Status, string Error) bad))
            {
                rows.Add(new SheetRow(item, bad.Status, bad.Error, []));
            }
            else if (File.Exists(Path.Combine(folder.FullPath, folder.NameOf(item.Key))))
            {
                rows.Add(new SheetRow(item, InpaintingStatus.Ok, null, thumbnails.Make(item)));
            }
        }

        thumbnails.RemoveOthers();
        string page = SheetPage.Render(rows, _photos, graph, string.Create(CultureInfo.InvariantCulture, $"{PictureFolder}/"));
        SheetImage.Write(Path.Combine(folder.FullPath, SheetImage.FileName), rows, pictures);
        AtomicFile.Write(Path.Combine(folder.FullPath, FileName), Encoding.UTF8.GetBytes(page), durable: false);
        return FileName;
    }
}
