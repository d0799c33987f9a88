using System.Numerics.Tensors;

namespace Inpaint.Evaluation.Metrics;

/// <summary>SSIM of the hole alone, over the windows that are wholly hidden; not defined for a photo without such a window.</summary>
internal sealed class HoleSsim()
    : Metric(4, "hole_ssim", "structural similarity of the hole: 1 is equal", direction: MetricDirection.Higher, title: "ssim")
{
    internal override IMetricAccumulator Start() =>
        new RatioAccumulator(photo => photo.Once(StructuralSimilarity.Of).Hole is { } value ? (value, 1) : default);
}

/// <summary>SSIM of the whole photos; not defined for a photo smaller than the window.</summary>
internal sealed class WholeSsim()
    : Metric(6, "whole_ssim", "structural similarity of the whole photos: 1 is equal", direction: MetricDirection.Higher, inTable: false)
{
    internal override IMetricAccumulator Start() =>
        new RatioAccumulator(photo => photo.Once(StructuralSimilarity.Of).Whole is { } value ? (value, 1) : default);
}

/// <summary>
/// SSIM (Z. Wang and others, "Image quality assessment: from error visibility to structural similarity", 2004) of a completed photo and its
/// original: Gaussian window of 11x11, sigma 1.5, windows inside the photo only, range 1, C1 = 0.01², C2 = 0.03², mean of the three
/// channels. Windows without a hidden pixel have SSIM 1 and are computed only inside the hole's surroundings.
/// </summary>
internal sealed class StructuralSimilarity
{
    private const int Window = 11;
    private const double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

    /// <summary>Means of truth, fill, truth², fill², truth * fill.</summary>
    private const int Moments = 5;

    private static readonly double[] Gaussian = MakeGaussian();

    private readonly FilledPhoto _photo;
    private readonly PixelRect _region;
    private readonly int _windows;
    private readonly double[] _row, _means;
    private readonly double[][] _filteredRows;
    private double _inHole, _inRegion;
    private long _holeWindows;

    private StructuralSimilarity(FilledPhoto photo)
    {
        Photo truth = photo.Truth;
        PixelRect hole = photo.Hole.Bounds;
        _photo = photo;
        _region = new PixelRect(hole.X - Window + 1, hole.Y - Window + 1, hole.Width + (2 * (Window - 1)), hole.Height + (2 * (Window - 1)))
            .Intersect(new PixelRect(0, 0, truth.Width, truth.Height));
        _windows = Math.Max(0, _region.Width - Window + 1);
        _row = new double[Moments * _region.Width];
        _means = new double[Moments * _windows];
        _filteredRows = [.. Enumerable.Range(0, Window).Select(_ => new double[Moments * _windows])];
    }

    /// <summary>Mean over the windows that are wholly hidden; null if none.</summary>
    public double? Hole { get; private set; }

    /// <summary>Mean over the windows of the whole photo; null if none.</summary>
    public double? Whole { get; private set; }

    public static StructuralSimilarity Of(FilledPhoto photo)
    {
        var similarity = new StructuralSimilarity(photo);
        if (Windows(photo.Truth.Width, photo.Truth.Height) > 0)
        {
            similarity.Compute();
        }

        return similarity;
    }

    private void Compute()
    {
        for (int channel = 0; channel < 3; channel++)
        {
            // For each column, the hidden pixels that end at the row without a known one between them.
            int[] hiddenAbove = new int[_region.Width];
            for (int y = 0; y < _region.Height; y++)
            {
                FilterRow(y, channel);
                for (int x = 0; x < _region.Width; x++)
                {
                    hiddenAbove[x] = _photo.Hole.IsHidden(_region.X + x, _region.Y + y) ? hiddenAbove[x] + 1 : 0;
                }

                if (y >= Window - 1)
                {
                    FilterColumns(y);
                    SumRow(hiddenAbove);
                }
            }
        }

        long all = 3 * Windows(_photo.Truth.Width, _photo.Truth.Height), computed = 3 * Windows(_region.Width, _region.Height);
        Hole = _holeWindows == 0 ? null : _inHole / _holeWindows;
        Whole = (_inRegion + (all - computed)) / all;
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

    private void FilterRow(int y, int channel)
    {
        int width = _region.Width;
        int start = (4 * (((_region.Y + y) * _photo.Truth.Width) + _region.X)) + channel;
        ReadOnlySpan<byte> a = _photo.Truth.Pixels[start..], b = _photo.Completed.Pixels[start..];
        for (int x = 0; x < width; x++)
        {
            double p = a[4 * x] / 255.0, q = b[4 * x] / 255.0;
            _row[x] = p;
            _row[width + x] = q;
            _row[(2 * width) + x] = p * p;
            _row[(3 * width) + x] = q * q;
            _row[(4 * width) + x] = p * q;
        }

        Span<double> filtered = _filteredRows[y % Window];
        filtered.Clear();
        for (int m = 0; m < Moments; m++)
        {
            Span<double> sums = filtered.Slice(m * _windows, _windows);
            for (int k = 0; k < Window; k++)
            {
                TensorPrimitives.MultiplyAdd(_row.AsSpan((m * width) + k, _windows), Gaussian[k], sums, sums);
            }
        }
    }

    private void FilterColumns(int lastRow)
    {
        Array.Clear(_means);
        for (int k = 0; k < Window; k++)
        {
            TensorPrimitives.MultiplyAdd(_filteredRows[(lastRow - Window + 1 + k) % Window], Gaussian[k], _means, _means);
        }
    }

    private void SumRow(ReadOnlySpan<int> hiddenAbove)
    {
        int hiddenColumns = 0;
        ReadOnlySpan<double> means = _means;
        for (int x = 0; x < _region.Width; x++)
        {
            // Columns that are hidden over the window's height and end at this one.
            hiddenColumns = hiddenAbove[x] >= Window ? hiddenColumns + 1 : 0;
            int left = x - Window + 1;
            if (left < 0)
            {
                continue;
            }

            double p = means[left], q = means[_windows + left];
            double varianceP = means[(2 * _windows) + left] - (p * p), varianceQ = means[(3 * _windows) + left] - (q * q);
            double covariance = means[(4 * _windows) + left] - (p * q);
            double similarity = ((2 * p * q) + C1) * ((2 * covariance) + C2) / (((p * p) + (q * q) + C1) * (varianceP + varianceQ + C2));
            _inRegion += similarity;
            if (hiddenColumns >= Window)
            {
                _inHole += similarity;
                _holeWindows++;
            }
        }
    }
}
