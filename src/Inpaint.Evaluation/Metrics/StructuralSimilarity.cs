using Inpaint.Photos;

namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// SSIM (Z. Wang and others, "Image quality assessment: from error visibility to structural similarity", 2004) of a pasted
/// photo and its truth: Gaussian window of 11x11, sigma 1.5, valid windows only, range 1, C1 = 0.01², C2 = 0.03², mean of the
/// three channels. Windows that hold no pixel of the hole are 1 and are not computed. Keeps buffers: one thread at a time.
/// </summary>
internal sealed class StructuralSimilarity
{
    /// <summary>Rows and columns of the window: smaller pictures have no SSIM.</summary>
    public const int Window = 11;

    private const double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

    /// <summary>Means of truth, fill, truth², fill², truth * fill.</summary>
    private const int Moments = 5;

    private static readonly double[] Gaussian = MakeGaussian();

    private double[] _row = [];
    private double[][] _filteredRows = [];
    private double[] _means = [];

    /// <summary>The mean over the windows that lie in the hole, and over those of the whole photo; null where there is no window.</summary>
    public (double? Hole, double? Whole) Compare(Photo truth, Photo completed, PixelRect hole)
    {
        if (truth.Width < Window || truth.Height < Window)
        {
            return (null, null);
        }

        PixelRect region = new PixelRect(hole.X - Window + 1, hole.Y - Window + 1, hole.Width + 2 * (Window - 1), hole.Height + 2 * (Window - 1))
            .Intersect(new PixelRect(0, 0, truth.Width, truth.Height));
        Reserve(region.Width);
        double inHole = 0, inRegion = 0;
        for (int channel = 0; channel < 3; channel++)
        {
            for (int y = 0; y < region.Height; y++)
            {
                FilterRow(truth, completed, region, y, channel);
                if (y < Window - 1)
                {
                    continue;
                }

                FilterColumns(y);
                int top = region.Y + y - Window + 1;
                bool rowInHole = top >= hole.Y && top + Window <= hole.Bottom;
                SumRow(region, hole, rowInHole, ref inRegion, ref inHole);
            }
        }

        long all = 3 * Windows(truth.Width, truth.Height), computed = 3 * Windows(region.Width, region.Height), inside = 3 * Windows(hole.Width, hole.Height);
        return (inside == 0 ? null : inHole / inside, (inRegion + (all - computed)) / all);
    }

    private static long Windows(int width, int height) => Math.Max(0L, width - Window + 1) * Math.Max(0L, height - Window + 1);

    private static double[] MakeGaussian()
    {
        var weights = new double[Window];
        double sum = 0;
        for (int i = 0; i < Window; i++)
        {
            double distance = i - Window / 2;
            weights[i] = Math.Exp(-distance * distance / (2 * 1.5 * 1.5));
            sum += weights[i];
        }

        for (int i = 0; i < Window; i++)
        {
            weights[i] /= sum;
        }

        return weights;
    }

    private void Reserve(int regionWidth)
    {
        int filtered = Moments * (regionWidth - Window + 1);
        if (_means.Length == filtered)
        {
            return;
        }

        _row = new double[Moments * regionWidth];
        _means = new double[filtered];
        _filteredRows = new double[Window][];
        for (int i = 0; i < Window; i++)
        {
            _filteredRows[i] = new double[filtered];
        }
    }

    private void FilterRow(Photo truth, Photo completed, PixelRect region, int y, int channel)
    {
        int width = region.Width, windows = width - Window + 1;
        int start = 4 * ((region.Y + y) * truth.Width + region.X) + channel;
        ReadOnlySpan<byte> a = truth.Pixels[start..], b = completed.Pixels[start..];
        for (int x = 0; x < width; x++)
        {
            double p = a[4 * x] / 255.0, q = b[4 * x] / 255.0;
            _row[x] = p;
            _row[width + x] = q;
            _row[2 * width + x] = p * p;
            _row[3 * width + x] = q * q;
            _row[4 * width + x] = p * q;
        }

        Span<double> filtered = _filteredRows[y % Window];
        filtered.Clear();
        for (int m = 0; m < Moments; m++)
        {
            for (int k = 0; k < Window; k++)
            {
                VectorMath.AddScaled(filtered.Slice(m * windows, windows), _row.AsSpan(m * width + k, windows), Gaussian[k]);
            }
        }
    }

    private void FilterColumns(int lastRow)
    {
        Array.Clear(_means);
        for (int k = 0; k < Window; k++)
        {
            VectorMath.AddScaled(_means, _filteredRows[(lastRow - Window + 1 + k) % Window], Gaussian[k]);
        }
    }

    private void SumRow(PixelRect region, PixelRect hole, bool rowInHole, ref double inRegion, ref double inHole)
    {
        int windows = region.Width - Window + 1;
        ReadOnlySpan<double> means = _means;
        for (int x = 0; x < windows; x++)
        {
            double p = means[x], q = means[windows + x];
            double varianceP = means[2 * windows + x] - p * p, varianceQ = means[3 * windows + x] - q * q;
            double covariance = means[4 * windows + x] - p * q;
            double similarity = (2 * p * q + C1) * (2 * covariance + C2) / ((p * p + q * q + C1) * (varianceP + varianceQ + C2));
            inRegion += similarity;
            int left = region.X + x;
            if (rowInHole && left >= hole.X && left + Window <= hole.Right)
            {
                inHole += similarity;
            }
        }
    }
}
