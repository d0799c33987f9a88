namespace Inpaint.ClassicGraphs;

/// <summary>The exact solution of the five-point Laplace equation on a rectangle whose ring of neighbours is known (Dirichlet): a matrix.</summary>
internal static class LaplaceWeights
{
    /// <summary>
    /// The weight of each ring pixel in each hole pixel. Ring order: row above, row below (left to right), column to the
    /// left, column to the right (top to bottom). Hole order: row by row. The discrete sine transform diagonalises the
    /// operator, so the solution is a finite sum without iteration.
    /// </summary>
    /// <returns>[<paramref name="height"/> * <paramref name="width"/>, 2 * (<paramref name="width"/> + <paramref name="height"/>)].</returns>
    public static double[,] Compute(int height, int width)
    {
        int ring = 2 * (width + height);
        var weights = new double[height * width, ring];
        double[,] above = FromRowAbove(height, width);
        double[,] left = FromRowAbove(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int pixel = y * width + x, mirroredRow = (height - 1 - y) * width + x;
                for (int i = 0; i < width; i++)
                {
                    weights[pixel, i] = above[pixel, i];
                    weights[mirroredRow, width + i] = above[pixel, i];
                }

                for (int i = 0; i < height; i++)
                {
                    double weight = left[x * height + y, i];
                    weights[pixel, 2 * width + i] = weight;
                    weights[y * width + (width - 1 - x), 2 * width + height + i] = weight;
                }
            }
        }

        return weights;
    }

    // [pixel, i]: the weight of the i-th pixel of the row above. The pixel's neighbours inside are (y, x) = (0, i), so the
    // right-hand side is one there: sum over the modes (k, l) of S_k(y) S_k(0) S_l(x) S_l(i) / (4 - 2 cos a_k - 2 cos b_l).
    private static double[,] FromRowAbove(int height, int width)
    {
        double[,] rows = Sines(height), columns = Sines(width);
        var depth = new double[width, height];
        for (int l = 0; l < width; l++)
        {
            for (int k = 0; k < height; k++)
            {
                double eigenvalue = 4 - 2 * Math.Cos(Math.PI * (k + 1) / (height + 1)) - 2 * Math.Cos(Math.PI * (l + 1) / (width + 1));
                for (int y = 0; y < height; y++)
                {
                    depth[l, y] += rows[k, y] * rows[k, 0] / eigenvalue;
                }
            }
        }

        var weights = new double[height * width, width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int i = 0; i < width; i++)
                {
                    double sum = 0;
                    for (int l = 0; l < width; l++)
                    {
                        sum += columns[l, x] * columns[l, i] * depth[l, y];
                    }

                    weights[y * width + x, i] = sum;
                }
            }
        }

        return weights;
    }

    // The orthonormal discrete sine transform: row k is the k-th mode.
    private static double[,] Sines(int n)
    {
        var sines = new double[n, n];
        double scale = Math.Sqrt(2.0 / (n + 1));
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < n; i++)
            {
                sines[k, i] = scale * Math.Sin(Math.PI * (k + 1) * (i + 1) / (n + 1));
            }
        }

        return sines;
    }
}
