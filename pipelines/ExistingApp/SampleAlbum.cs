
using Inpaint.Datasets;

namespace ExistingApp;

/// <summary>A few drawn pictures with captions, for a first run without any photos.</summary>
internal static class SampleAlbum
{
    /// <summary>Writes the pictures and their list.</summary>
    /// <returns>The list's path.</returns>
    public static string Write(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        string list = Path.Combine(folder, "album.csv");
        using var lines = new StreamWriter(list);
        lines.WriteLine("ImagePath,Caption");
        using IPhotoDataset scenes = PhotoDataset.Open($"scenes:{count}:96");
        foreach (PhotoRecord scene in scenes.Read())
        {
            string path = Path.Combine(folder, scene.Id);
            File.WriteAllBytes(path, scene.ReadBytes());
            lines.WriteLine($"\"{path}\",\"{scene.Captions[0]}\"");
        }

        return list;
    }
}
