namespace Inpaint.Tests;

/// <summary>
/// A reference implementation of resampling, straight from the definition in double precision, one target pixel at a time.
/// </summary>
internal static class NaiveSampler
{
    public enum Kernel
    {
        Triangle,
        Lanczos3,
    }

    /// <summary>The weight of each source position along one axis; positions may be outside the source.</summary>
    public static List<(int At, double Weight)> Weights(int start, int length, int targetLength, int target, Kernel kernel)
    {
        var weights = new List<(int, double)>();
        double scale = (double)length / targetLength;
        if (targetLength <= length)
        {
            double from = start + (target * scale), to = from + scale;
            for (int at = (int)Math.Floor(from) - 1; at <= to + 1; at++)
            {
                double cover = Math.Min(to, at + 1) - Math.Max(from, at);
                if (cover > 1e-9)
                {
                    weights.Add((at, cover / scale));
                }
            }

            return weights;
        }

        double centre = start + ((target + 0.5) * scale);
        for (int at = (int)centre - 6; at <= centre + 6; at++)
        {
            double distance = Math.Abs(centre - (at + 0.5));
            double weight = kernel == Kernel.Triangle ? Math.Max(0, 1 - distance) : Lanczos(distance);
            if (weight != 0)
            {
                weights.Add((at, weight));
            }
        }

        double sum = weights.Sum(w => w.Item2);
        return [.. weights.Select(w => (w.Item1, w.Item2 / sum))];
    }

    /// <summary>One target pixel: red, green and blue (not rounded), and the known share of the weight.</summary>
    public static (double Red, double Green, double Blue, double Known) Pixel(
        Photo photo, Func<int, int, bool> isHidden, PixelRect window, int width, int height, int x, int y, Kernel kernel)
    {
        double red = 0, green = 0, blue = 0, known = 0;
        foreach ((int row, double rowWeight) in Weights(window.Y, window.Height, height, y, kernel))
        {
            int sy = Math.Clamp(row, 0, photo.Height - 1);
            foreach ((int column, double columnWeight) in Weights(window.X, window.Width, width, x, kernel))
            {
                int sx = Math.Clamp(column, 0, photo.Width - 1);
                if (!isHidden(sx, sy))
                {
                    double weight = rowWeight * columnWeight;
                    Span<byte> pixel = photo.Pixels.Slice(4 * ((sy * photo.Width) + sx), 4);
                    red += weight * pixel[0];
                    green += weight * pixel[1];
                    blue += weight * pixel[2];
                    known += weight;
                }
            }
        }

        return known == 0 ? (0, 0, 0, 0) : (red / known, green / known, blue / known, known);
    }

    /// <summary>Asserts that <paramref name="actual"/> is <paramref name="exact"/>, rounded (either way at a tie) and clamped.</summary>
    public static void AssertRounded(double exact, byte actual, string where)
    {
        double clamped = Math.Clamp(exact, 0, 255);
        Assert.True(Math.Abs(clamped - actual) <= 0.502, $"{where}: {actual}, expected {exact:F4} rounded.");
    }

    public static Photo Noise(Random random, int width, int height)
    {
        var photo = new Photo(width, height);
        random.NextBytes(photo.Pixels);
        for (int i = 3; i < photo.Pixels.Length; i += 4)
        {
            photo.Pixels[i] = 255;
        }

        return photo;
    }

    private static double Lanczos(double x) => x >= 3 ? 0 : Sinc(x) * Sinc(x / 3);

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
