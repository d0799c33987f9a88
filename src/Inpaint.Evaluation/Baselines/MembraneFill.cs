namespace Inpaint.Evaluation.Baselines;

/// <summary>
/// The membrane (Laplace) baseline: inside the hole every pixel is the mean of its four neighbours, like a soap film stretched over the
/// known pixels along the edge. For rectangles the solution is exact, by sine transforms along both axes (O. Buneman, "A compact
/// non-iterative Poisson solver", 1969; here with dense transforms). Thread-safe.
/// </summary>
public static class MembraneFill
{
    /// <summary>
    /// Fills the hole in place; each channel separately, rounded to the nearest 8-bit value. Where the hole meets the photo's edge the film
    /// is free: the pixel beyond the edge repeats the last one.
    /// </summary>
    /// <param name="photo">The photo; the content of the hole is not read.</param>
    /// <param name="hole">The pixels to fill.</param>
    /// <exception cref="PhotoException">The hole does not fit the photo.</exception>
    /// <exception cref="ArgumentException">The hole is empty or covers the whole photo.</exception>
    public static void Apply(Photo photo, Hole hole)
    {
        HoleChecks.RequireFillable(photo, hole);
        if (hole.Mask is null)
        {
            FillRectangle(photo, hole.Bounds);
            return;
        }

        var membrane = new MembraneIteration(photo, hole);
        for (int c = 0; c < 3; c++)
        {
            double[] values = membrane.Solve(photo, c);
            for (int i = 0; i < values.Length; i++)
            {
                photo.Pixels[(4 * membrane.Pixels[i]) + c] = Round(values[i]);
            }
        }
    }

    /// <summary>
    /// The fill as a matrix: each pixel of the hole is a weighted mean of the known pixels along its edge, with weights
    /// that depend on the hole's size alone. For a rectangle that does not touch the photo's edge.
    /// </summary>
    /// <param name="width">The hole's columns, at least 1.</param>
    /// <param name="height">The hole's rows, at least 1.</param>
    /// <returns>
    /// Row-major, <c>width * height</c> rows of <c>2 * (width + height)</c> weights (1024 x 128 for 32x32). A row is a pixel
    /// of the hole, <c>y * width + x</c>. A column is a ring pixel: first the row above the hole from left to right, then the
    /// row below from left to right, then the column to the left from top to bottom, then the column to the right from top
    /// to bottom; no corners. Every weight is above 0, and each row's sum is 1.
    /// </returns>
    public static double[] Weights(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var vertical = LaplaceAxis.Get(height, true, true);
        var horizontal = LaplaceAxis.Get(width, true, true);
        int ring = checked(2 * (width + height)), area = checked(width * height);
        var weights = new double[checked(area * ring)];
        var plane = new double[area];
        var scratch = new double[area];
        for (int r = 0; r < ring; r++)
        {
            Array.Clear(plane);
            plane[NeighbourInHole(r, width, height)] = 1;
            Solve(vertical, horizontal, plane, scratch);
            for (int p = 0; p < area; p++)
            {
                weights[p * ring + r] = plane[p];
            }
        }

        return weights;
    }

    private static void FillRectangle(Photo photo, PixelRect hole)
    {
        var vertical = LaplaceAxis.Get(hole.Height, hole.Y > 0, hole.Bottom < photo.Height);
        var horizontal = LaplaceAxis.Get(hole.Width, hole.X > 0, hole.Right < photo.Width);
        var plane = new double[hole.Width * hole.Height];
        var scratch = new double[plane.Length];
        for (int c = 0; c < 3; c++)
        {
            SumKnownNeighbours(photo, hole, c, plane);
            Solve(vertical, horizontal, plane, scratch);
            for (int i = 0; i < plane.Length; i++)
            {
                int x = hole.X + (i % hole.Width), y = hole.Y + (i / hole.Width);
                photo.Pixels[(4 * ((y * photo.Width) + x)) + c] = Round(plane[i]);
            }
        }
    }

    private static byte Round(double value) => (byte)Math.Clamp((int)Math.Floor(value + 0.5), 0, 255);

    private static int NeighbourInHole(int ringPixel, int width, int height) => ringPixel switch
    {
        _ when ringPixel < width => ringPixel,
        _ when ringPixel < 2 * width => (height - 1) * width + ringPixel - width,
        _ when ringPixel < 2 * width + height => (ringPixel - 2 * width) * width,
        _ => (ringPixel - 2 * width - height) * width + width - 1,
    };

    /// <summary>The right-hand side of the equations: at each pixel of the hole the sum of its known neighbours.</summary>
    private static void SumKnownNeighbours(Photo photo, PixelRect hole, int channel, Span<double> sums)
    {
        sums.Clear();
        ReadOnlySpan<byte> pixels = photo.Pixels;
        int stride = photo.Width;
        for (int x = 0; x < hole.Width; x++)
        {
            if (hole.Y > 0)
            {
                sums[x] += pixels[4 * ((hole.Y - 1) * stride + hole.X + x) + channel];
            }

            if (hole.Bottom < photo.Height)
            {
                sums[(hole.Height - 1) * hole.Width + x] += pixels[4 * (hole.Bottom * stride + hole.X + x) + channel];
            }
        }

        for (int y = 0; y < hole.Height; y++)
        {
            if (hole.X > 0)
            {
                sums[y * hole.Width] += pixels[4 * ((hole.Y + y) * stride + hole.X - 1) + channel];
            }

            if (hole.Right < photo.Width)
            {
                sums[y * hole.Width + hole.Width - 1] += pixels[4 * ((hole.Y + y) * stride + hole.Right) + channel];
            }
        }
    }

    /// <summary>Replaces the right-hand side by the solution: to modes along both axes, over the eigenvalues, and back.</summary>
    private static void Solve(LaplaceAxis vertical, LaplaceAxis horizontal, Span<double> plane, Span<double> scratch)
    {
        int height = vertical.Length, width = horizontal.Length;
        vertical.Transform(toModes: true, plane, scratch, width);
        Transpose(scratch, plane, height, width);
        horizontal.Transform(toModes: true, plane, scratch, height);
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < height; j++)
            {
                scratch[(i * height) + j] /= horizontal.Eigenvalues[i] + vertical.Eigenvalues[j];
            }
        }

        horizontal.Transform(toModes: false, scratch, plane, height);
        Transpose(plane, scratch, width, height);
        vertical.Transform(toModes: false, scratch, plane, width);
    }

    private static void Transpose(ReadOnlySpan<double> source, Span<double> target, int rows, int columns)
    {
        for (int i = 0; i < rows * columns; i++)
        {
            target[((i % columns) * rows) + (i / columns)] = source[i];
        }
    }
}
