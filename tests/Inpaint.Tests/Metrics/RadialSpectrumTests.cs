using System.Numerics;
using Inpaint.Evaluation.Metrics;

namespace Inpaint.Tests.Metrics;

/// <summary>Compared with the Fourier sum as four nested loops, and with values computed by hand.</summary>
public sealed class RadialSpectrumTests
{
    [Theory]
    [InlineData(32, 32)]
    [InlineData(16, 8)]
    [InlineData(12, 30)]
    [InlineData(7, 11)]
    [InlineData(25, 9)]
    [InlineData(6, 5)]
    public void It_matches_the_definition(int width, int height)
    {
        var hole = new PixelRect(3, 2, width, height);
        Photo truth = RandomPhotos.Make(width + 7, height + 6, 1), completed = RandomPhotos.Refill(truth, hole, 2, limit: 40);
        Assert.Equal(ByDefinition(truth.Crop(hole), completed.Crop(hole)), RandomPhotos.Score(truth, completed, hole)["spectrum"]!.Value,
            1e-9);
    }

    [Fact]
    public void A_fill_of_twice_the_brightness_differs_by_the_logarithm_of_four_in_every_band()
    {
        Photo truth = RandomPhotos.Make(32, 32, 1, limit: 128), completed = truth.Clone();
        for (int i = 0; i < truth.Pixels.Length; i++)
        {
            completed.Pixels[i] = (byte)Math.Min(255, 2 * truth.Pixels[i]);
        }

        Assert.Equal(0.602059991327962, RandomPhotos.Score(truth, completed, new PixelRect(0, 0, 32, 32))["spectrum"]!.Value, 1e-9);
    }

    [Fact]
    public void Photos_are_averaged()
    {
        Photo truth = RandomPhotos.Make(32, 32, 1, limit: 128), completed = truth.Clone();
        for (int i = 0; i < truth.Pixels.Length; i++)
        {
            completed.Pixels[i] = (byte)Math.Min(255, 2 * truth.Pixels[i]);
        }

        var scorer = new FillScorer();
        scorer.Add(truth, completed, Hole.Rectangle(new PixelRect(0, 0, 32, 32)));
        scorer.Add(truth, truth, Hole.Rectangle(new PixelRect(0, 0, 32, 32)));
        Assert.Equal(0.602059991327962 / 2, scorer.Result()["spectrum"]!.Value, 1e-9);
    }

    [Fact]
    public void A_flat_fill_has_only_the_floor_outside_the_bands_of_the_window()
    {
        // White, 32 wide: the periodic Hann window has the coefficients 1/2 at 0 and -1/4 at ±1, times 32 a side; its energy is (12)².
        // At distance 1 from 0 the power is (16 * 8)² / 144 (4 of them), at (±1, ±1) it is (8 * 8)² / 144 (4 of them); band 1 holds these
        // 8.
        double first = (4 * Math.Pow(16 * 8, 2) + 4 * Math.Pow(8 * 8, 2)) / 144 / 8;
        Photo black = new(32, 32), white = RandomPhotos.Grey(32, 32, 255);
        double expected = Math.Abs(Math.Log10(first) - Math.Log10(1e-6)) / Math.Sqrt(8);
        Assert.Equal(expected, RandomPhotos.Score(black, white, new PixelRect(0, 0, 32, 32))["spectrum"]!.Value, 1e-9);
    }

    [Fact]
    public void A_hole_of_one_pixel_has_no_spectrum() =>
        Assert.Null(RandomPhotos.Score(new Photo(3, 3), new Photo(3, 3), new PixelRect(1, 1, 1, 1))["spectrum"]);

    private static double ByDefinition(Photo truth, Photo fill)
    {
        double[] a = Bands(truth), b = Bands(fill);
        var squares = new List<double>();
        for (int i = 0; i < 8; i++)
        {
            if (a[i] >= 0)
            {
                squares.Add(Math.Pow(Math.Log10(Math.Max(1e-6, a[i])) - Math.Log10(Math.Max(1e-6, b[i])), 2));
            }
        }

        return Math.Sqrt(squares.Average());
    }

    private static double[] Bands(Photo photo)
    {
        int w = photo.Width, h = photo.Height;
        var sums = new double[8];
        var counts = new int[8];
        for (int ky = 0; ky < h; ky++)
        {
            for (int kx = 0; kx < w; kx++)
            {
                double fx = Math.Min(kx, w - kx) / (double)w, fy = Math.Min(ky, h - ky) / (double)h;
                double radius = Math.Sqrt(fx * fx + fy * fy);
                if (kx + ky == 0 || radius > 0.5 + 1e-12)
                {
                    continue;
                }

                int band = Math.Min(7, (int)(radius * 16 + 1e-9));
                sums[band] += Power(photo, kx, ky);
                counts[band]++;
            }
        }

        return [.. sums.Zip(counts, (sum, count) => count == 0 ? -1 : sum / count)];
    }

    private static double Power(Photo photo, int kx, int ky)
    {
        Complex sum = 0;
        double energy = 0;
        for (int y = 0; y < photo.Height; y++)
        {
            for (int x = 0; x < photo.Width; x++)
            {
                double window = Math.Pow(Math.Sin(Math.PI * x / photo.Width), 2) * Math.Pow(Math.Sin(Math.PI * y / photo.Height), 2);
                Span<byte> p = photo.Pixels.Slice(4 * (y * photo.Width + x), 3);
                double luminance = (0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2]) / 255;
                sum += luminance * window * Complex.FromPolarCoordinates(1,
                    -2 * Math.PI * ((double)kx * x / photo.Width + (double)ky * y / photo.Height));
                energy += window * window;
            }
        }

        return sum.Magnitude * sum.Magnitude / energy;
    }
}
