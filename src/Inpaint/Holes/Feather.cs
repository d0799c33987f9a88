using System.Runtime.InteropServices;

namespace Inpaint;

/// <summary>
/// Blends a fill into the known pixels around the hole, row by row from the top. For each column it keeps the nearest known row above and below,
/// so that the nearest known pixel of a hidden one is found among the columns beside it alone, and memory grows with the hole's width only.
/// </summary>
internal sealed class Feather
{
    private readonly Hole _hole;
    private readonly Photo _photo;
    private readonly int _width;
    private readonly int[] _above, _below, _toBand;
    private int _y;

    /// <param name="hole">The hidden pixels.</param>
    /// <param name="photo">The photo; its known pixels are read, so they must stay as they are.</param>
    /// <param name="width">How far the band reaches into the hole, in pixels, at least 1.</param>
    public Feather(Hole hole, Photo photo, int width)
    {
        (_hole, _photo, _width) = (hole, photo, width);
        _above = new int[hole.Bounds.Width];
        _below = new int[hole.Bounds.Width];
        _toBand = new int[hole.Bounds.Width];
        Array.Fill(_above, hole.Bounds.Y - 1);
        Array.Fill(_below, hole.Bounds.Y - 1);
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

        MeasureBand();
    }

    /// <summary>How many columns each column of the row is from one that has a known pixel within the band's width: pixels deep inside are skipped by it.</summary>
    private void MeasureBand()
    {
        PixelRect bounds = _hole.Bounds;
        int distance = bounds.X > 0 ? 0 : _photo.Width;
        for (int i = 0; i < _toBand.Length; i++)
        {
            bool near = (_y - _above[i] <= _width && _above[i] >= 0) || (_below[i] - _y <= _width && _below[i] < _photo.Height);
            distance = near ? 0 : distance + 1;
            _toBand[i] = distance;
        }

        distance = bounds.Right < _photo.Width ? 0 : _photo.Width;
        for (int i = _toBand.Length - 1; i >= 0; i--)
        {
            distance = Math.Min(_toBand[i], distance + 1);
            _toBand[i] = distance;
        }
    }

    /// <summary>Blends a run of hidden pixels, already filled, that begins at column <paramref name="x"/>.</summary>
    public void Blend(int x, Span<uint> fill)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(fill);
        for (int i = 0; i < fill.Length; i++)
        {
            if (_toBand[x + i - _hole.Bounds.X] <= _width && Nearest(x + i, out int column, out int row) is { } distance)
            {
                ReadOnlySpan<byte> known = _photo.Pixels.Slice(4 * ((row * _photo.Width) + column), 3);
                double share = distance / (_width + 1.0);
                for (int channel = 0; channel < 3; channel++)
                {
                    ref byte value = ref bytes[(4 * i) + channel];
                    value = (byte)((share * value) + ((1 - share) * known[channel]) + 0.5);
                }
            }
        }
    }

    /// <summary>The distance of the nearest known pixel, or null when none is within the band's width.</summary>
    private double? Nearest(int x, out int column, out int row)
    {
        long limit = (long)_width * _width, best = limit + 1;
        (column, row) = (0, 0);
        for (int dx = 0; (long)dx * dx < best && dx < _photo.Width; dx++)
        {
            Try(x - dx, dx, ref best, ref column, ref row);
            Try(x + dx, dx, ref best, ref column, ref row);
        }

        return best <= limit ? Math.Sqrt(best) : null;
    }

    private void Try(int x, int dx, ref long best, ref int column, ref int row)
    {
        if (x < 0 || x >= _photo.Width)
        {
            return;
        }

        int i = x - _hole.Bounds.X;
        if (i < 0 || i >= _above.Length)
        {
            Take(x, _y, dx, ref best, ref column, ref row);
            return;
        }

        Take(x, _above[i], dx, ref best, ref column, ref row);
        Take(x, _below[i], dx, ref best, ref column, ref row);
    }

    private void Take(int x, int y, int dx, ref long best, ref int column, ref int row)
    {
        long dy = y - _y, distance = ((long)dx * dx) + (dy * dy);
        if (y >= 0 && y < _photo.Height && distance < best)
        {
            (best, column, row) = (distance, x, y);
        }
    }
}
