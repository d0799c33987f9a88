using System.Runtime.InteropServices;
using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>
/// Blends a fill into the known pixels around the hole, row by row from the top. For each column it keeps the nearest known row above and below;
/// the nearest known pixel of all columns is then the lowest of one parabola a column, found for a whole row in time that grows with the hole's
/// width alone, however wide the band is (Felzenszwalb and Huttenlocher 2012). Memory grows with the hole's width only.
/// </summary>
internal sealed class Feather
{
    private const long Nowhere = -1;

    private readonly Hole _hole;
    private readonly Photo _photo;
    private readonly int _width;
    private readonly int[] _above, _below;

    // One column on each side of the hole's box stands beside its own ones.
    private readonly long[] _vertical, _from;
    private readonly int[] _sites, _nearest;
    private int _y;

    /// <param name="hole">The hidden pixels.</param>
    /// <param name="photo">The photo; its known pixels are read, so they must stay as they are.</param>
    /// <param name="width">How far the band reaches into the hole, in pixels, at least 1.</param>
    public Feather(Hole hole, Photo photo, int width)
    {
        (_hole, _photo, _width) = (hole, photo, width);
        _above = new int[hole.Bounds.Width];
        _below = new int[hole.Bounds.Width];
        Array.Fill(_above, hole.Bounds.Y - 1);
        Array.Fill(_below, hole.Bounds.Y - 1);
        int columns = hole.Bounds.Width + 2;
        (_vertical, _from, _sites, _nearest) = (new long[columns], new long[columns], new int[columns], new int[columns]);
        _y = hole.Bounds.Y - 1;
    }

    /// <summary>Makes row <paramref name="y"/>, below all earlier ones, the one that <see cref="Blend"/> blends.</summary>
    public void MoveTo(int y)
    {
        PixelRect bounds = _hole.Bounds;
        for (; _y < y; _y++)
        {
            int row = _y + 1;
            for (int i = 0; i < _below.Length; i++)
            {
                if (_below[i] < row)
                {
                    _above[i] = _below[i];
                    int below = row;
                    while (below < bounds.Bottom && _hole.IsHidden(bounds.X + i, below))
                    {
                        below++;
                    }

                    _below[i] = below;
                }
            }
        }

        MeasureColumns();
        FindNearest();
    }

    /// <summary>Blends a run of hidden pixels, already filled, that begins at column <paramref name="x"/>.</summary>
    public void Blend(int x, Span<uint> fill)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(fill);
        for (int i = 0; i < fill.Length; i++)
        {
            int place = x + i - _hole.Bounds.X + 1, site = _nearest[place];
            if (site < 0)
            {
                continue;
            }

            long across = place - site, squared = (across * across) + _vertical[site];
            if (squared > (long)_width * _width)
            {
                continue;
            }

            ReadOnlySpan<byte> known = _photo.Pixels.Slice(4 * ((RowOf(site) * _photo.Width) + _hole.Bounds.X - 1 + site), 3);
            double share = Math.Sqrt(squared) / (_width + 1.0);
            for (int channel = 0; channel < 3; channel++)
            {
                ref byte value = ref bytes[(4 * i) + channel];
                value = (byte)((share * value) + ((1 - share) * known[channel]) + 0.5);
            }
        }
    }

    /// <summary>The squared distance of each column's nearest known pixel from the row.</summary>
    private void MeasureColumns()
    {
        PixelRect bounds = _hole.Bounds;
        _vertical[0] = bounds.X > 0 ? 0 : Nowhere;
        _vertical[^1] = bounds.Right < _photo.Width ? 0 : Nowhere;
        for (int i = 0; i < _above.Length; i++)
        {
            int row = RowOf(i + 1);
            _vertical[i + 1] = row < 0 ? Nowhere : (long)(row - _y) * (row - _y);
        }
    }

    /// <summary>The row of a column's nearest known pixel; -1 when it has none.</summary>
    private int RowOf(int place)
    {
        if (place == 0 || place == _vertical.Length - 1)
        {
            return _y;
        }

        int above = _above[place - 1], below = _below[place - 1];
        bool hasAbove = above >= 0, hasBelow = below < _photo.Height;
        return hasAbove && (!hasBelow || _y - above <= below - _y) ? above : hasBelow ? below : -1;
    }

    /// <summary>For each column the one whose parabola is lowest there.</summary>
    private void FindNearest()
    {
        int last = -1;
        for (int place = 0; place < _vertical.Length; place++)
        {
            if (_vertical[place] == Nowhere)
            {
                continue;
            }

            // Where this parabola first lies below the last one.
            long begin = 0;
            while (last >= 0)
            {
                long before = _sites[last], rise = _vertical[place] + ((long)place * place) - _vertical[before] - (before * before);
                begin = Math.Max(0, FloorDivide(rise, 2 * (place - before)) + 1);
                if (begin > _from[last])
                {
                    break;
                }

                last--;
                begin = 0;
            }

            if (begin < _vertical.Length)
            {
                last++;
                (_sites[last], _from[last]) = (place, begin);
            }
        }

        int current = 0;
        for (int place = 0; place < _nearest.Length; place++)
        {
            while (current < last && _from[current + 1] <= place)
            {
                current++;
            }

            _nearest[place] = last < 0 ? -1 : _sites[current];
        }
    }

    private static long FloorDivide(long dividend, long divisor) => (dividend / divisor) - (dividend % divisor < 0 ? 1 : 0);
}
