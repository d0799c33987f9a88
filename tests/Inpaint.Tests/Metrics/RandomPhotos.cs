using Inpaint.Evaluation.Metrics;

namespace Inpaint.Tests.Metrics;

/// <summary>Reproducible noise photos.</summary>
internal static class RandomPhotos
{
    public static Photo Make(int width, int height, int seed, int limit = 256)
    {
        var random = new Random(seed);
        var photo = new Photo(width, height);
        for (int i = 0; i < photo.Pixels.Length; i++)
        {
            if (i % 4 != 3)
            {
                photo.Pixels[i] = (byte)random.Next(limit);
            }
        }

        return photo;
    }

    /// <summary>A copy with other noise in the hole.</summary>
    public static Photo Refill(Photo photo, PixelRect hole, int seed, int limit = 256)
    {
        Photo other = Make(photo.Width, photo.Height, seed, limit);
        Photo filled = photo.Clone();
        ForEach(hole, (x, y) =>
        {
            int start = 4 * (y * photo.Width + x);
            other.Pixels.Slice(start, 4).CopyTo(filled.Pixels[start..]);
        });
        return filled;
    }

    public static void ForEach(PixelRect area, Action<int, int> pixel)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                pixel(x, y);
            }
        }
    }

    /// <summary>A uniform grey photo.</summary>
    public static Photo Grey(int width, int height, byte level)
    {
        var photo = new Photo(width, height);
        ForEach(new PixelRect(0, 0, width, height), (x, y) => Set(photo, x, y, level));
        return photo;
    }

    public static void Set(Photo photo, int x, int y, byte grey) => photo.Pixels.Slice(4 * (y * photo.Width + x), 3).Fill(grey);

    public static void Set(Photo photo, PixelRect area, byte grey) => ForEach(area, (x, y) => Set(photo, x, y, grey));

    public static FillScores Score(Photo truth, Photo completed, PixelRect hole) => Score(truth, completed, Hole.Rectangle(hole));

    public static FillScores Score(Photo truth, Photo completed, Hole hole)
    {
        var scorer = new FillScorer();
        scorer.Add(truth, completed, hole);
        return scorer.Result();
    }
}
