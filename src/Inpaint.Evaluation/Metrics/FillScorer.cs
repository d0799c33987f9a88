using Inpaint.Photos;

namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Collects the figures of filled holes, photo by photo. Fed in the same order it gives the same figures to the last bit.
/// Not for several threads at once. Memory: one number a photo, the holes of the last 8 photos, and some rows of pixels.
/// </summary>
public sealed class FillScorer
{
    private static readonly (int First, int Last)[] DepthBands = [(1, 2), (3, 4), (5, 8), (9, 12), (13, 16)];

    private readonly StructuralSimilarity _similarity = new();
    private readonly RadialSpectrum _spectrum = new();
    private readonly FillSpread _spread = new();
    private readonly List<double> _photoErrors = [];
    private readonly long[] _depthSquares = new long[DepthBands.Length], _depthSamples = new long[DepthBands.Length];
    private long _squares, _absolutes, _samples, _wholeSamples;
    private long _truthDetail, _fillDetail, _truthSteps, _fillSteps;
    private double _psnrs;
    private Mean _holeSsim, _wholeSsim, _spectra;

    /// <summary>Adds one photo.</summary>
    /// <param name="truth">The photo as it was.</param>
    /// <param name="completed">The same photo with its hole filled; outside the hole equal to the truth, byte for byte.</param>
    /// <param name="hole">The filled pixels: at least one, inside the photo.</param>
    /// <exception cref="ArgumentException">The photos' sizes differ, or a pixel outside the hole does. The scores are as before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The hole is empty or leaves the photo. The scores are as before.</exception>
    public void Add(Photo truth, Photo completed, PixelRect hole)
    {
        HoleChecks.RequireInside(truth, hole);
        RequirePasted(truth, completed, hole);

        AddErrors(truth, completed, hole);
        _truthDetail += HoleDifferences.Detail(truth, hole);
        _fillDetail += HoleDifferences.Detail(completed, hole);
        _truthSteps += HoleDifferences.Steps(truth, hole);
        _fillSteps += HoleDifferences.Steps(completed, hole);
        (double? holeSsim, double? wholeSsim) = _similarity.Compare(truth, completed, hole);
        _holeSsim.Add(holeSsim);
        _wholeSsim.Add(wholeSsim);
        _spectra.Add(_spectrum.Distance(truth, completed, hole));
        _spread.Add(truth, completed, hole);
    }

    /// <summary>The figures of all photos added so far; more may be added after it.</summary>
    /// <exception cref="InvalidOperationException">No photo has been added.</exception>
    public FillScores Result()
    {
        if (_photoErrors.Count == 0)
        {
            throw new InvalidOperationException("No photo has been scored; expected at least one. Is the dataset empty?");
        }

        double holeMse = _squares / (255.0 * 255.0 * _samples);
        return new FillScores
        {
            Photos = _photoErrors.Count,
            HoleMse = holeMse,
            HolePsnr = FillScores.Psnr(holeMse),
            HolePsnrMean = _psnrs / _photoErrors.Count,
            HoleL1 = 100.0 * _absolutes / (255.0 * _samples),
            HoleSsim = _holeSsim.Value,
            WholePsnr = FillScores.Psnr(_squares / (255.0 * 255.0 * _wholeSamples)),
            WholeSsim = _wholeSsim.Value,
            Depth = MakeDepth(),
            Sharpness = Ratio(_fillDetail, _truthDetail),
            Spectrum = _spectra.Value,
            Seam = Ratio(_fillSteps, _truthSteps),
            Spread = _spread.Ratio,
            PhotoErrors = [.. _photoErrors],
        };
    }

    private static double? Ratio(long fill, long truth) => truth == 0 ? null : (double)fill / truth;

    private static void RequirePasted(Photo truth, Photo completed, PixelRect hole)
    {
        ArgumentNullException.ThrowIfNull(completed);
        if (completed.Width != truth.Width || completed.Height != truth.Height)
        {
            throw new ArgumentException($"The completed photo is {completed.Width}x{completed.Height}, the truth {truth.Width}x{truth.Height}; expected the same size. Paste the fill into the photo first.", nameof(completed));
        }

        for (int y = 0; y < truth.Height; y++)
        {
            bool crossesHole = y >= hole.Y && y < hole.Bottom;
            int column = FirstDifference(truth, completed, y, 0, crossesHole ? hole.X : truth.Width);
            column = column >= 0 || !crossesHole ? column : FirstDifference(truth, completed, y, hole.Right, truth.Width);
            if (column >= 0)
            {
                throw new ArgumentException($"Outside the hole, the pixel at column {column}, row {y} differs from the truth; expected known pixels as they were. Paste the fill into the photo first.", nameof(completed));
            }
        }
    }

    /// <summary>The first column from left up to right, without it, where the photos differ in row y; -1 when there is none.</summary>
    private static int FirstDifference(Photo truth, Photo completed, int y, int left, int right)
    {
        int start = 4 * (y * truth.Width + left), length = 4 * (right - left);
        int equal = truth.Pixels.Slice(start, length).CommonPrefixLength(completed.Pixels.Slice(start, length));
        return equal < length ? left + equal / 4 : -1;
    }

    private void AddErrors(Photo truth, Photo completed, PixelRect hole)
    {
        long photoSquares = 0;
        for (int y = 0; y < hole.Height; y++)
        {
            int start = 4 * ((hole.Y + y) * truth.Width + hole.X);
            ReadOnlySpan<byte> a = truth.Pixels.Slice(start, 4 * hole.Width), b = completed.Pixels.Slice(start, 4 * hole.Width);
            int rowDepth = Math.Min(y, hole.Height - 1 - y) + 1;
            for (int x = 0; x < hole.Width; x++)
            {
                int red = a[4 * x] - b[4 * x], green = a[4 * x + 1] - b[4 * x + 1], blue = a[4 * x + 2] - b[4 * x + 2];
                int squares = red * red + green * green + blue * blue;
                photoSquares += squares;
                _absolutes += Math.Abs(red) + Math.Abs(green) + Math.Abs(blue);
                int band = BandOf(Math.Min(rowDepth, Math.Min(x, hole.Width - 1 - x) + 1));
                if (band < DepthBands.Length)
                {
                    _depthSquares[band] += squares;
                    _depthSamples[band] += 3;
                }
            }
        }

        long samples = 3L * hole.Width * hole.Height;
        double error = photoSquares / (255.0 * 255.0 * samples);
        _squares += photoSquares;
        _samples += samples;
        _wholeSamples += 3L * truth.Width * truth.Height;
        _photoErrors.Add(error);
        _psnrs += FillScores.Psnr(error);
    }

    private static int BandOf(int depth) => depth switch
    {
        <= 2 => 0,
        <= 4 => 1,
        <= 8 => 2,
        <= 12 => 3,
        <= 16 => 4,
        _ => 5,
    };

    private List<DepthBand> MakeDepth()
    {
        var bands = new List<DepthBand>(DepthBands.Length);
        for (int i = 0; i < DepthBands.Length; i++)
        {
            if (_depthSamples[i] > 0)
            {
                bands.Add(new DepthBand($"{DepthBands[i].First}-{DepthBands[i].Last}", _depthSquares[i] / (255.0 * 255.0 * _depthSamples[i])));
            }
        }

        return bands;
    }

    /// <summary>A running mean of the values that are there.</summary>
    private struct Mean
    {
        private double _sum;
        private long _count;

        public readonly double? Value => _count == 0 ? null : _sum / _count;

        public void Add(double? value)
        {
            if (value is { } number)
            {
                _sum += number;
                _count++;
            }
        }
    }
}
