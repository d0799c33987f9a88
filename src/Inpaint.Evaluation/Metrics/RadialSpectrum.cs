using System.Numerics;
using Inpaint.Photos;

namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Compares how much detail of each size two fills have. The hole's luminance (0.299 R + 0.587 G + 0.114 B, in 0..1) times a
/// periodic Hann window along both axes, 2-D Fourier transform, power over the window's energy, mean power in 8 bands of equal
/// width by distance from frequency 0 up to half a cycle a pixel (Nyquist, included); the constant term and the corners beyond
/// Nyquist are left out. Keeps buffers: one thread at a time.
/// </summary>
internal sealed class RadialSpectrum
{
    /// <summary>Radial bands.</summary>
    public const int Bands = 8;

    /// <summary>Powers below this count as this: about the power of 8-bit rounding.</summary>
    public const double Floor = 1e-6;

    private FourierTransform _rows = new(1), _columns = new(1);
    private double[] _window = [];
    private int[] _bands = [];
    private Complex[] _plane = [], _spectrum = [], _line = [];

    /// <summary>Root-mean-square distance of log10 power over the bands; bands that a small hole lacks do not count; null when it has none.</summary>
    public double? Distance(Photo truth, Photo completed, PixelRect hole)
    {
        Reserve(hole.Width, hole.Height);
        Span<double> truthPower = stackalloc double[Bands], fillPower = stackalloc double[Bands];
        MeasureBands(truth, hole, truthPower);
        MeasureBands(completed, hole, fillPower);
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
    private void MeasureBands(Photo photo, PixelRect hole, Span<double> power)
    {
        int width = _rows.Length, height = _columns.Length;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = photo.Pixels.Slice(4 * ((hole.Y + y) * photo.Width + hole.X), 4 * width);
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

    /// <summary>Band b holds the distances from b/16 up to (b+1)/16 cycles a pixel; compared in whole numbers, so that no boundary is a matter of rounding.</summary>
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
