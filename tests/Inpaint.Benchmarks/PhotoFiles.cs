using Inpaint.Scenes;

namespace Inpaint.Benchmarks;

/// <summary>The picture files that all contenders read.</summary>
/// <param name="Name">Their name in tables.</param>
/// <param name="Paths">The files; a pass with more rows cycles over them.</param>
/// <param name="Remark">An optional remark for the report.</param>
internal sealed record PhotoFiles(string Name, IReadOnlyList<string> Paths, string? Remark = null)
{
    /// <summary>The shared photographs, relative to the repository.</summary>
    public static readonly string SharedPhotos = Path.Combine("..", "shared", "data", "coco-mini");

    private const int SceneWidth = 640, SceneHeight = 480;

    /// <summary>64x64 scenes as PNG.</summary>
    public static PhotoFiles SmallPngs(string folder, int count) =>
        new("64x64 PNG", Draw(folder, count, ".png", i => PhotoCodec.Encode(SceneGenerator.Draw(i).Photo)));

    /// <summary>The shared photographs at their native size; without them, 640x480 scenes as JPEG.</summary>
    public static PhotoFiles LargeJpegs(string folder)
    {
        string shared = Path.Combine(SharedPhotos, "val2017");
        if (FindAbove(shared) is { } photos)
        {
            string[] paths = [.. Directory.EnumerateFiles(photos, "*.jpg").Order(StringComparer.Ordinal)];
            return new("JPEG, native size", paths, $"{paths.Length} photographs of MSCOCO, about 640x480.");
        }

        IReadOnlyList<string> drawn = Draw(folder, 100, ".jpg", i =>
        {
            Photo square = SceneGenerator.Draw(i, SceneWidth).Photo;
            var centre = new PixelRect(0, (SceneWidth - SceneHeight) / 2, SceneWidth, SceneHeight);
            return PhotoCodec.Encode(square.Crop(centre), PhotoFormat.Jpeg);
        });
        return new("JPEG, 640x480", drawn, $"{shared} was not found: scenes instead of photographs.");
    }

    private static List<string> Draw(string folder, int count, string extension, Func<int, byte[]> draw)
    {
        Directory.CreateDirectory(folder);
        var paths = new List<string>(count);
        for (int i = 0; i < count; i++)
        {
            string path = Path.Combine(folder, i.ToString("D6", CultureInfo.InvariantCulture) + extension);
            File.WriteAllBytes(path, draw(i));
            paths.Add(path);
        }

        return paths;
    }

    /// <summary>A folder relative to the repository; null where it does not exist.</summary>
    public static string? FindAbove(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Inpaint.sln")))
            {
                string found = Path.GetFullPath(Path.Combine(folder.FullName, relative));
                return Directory.Exists(found) ? found : null;
            }
        }

        return null;
    }
}
