using Inpaint.Photos;

namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// How far the fills of different photos differ, over how far their truths do. All pairs of n photos would be n²:
/// each photo is compared with the <see cref="Neighbours"/> before it, in the order given, whose holes have its size.
/// </summary>
internal sealed class FillSpread
{
    /// <summary>How many earlier photos each is compared with.</summary>
    public const int Neighbours = 8;

    private readonly Queue<(Photo Truth, Photo Fill)> _previous = new(Neighbours);
    private long _truthDifference, _fillDifference;

    /// <summary>Mean absolute difference of fills over that of truths; null when no two truths differ.</summary>
    public double? Ratio => _truthDifference == 0 ? null : (double)_fillDifference / _truthDifference;

    public void Add(Photo truth, Photo completed, PixelRect hole)
    {
        (Photo Truth, Photo Fill) current = (truth.Crop(hole), completed.Crop(hole));
        foreach ((Photo earlierTruth, Photo earlierFill) in _previous)
        {
            if (earlierTruth.Width == hole.Width && earlierTruth.Height == hole.Height)
            {
                _truthDifference += SumOfDifferences(current.Truth.Pixels, earlierTruth.Pixels);
                _fillDifference += SumOfDifferences(current.Fill.Pixels, earlierFill.Pixels);
            }
        }

        if (_previous.Count == Neighbours)
        {
            _previous.Dequeue();
        }

        _previous.Enqueue(current);
    }

    /// <summary>Over all bytes: the fourth of each pixel is 255 in both and adds nothing.</summary>
    private static long SumOfDifferences(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        long sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Abs(a[i] - b[i]);
        }

        return sum;
    }
}
