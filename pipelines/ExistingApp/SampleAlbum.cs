using Inpaint.Photos;

namespace ExistingApp;

/// <summary>Drawn pictures with captions, for a first run without photos.</summary>
internal static class SampleAlbum
{
    private const int Side = 96;

    private static readonly (
        string Name, byte Red, byte Green, byte Blue)[] Colours = [("red", 200, 50, 40), ("green", 60, 150, 60), ("blue", 50, 80, 190)];

    /// <summary>Writes the pictures and their list.</summary>
    /// <returns>The list's path.</returns>
    public static string Write(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        string list = Path.Combine(folder, "album.csv");
        using var lines = new StreamWriter(list);
        lines.WriteLine("ImagePath,Caption");
        for (int i = 0; i < count; i++)
        {
            string path = Path.Combine(folder, $"scene-{i:D8}.png");
            File.WriteAllBytes(path, PhotoCodec.Encode(Draw(i)));
            lines.WriteLine($"\"{path}\",\"A {Colours[i % Colours.Length].Name} ball in the fog.\"");
        }

        return list;
    }

    private static Photo Draw(int index)
    {
        var photo = new Photo(Side, Side);
        (_, byte red, byte green, byte blue) = Colours[index % Colours.Length];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                byte fog = (byte)(90 + y + (5 * index));
                bool isBall = Math.Pow(x - 40 - index, 2) + Math.Pow(y - 50, 2) < 900;
                ReadOnlySpan<byte> pixel = isBall ? [red, green, blue, 255] : [fog, fog, fog, 255];
                pixel.CopyTo(photo.Pixels[(4 * ((y * Side) + x))..]);
            }
        }

        return photo;
    }
}
