using Inpaint.Evaluation.Perception;

namespace Inpaint.Evaluation.Metrics;

/// <summary>A photo with its hole filled, beside the original: what metrics measure. Not thread-safe.</summary>
public sealed class FilledPhoto
{
    /// <summary>The highest PSNR in dB, given to a perfect fill, whose PSNR is infinite.</summary>
    public const double HighestPsnr = 100;

    /// <summary>The square of the largest error of a channel.</summary>
    internal const double Range = 255.0 * 255.0;

    private readonly Dictionary<Type, object> _shared = [];

    /// <summary>Measures the squared error of the hole.</summary>
    /// <param name="truth">The original photo.</param>
    /// <param name="completed">The same photo with its hole filled.</param>
    /// <param name="hole">The hidden pixels, of any shape: at least one, inside the photo.</param>
    /// <exception cref="ArgumentException">The photos' sizes differ, or the hole is empty.</exception>
    /// <exception cref="PhotoException">The hole does not fit the photo.</exception>
    public FilledPhoto(Photo truth, Photo completed, Hole hole)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(completed);
        ArgumentNullException.ThrowIfNull(hole);
        if ((truth.Width, truth.Height) != (completed.Width, completed.Height))
        {
            string found = $"The completed photo is {completed.Width}x{completed.Height}, the original {truth.Width}x{truth.Height}";
            throw new ArgumentException($"{found}; expected the same size. Paste the fill into the photo first.", nameof(completed));
        }

        if (hole.IsEmpty)
        {
            throw new ArgumentException("The hole is empty; expected at least one hidden pixel.", nameof(hole));
        }

        hole.CheckFits(truth);
        (Truth, Completed, Hole) = (truth, completed, hole);
        PixelRect bounds = hole.Bounds;
        for (int y = bounds.Y; y < bounds.Bottom; y++)
        {
            for (int x = bounds.X; x < bounds.Right; x++)
            {
                if (hole.IsHidden(x, y))
                {
                    SquaredError += SquaredDifference(x, y);
                    HiddenPixels++;
                }
            }
        }
    }

    /// <summary>The original photo.</summary>
    public Photo Truth { get; }

    /// <summary>The photo with its hole filled.</summary>
    public Photo Completed { get; }

    /// <summary>The hidden pixels.</summary>
    public Hole Hole { get; }

    /// <summary>How many pixels are hidden.</summary>
    public long HiddenPixels { get; }

    /// <summary>Mean squared error over the hidden pixels, all three channels, of values in 0..1.</summary>
    public double MeanSquaredError => SquaredError / (Range * 3 * HiddenPixels);

    /// <summary>The PSNR of <see cref="MeanSquaredError"/>, in dB, at most <see cref="HighestPsnr"/>.</summary>
    public double Psnr => ToPsnr(MeanSquaredError);

    /// <summary>What the perceptual network finds; null without it.</summary>
    internal PerceptualComparison? Comparison { get; init; }

    /// <summary>Sum of the squared differences of the hidden pixels' channels, in grey levels.</summary>
    internal long SquaredError { get; }

    /// <summary>-10 log10 of a mean squared error of values in 0..1, in dB, at most <see cref="HighestPsnr"/>.</summary>
    public static double ToPsnr(double meanSquaredError) => Math.Min(HighestPsnr, -10 * Math.Log10(meanSquaredError));

    /// <summary>Requires that the completed photo equals the original outside the hole, byte for byte.</summary>
    /// <exception cref="ArgumentException">A known pixel differs; the message contains its position.</exception>
    public void RequireKnownPixelsUnchanged()
    {
        for (int i = 0; (i += Truth.Pixels[i..].CommonPrefixLength(Completed.Pixels[i..])) < Truth.Pixels.Length; i++)
        {
            int x = i / 4 % Truth.Width, y = i / 4 / Truth.Width;
            if (!Hole.IsHidden(x, y))
            {
                throw new ArgumentException($"Outside the hole, the pixel at column {x}, row {y} differs from the original; "
                    + "expected known pixels unchanged. Paste the fill into the photo first.");
            }
        }
    }

    /// <summary>Sum of the absolute differences of two pixels' channels, in grey levels.</summary>
    internal static int Difference(Photo a, int x, int y, Photo b, int otherX, int otherY)
    {
        ReadOnlySpan<byte> p = a.Pixels.Slice(4 * ((y * a.Width) + x), 3), q = b.Pixels.Slice(4 * ((otherY * b.Width) + otherX), 3);
        return Math.Abs(p[0] - q[0]) + Math.Abs(p[1] - q[1]) + Math.Abs(p[2] - q[2]);
    }

    /// <summary>Sum of the squared differences of a pixel's channels, in grey levels.</summary>
    internal int SquaredDifference(int x, int y)
    {
        int start = 4 * ((y * Truth.Width) + x);
        ReadOnlySpan<byte> a = Truth.Pixels.Slice(start, 3), b = Completed.Pixels.Slice(start, 3);
        int red = a[0] - b[0], green = a[1] - b[1], blue = a[2] - b[2];
        return (red * red) + (green * green) + (blue * blue);
    }

    /// <summary>A result that several metrics need: computed for the first of them, one of each type.</summary>
    internal T Once<T>(Func<FilledPhoto, T> compute) where T : class
    {
        if (!_shared.TryGetValue(typeof(T), out object? result))
        {
            _shared.Add(typeof(T), result = compute(this));
        }

        return (T)result;
    }
}
