using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>
/// Finds the 8-connected components of a hole in one pass over its rows: runs of hidden pixels, joined to the runs of the row above by
/// union-find. Only two rows of runs are held at a time, so that memory grows with the photo's width alone.
/// </summary>
internal sealed class MaskComponents
{
    private readonly int[] _parent, _number;
    private readonly bool[] _goesOn;
    private PixelRect[] _bounds, _boundsBelow;
    private (int Start, int End, int Label)[] _above;
    private (int Start, int End, int Label)[] _row;
    private int _aboveCount, _rowCount, _labels;

    private MaskComponents(int width)
    {
        int runs = (width / 2) + 1;
        (_above, _row) = (new (int, int, int)[runs], new (int, int, int)[runs]);
        (_parent, _number) = (new int[2 * runs], new int[2 * runs]);
        _goesOn = new bool[2 * runs];
        (_bounds, _boundsBelow) = (new PixelRect[2 * runs], new PixelRect[2 * runs]);
    }

    /// <summary>The bounds of every component, in the order of their last rows.</summary>
    public static IEnumerable<PixelRect> Bounds(Hole hole)
    {
        var scan = new MaskComponents(hole.Bounds.Width);
        for (int y = hole.Bounds.Y; y <= hole.Bounds.Bottom; y++)
        {
            scan.ReadRow(hole, y);
            for (int i = 0; i < scan._aboveCount; i++)
            {
                int label = scan.Find(scan._above[i].Label);
                if (!scan._goesOn[label])
                {
                    scan._goesOn[label] = true;
                    yield return scan._bounds[label];
                }
            }

            scan.MoveDown();
        }
    }

    private void ReadRow(Hole hole, int y)
    {
        _rowCount = 0;
        int firstAbove = 0;
        for (var (start, length) = hole.NextRun(y, 0, int.MaxValue); length > 0; (start, length) = hole.NextRun(y, start + length, int.MaxValue))
        {
            int end = start + length, label = -1;
            while (firstAbove < _aboveCount && _above[firstAbove].End < start)
            {
                firstAbove++;
            }

            for (int i = firstAbove; i < _aboveCount && _above[i].Start <= end; i++)
            {
                label = label < 0 ? Find(_above[i].Label) : Join(label, Find(_above[i].Label));
            }

            var run = new PixelRect(start, y, length, 1);
            if (label < 0)
            {
                label = _labels++;
                _parent[label] = label;
                _bounds[label] = run;
            }

            _bounds[label] = Around(_bounds[label], run);
            _row[_rowCount++] = (start, end, label);
        }

        Array.Clear(_goesOn, 0, _labels);
        for (int i = 0; i < _rowCount; i++)
        {
            _goesOn[Find(_row[i].Label)] = true;
        }
    }

    /// <summary>The row read last becomes the row above; its components are numbered anew from 0 and those that ended are forgotten.</summary>
    private void MoveDown()
    {
        Array.Fill(_number, -1, 0, _labels);
        int components = 0;
        for (int i = 0; i < _rowCount; i++)
        {
            int label = Find(_row[i].Label);
            if (_number[label] < 0)
            {
                _boundsBelow[components] = _bounds[label];
                _number[label] = components++;
            }

            _row[i].Label = _number[label];
        }

        for (int label = 0; label < components; label++)
        {
            _parent[label] = label;
        }

        _labels = components;
        (_bounds, _boundsBelow) = (_boundsBelow, _bounds);
        (_above, _row) = (_row, _above);
        _aboveCount = _rowCount;
    }

    private int Find(int label)
    {
        while (_parent[label] != label)
        {
            _parent[label] = _parent[_parent[label]];
            label = _parent[label];
        }

        return label;
    }

    private int Join(int a, int b)
    {
        if (a == b)
        {
            return a;
        }

        _parent[b] = a;
        _bounds[a] = Around(_bounds[a], _bounds[b]);
        return a;
    }

    private static PixelRect Around(PixelRect a, PixelRect b)
    {
        int x = Math.Min(a.X, b.X), y = Math.Min(a.Y, b.Y);
        return new PixelRect(x, y, Math.Max(a.Right, b.Right) - x, Math.Max(a.Bottom, b.Bottom) - y);
    }
}
