using System.Numerics;

namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Mean over photos of the root-mean-square distance, in log10 power, between fill and truth over 8 radial bands of the spectrum of the
/// largest rectangle of hidden pixels. Not defined where that is too small to have a band.
/// </summary>
internal sealed class Spectrum()
    : Metric(201, "spectrum", "distance of the spectra in log10 power: 0 is the photo's", chartTitle: "Spectrum: 0 is that of the photos")
{
    internal override IMetricAccumulator Start()
    {
        var spectrum = new RadialSpectrum();
        return new RatioAccumulator(photo => spectrum.Distance(photo.Truth, photo.Completed, LargestRectangle(photo.Hole)) is { } distance
            ? (distance, 1) : default);
    }

    /// <summary>The largest rectangle of hidden pixels; the first in reading order of its last row and column among equals.</summary>
    private static PixelRect LargestRectangle(Hole hole)
    {
        PixelRect bounds = hole.Bounds, best = default;
        if (hole.Mask is null)
        {
            return bounds;
        }

        // Row by row: the hidden pixels above each column are the bars of a histogram, whose largest rectangle is found with a stack.
        var heights = new int[bounds.Width + 1];
        var rising = new Stack<int>();
        for (int y = bounds.Y; y < bounds.Bottom; y++)
        {
            for (int x = 0; x <= bounds.Width; x++)
            {
                heights[x] = hole.IsHidden(bounds.X + x, y) ? heights[x] + 1 : 0;
                while (rising.TryPeek(out int bar) && heights[bar] >= heights[x])
                {
                    rising.Pop();
                    int left = rising.TryPeek(out int lower) ? lower + 1 : 0;
                    if ((long)heights[bar] * (x - left) > (long)best.Width * best.Height)
                    {
                        best = new PixelRect(bounds.X + left, y - heights[bar] + 1, x - left, heights[bar]);
                    }
                }

                rising.Push(x);
            }

            rising.Clear();
        }

        return best;
    }
}

/// <summary>
/// Compares how much detail of each size two fills have: luminance (0.299 R + 0.587 G + 0.114 B, in 0..1) times a periodic Hann window
/// along both axes, 2-D Fourier transform, power over the window's energy, mean power in 8 bands of equal width by distance from frequency
/// 0 up to half a cycle a pixel (Nyquist, included), without the constant term and the corners beyond Nyquist. Reuses buffers; not
/// thread-safe.
/// </summary>
internal sealed class RadialSpectrum
{
    private const int Bands = 8;

    /// <summary>Lower powers are raised to this one, about the power of 8-bit rounding.</summary>
    private const double Floor = 1e-6;

    private FourierTransform _rows = new(1), _columns = new(1);
    private double[] _window = [];
    private int[] _bands = [];
    private Complex[] _plane = [], _spectrum = [], _line = [];

    /// <summary>
    /// Root-mean-square distance of log10 power over the bands; bands without frequencies do not count; null when there are no bands.
    /// </summary>
    public double? Distance(Photo truth, Photo completed, PixelRect area)
    {
        Reserve(area.Width, area.Height);
        Span<double> truthPower = stackalloc double[Bands], fillPower = stackalloc double[Bands];
        MeasureBands(truth, area, truthPower);
        MeasureBands(completed, area, fillPower);
        double squares = 0;
        int count = 0;
        for (int band = 0; band < Bands; band++)
        {
            if (!double.IsNaN(truthPower[band]))
            {
                double difference = Math.Log10(Math.Max(Floor, fillPower[band])) - Math.Log10(Math.Max(Floor, truthPower[band]));
                squares += difference * difference;
                count++;
            }
        }

        return count == 0 ? null : Math.Sqrt(squares / count);
    }

    /// <summary>Mean power a band; NaN in a band without frequencies.</summary>
    private void MeasureBands(Photo photo, PixelRect area, Span<double> power)
    {
        int width = _rows.Length, height = _columns.Length;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = photo.Pixels.Slice(4 * ((area.Y + y) * photo.Width + area.X), 4 * width);
            for (int x = 0; x < width; x++)
            {
                double luminance = (0.299 * row[4 * x] + 0.587 * row[4 * x + 1] + 0.114 * row[4 * x + 2]) / 255;
                _plane[y * width + x] = luminance * _window[y * width + x];
            }

            _rows.Transform(_plane.AsSpan(y * width), 1, _spectrum.AsSpan(y * width));
        }

        Span<double> counts = stackalloc double[Bands];
        counts.Clear();
        power.Clear();
        for (int x = 0; x <= width / 2; x++)
        {
            // The plane is real: the frequency -x has the power of x.
            double weight = x == 0 || 2 * x == width ? 1 : 2;
            _columns.Transform(_spectrum.AsSpan(x), width, _line);
            for (int y = 0; y < height; y++)
            {
                int band = _bands[x * height + y];
                if (band >= 0)
                {
                    power[band] += weight * (_line[y].Real * _line[y].Real + _line[y].Imaginary * _line[y].Imaginary);
                    counts[band] += weight;
                }
            }
        }

        for (int band = 0; band < Bands; band++)
        {
            power[band] = counts[band] == 0 ? double.NaN : power[band] / counts[band];
        }
    }

    private void Reserve(int width, int height)
    {
        if (_window.Length > 0 && _rows.Length == width && _columns.Length == height)
        {
            return;
        }

        _rows = new FourierTransform(width);
        _columns = new FourierTransform(height);
        _plane = new Complex[width * height];
        _spectrum = new Complex[width * height];
        _line = new Complex[height];
        _window = MakeWindow(width, height);
        _bands = new int[(width / 2 + 1) * height];
        for (int x = 0; x <= width / 2; x++)
        {
            for (int y = 0; y < height; y++)
            {
                _bands[x * height + y] = BandOf(x, y <= height / 2 ? y : height - y, width, height);
            }
        }
    }

    /// <summary>The Hann window along both axes, scaled so that its squares sum to 1.</summary>
    private static double[] MakeWindow(int width, int height)
    {
        var window = new double[width * height];
        double energy = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double value = Hann(x, width) * Hann(y, height);
                window[y * width + x] = value;
                energy += value * value;
            }
        }

        for (int i = 0; i < window.Length && energy > 0; i++)
        {
            window[i] /= Math.Sqrt(energy);
        }

        return window;
    }

    private static double Hann(int i, int length) => 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / length);

    /// <summary>
    /// Band b contains the distances from b/16 up to (b+1)/16 cycles per pixel; compared as integers, so that boundaries do not depend on
    /// rounding.
    /// </summary>
    private static int BandOf(int x, int y, int width, int height)
    {
        Int128 area = (Int128)width * height, along = (Int128)x * height, down = (Int128)y * width;
        Int128 squared = 4 * Bands * Bands * (along * along + down * down), unit = area * area;
        if (squared == 0 || squared > Bands * Bands * unit)
        {
            return -1;
        }

        int band = 0;
        while (band < Bands - 1 && squared >= (band + 1) * (band + 1) * unit)
        {
            band++;
        }

        return band;
    }
}
