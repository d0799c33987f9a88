using System.Runtime.InteropServices;
using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>
/// Blends a fill into the known pixels around the hole, row by row from the top. It keeps each column's nearest known rows above and below.
/// The nearest known pixel over all columns follows from the lower envelope of one parabola per column (Felzenszwalb and Huttenlocher,
/// "Distance Transforms of Sampled Functions", 2012). A row takes time linear in the hole's width, however wide the band; so does memory.
/// </summary>
internal sealed class Feather
{
    private const long NoSite = -1;

    private readonly Hole _hole;
    private readonly Photo _photo;
    private readonly int _width;
    private readonly int[] _above, _below;

    // The hole's columns and one more on each side.
    private readonly long[] _vertical, _from;
    private readonly int[] _sites, _nearest;
    private int _y;

    /// <param name="hole">The hidden pixels.</param>
    /// <param name="photo">The photo. Its known pixels are read while blending and must not change.</param>
    /// <param name="width">The width of the blended band inside the hole in pixels, at least 1.</param>
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

    /// <summary>Moves down to row <paramref name="y"/>, the row that <see cref="Blend"/> works on.</summary>
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

    /// <summary>Blends a run of hidden pixels, already filled, starting at column <paramref name="x"/>.</summary>
    public void Blend(int x, Span<uint> fill)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(fill);
        for (int i = 0; i < fill.Length; i++)
        {
            int column = x + i - _hole.Bounds.X + 1, site = _nearest[column];
            if (site < 0)
            {
                continue;
            }

            long across = column - site, squared = (across * across) + _vertical[site];
            if (squared > (long)_width * _width)
            {
                continue;
            }

            ReadOnlySpan<byte> known = _photo.Pixels.Slice(4 * ((RowOf(site) * _photo.Width) + _hole.Bounds.X - 1 + site), 3);
            double fillShare = Math.Sqrt(squared) / (_width + 1.0);
            for (int channel = 0; channel < 3; channel++)
            {
                ref byte value = ref bytes[(4 * i) + channel];
                value = (byte)((fillShare * value) + ((1 - fillShare) * known[channel]) + 0.5);
            }
        }
    }

    /// <summary>The squared vertical distance from the row to each column's nearest known pixel.</summary>
    private void MeasureColumns()
    {
        PixelRect bounds = _hole.Bounds;
        _vertical[0] = bounds.X > 0 ? 0 : NoSite;
        _vertical[^1] = bounds.Right < _photo.Width ? 0 : NoSite;
        for (int i = 0; i < _above.Length; i++)
        {
            int row = RowOf(i + 1);
            _vertical[i + 1] = row < 0 ? NoSite : (long)(row - _y) * (row - _y);
        }
    }

    /// <summary>The row of a column's nearest known pixel; -1 if it has none.</summary>
    private int RowOf(int column)
    {
        if (column == 0 || column == _vertical.Length - 1)
        {
            return _y;
        }

        int above = _above[column - 1], below = _below[column - 1];
        bool hasAbove = above >= 0, hasBelow = below < _photo.Height;
        return hasAbove && (!hasBelow || _y - above <= below - _y) ? above : hasBelow ? below : -1;
    }

    /// <summary>For each column, the column whose parabola is lowest there: the site of the nearest known pixel.</summary>
    private void FindNearest()
    {
        int last = -1;
        for (int column = 0; column < _vertical.Length; column++)
        {
            if (_vertical[column] == NoSite)
            {
                continue;
            }

            // The first column at which this parabola is below the last one.
            long begin = 0;
            while (last >= 0)
            {
                long before = _sites[last], rise = _vertical[column] + ((long)column * column) - _vertical[before] - (before * before);
                begin = Math.Max(0, FloorDivide(rise, 2 * (column - before)) + 1);
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
                (_sites[last], _from[last]) = (column, begin);
            }
        }

        int current = 0;
        for (int column = 0; column < _nearest.Length; column++)
        {
            while (current < last && _from[current + 1] <= column)
            {
                current++;
            }

            _nearest[column] = last < 0 ? -1 : _sites[current];
        }
    }

    private static long FloorDivide(long dividend, long divisor) => (dividend / divisor) - (dividend % divisor < 0 ? 1 : 0);
}
