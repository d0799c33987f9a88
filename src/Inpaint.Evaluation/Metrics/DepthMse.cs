namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Mean squared error of the hidden pixels at some distances from the hole's edge. A pixel has distance d when the square of 2d-1 pixels
/// around it is hidden and the next larger one is not (chessboard distance); beyond the photo nothing is hidden.
/// </summary>
internal abstract class DepthMse(int first, int last)
    : Metric(100 + first, $"depth_{first}-{last}", $"mean squared error of the pixels {first}-{last} px from the hole's edge", "0.00000",
        inTable: false, depthBand: $"{first}-{last}")
{
    private const int Deepest = 16;

    internal sealed override IMetricAccumulator Start() => new RatioAccumulator(photo =>
    {
        Profile profile = photo.Once(Profile.Of);
        long squares = profile.Squares[first..(last + 1)].Sum(), pixels = profile.Pixels[first..(last + 1)].Sum();
        return (squares, FilledPhoto.Range * 3 * pixels);
    });

    /// <summary>Squared errors and pixels by depth, from 1 to 16; deeper pixels are not counted.</summary>
    private sealed record Profile(long[] Squares, long[] Pixels)
    {
        public static Profile Of(FilledPhoto photo)
        {
            long[] squares = new long[Deepest + 1], pixels = new long[Deepest + 1];
            PixelRect bounds = photo.Hole.Bounds;
            int[] depths = Depths(photo);
            for (int i = 0; i < depths.Length; i++)
            {
                if (depths[i] is > 0 and <= Deepest)
                {
                    squares[depths[i]] += photo.SquaredDifference(bounds.X + (i % bounds.Width), bounds.Y + (i / bounds.Width));
                    pixels[depths[i]]++;
                }
            }

            return new Profile(squares, pixels);
        }

        // The two passes of A. Rosenfeld and J. Pfaltz, "Sequential operations in digital picture processing", 1966.
        private static int[] Depths(FilledPhoto photo)
        {
            PixelRect bounds = photo.Hole.Bounds;
            int width = bounds.Width, height = bounds.Height;
            var depths = new int[width * height];
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    depths[(y * width) + x] = photo.Hole.IsHidden(bounds.X + x, bounds.Y + y)
                        ? 1 + Math.Min(Math.Min(At(x - 1, y), At(x - 1, y - 1)), Math.Min(At(x, y - 1), At(x + 1, y - 1)))
                        : 0;
                }
            }

            for (int y = height - 1; y >= 0; y--)
            {
                for (int x = width - 1; x >= 0; x--)
                {
                    int nearest = 1 + Math.Min(Math.Min(At(x + 1, y), At(x + 1, y + 1)), Math.Min(At(x, y + 1), At(x - 1, y + 1)));
                    depths[(y * width) + x] = Math.Min(depths[(y * width) + x], nearest);
                }
            }

            return depths;

            int At(int x, int y) => (uint)x < (uint)width && (uint)y < (uint)height ? depths[(y * width) + x] : 0;
        }
    }

    private sealed class From1() : DepthMse(1, 2);

    private sealed class From3() : DepthMse(3, 4);

    private sealed class From5() : DepthMse(5, 8);

    private sealed class From9() : DepthMse(9, 12);

    private sealed class From13() : DepthMse(13, 16);
}
