namespace Inpaint.Onnx.Tests.Classic;

/// <summary>A reference implementation of push-pull, with plain loops in double precision.</summary>
internal static class NaivePushPull
{
    /// <summary>Fills one plane of [height, width] where <paramref name="hole"/> is 1.</summary>
    public static double[,] Fill(double[,] plane, double[,] hole)
    {
        (int height, int width) = (plane.GetLength(0), plane.GetLength(1));
        var colour = new double[height, width];
        var weight = new double[height, width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                weight[y, x] = 1 - hole[y, x];
                colour[y, x] = plane[y, x];
            }
        }

        return Push(colour, weight);
    }

    private static double[,] Push(double[,] colour, double[,] weight)
    {
        (int height, int width) = (colour.GetLength(0), colour.GetLength(1));
        var filled = new double[height, width];
        if (height == 1 && width == 1)
        {
            filled[0, 0] = weight[0, 0] > 0 ? colour[0, 0] : 0.5;
            return filled;
        }

        (double[,] coarseColour, double[,] coarseWeight) = Pull(colour, weight);
        double[,] coarse = Push(coarseColour, coarseWeight);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                filled[y, x] = weight[y, x] * colour[y, x]
                    + (1 - weight[y, x]) * Bilinear(coarse, (y + 0.5) / 2 - 0.5, (x + 0.5) / 2 - 0.5);
            }
        }

        return filled;
    }

    // The centre of the coarse pixel (Y, X) is at (2Y + 0.5, 2X + 0.5) in fine pixels; a fine pixel less than two away is weighted by
    // its distance.
    private static (double[,] Colour, double[,] Weight) Pull(double[,] colour, double[,] weight)
    {
        (int height, int width) = (colour.GetLength(0), colour.GetLength(1));
        var coarseColour = new double[(height + 1) / 2, (width + 1) / 2];
        var coarseWeight = new double[(height + 1) / 2, (width + 1) / 2];
        for (int y = 0; y < coarseColour.GetLength(0); y++)
        {
            for (int x = 0; x < coarseColour.GetLength(1); x++)
            {
                double sum = 0, colours = 0;
                for (int v = Math.Max(0, 2 * y - 1); v < Math.Min(height, 2 * y + 3); v++)
                {
                    for (int u = Math.Max(0, 2 * x - 1); u < Math.Min(width, 2 * x + 3); u++)
                    {
                        double near = Math.Max(0, 1 - Math.Abs(v - 2 * y - 0.5) / 2) * Math.Max(0, 1 - Math.Abs(u - 2 * x - 0.5) / 2);
                        sum += near * weight[v, u];
                        colours += near * weight[v, u] * colour[v, u];
                    }
                }

                coarseWeight[y, x] = Math.Min(1, sum);
                coarseColour[y, x] = sum > 0 ? colours / sum : 0;
            }
        }

        return (coarseColour, coarseWeight);
    }

    private static double Bilinear(double[,] plane, double y, double x)
    {
        y = Math.Clamp(y, 0, plane.GetLength(0) - 1);
        x = Math.Clamp(x, 0, plane.GetLength(1) - 1);
        (int top, int left) = ((int)y, (int)x);
        (int bottom, int right) = (Math.Min(top + 1, plane.GetLength(0) - 1), Math.Min(left + 1, plane.GetLength(1) - 1));
        double above = plane[top, left] + (x - left) * (plane[top, right] - plane[top, left]);
        double below = plane[bottom, left] + (x - left) * (plane[bottom, right] - plane[bottom, left]);
        return above + (y - top) * (below - above);
    }
}
