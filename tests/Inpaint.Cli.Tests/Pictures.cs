using System.Text.Json;
using Inpaint.Scenes;

namespace Inpaint.Cli.Tests;

/// <summary>Creates photos to score and checks completed photos.</summary>
internal static class Pictures
{
    /// <summary>Writes a scene as a picture file, creating its folders.</summary>
    public static string Write(string path, int scene, int size = 64, PhotoFormat format = PhotoFormat.Png)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, PhotoCodec.Encode(SceneGenerator.Draw(scene, size).Photo, format));
        return path;
    }

    /// <summary>Asserts that pixels have changed only in the centre half of the centred square, and that some have.</summary>
    public static void AssertOnlyCentreChanged(string photoPath, string completedPath)
    {
        Photo photo = PhotoCodec.Decode(photoPath), completed = PhotoCodec.Decode(completedPath);
        int side = Math.Min(photo.Width, photo.Height);
        int left = ((photo.Width - side) / 2) + (side / 4), top = ((photo.Height - side) / 2) + (side / 4);
        AssertOnlyChangedWhere(photo, completed, (x, y) => x >= left && x < left + (side / 2) && y >= top && y < top + (side / 2),
            completedPath);
    }

    public static void AssertOnlyChangedWhere(Photo photo, Photo completed, Func<int, int, bool> hidden, string what)
    {
        Assert.Equal((photo.Width, photo.Height), (completed.Width, completed.Height));
        int changed = 0;
        for (int y = 0; y < photo.Height; y++)
        {
            for (int x = 0; x < photo.Width; x++)
            {
                int at = 4 * ((y * photo.Width) + x);
                bool same = photo.Pixels.Slice(at, 4).SequenceEqual(completed.Pixels.Slice(at, 4));
                Assert.True(same || hidden(x, y), $"{what}: known pixel ({x}, {y}) is changed.");
                changed += same ? 0 : 1;
            }
        }

        Assert.True(changed > 0, $"{what}: nothing was filled.");
    }

    /// <summary>The rows of a results file, each asserted to be complete.</summary>
    public static List<JsonElement> Rows(string folder)
    {
        string text = File.ReadAllText(Path.Combine(folder, "results.jsonl"));
        Assert.EndsWith("\n", text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public static string Text(this JsonElement row, string key) => row.GetProperty(key).GetString()!;

    public static long Number(this JsonElement row, string key) => row.GetProperty(key).GetInt64();
}
