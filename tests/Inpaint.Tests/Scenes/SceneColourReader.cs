using System.Drawing;
using Inpaint.Scenes;

namespace Inpaint.Tests.Scenes;

/// <summary>Names colours by hue, independently of how scenes are drawn.</summary>
internal static class SceneColourReader
{
    private static readonly (string Word, float From, float To)[] Hues =
    [
        ("red", -16, 14), ("orange", 17, 38), ("yellow", 43, 62), ("green", 85, 165), ("blue", 205, 235), ("purple", 262, 300),
            ("pink", 318, 343),
    ];

    /// <summary>The colour in the caption, if it is a rainbow colour.</summary>
    public static string? ColourOf(string caption) =>
        Hues.Select(hue => hue.Word)
            .SingleOrDefault(word =>
                caption.Contains($" {word} ", StringComparison.Ordinal) && !caption.Contains("green meadow", StringComparison.Ordinal));

    /// <summary>The colour that is much more frequent inside the box than around it.</summary>
    public static string MostDistinct(Scene scene)
    {
        var inside = new double[Hues.Length];
        var outside = new double[Hues.Length];
        Photo photo = scene.Photo;
        for (int y = 0; y < photo.Height; y++)
        {
            for (int x = 0; x < photo.Width; x++)
            {
                ReadOnlySpan<byte> pixel = photo.Pixels.Slice(4 * ((y * photo.Width) + x), 3);
                int hue = HueOf(Color.FromArgb(pixel[0], pixel[1], pixel[2]));
                if (hue >= 0)
                {
                    (scene.Box.Contains(x, y) ? inside : outside)[hue]++;
                }
            }
        }

        int area = scene.Box.Width * scene.Box.Height, rest = (photo.Width * photo.Height) - area;
        int best = Enumerable.Range(0, Hues.Length).MaxBy(i => (inside[i] / area) - (outside[i] / rest));
        return Hues[best].Word;
    }

    private static int HueOf(Color colour)
    {
        int high = Math.Max(colour.R, Math.Max(colour.G, colour.B)), low = Math.Min(colour.R, Math.Min(colour.G, colour.B));
        if (high - low < 60)
        {
            return -1;
        }

        float hue = colour.GetHue();
        return Array.FindIndex(Hues, named => (hue >= named.From && hue <= named.To) || hue - 360 >= named.From);
    }
}
