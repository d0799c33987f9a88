using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>
/// Finds the 8-connected components of a hole in one pass over its rows: runs of hidden pixels are merged with the runs of the row above by
/// union-find. Only two rows of runs are kept, so memory is linear in the photo's width.
/// </summary>
internal sealed class MaskComponents
{
    private readonly int[] _parent, _newLabel;
    private readonly bool[] _continues;
    private PixelRect[] _bounds, _boundsBelow;
    private (int Start, int End, int Label)[] _above;
    private (int Start, int End, int Label)[] _row;
    private int _aboveCount, _rowCount, _labels;

    private MaskComponents(int width)
    {
        int runs = (width / 2) + 1;
        (_above, _row) = (new (int, int, int)[runs], new (int, int, int)[runs]);
        (_parent, _newLabel) = (new int[2 * runs], new int[2 * runs]);
        _continues = new bool[2 * runs];
        (_bounds, _boundsBelow) = (new PixelRect[2 * runs], new PixelRect[2 * runs]);
    }

    /// <summary>The bounding box of every component, ordered by last row.</summary>
    public static IEnumerable<PixelRect> Bounds(Hole hole)
    {
        var scan = new MaskComponents(hole.Bounds.Width);
        for (int y = hole.Bounds.Y; y <= hole.Bounds.Bottom; y++)
        {
            scan.ReadRow(hole, y);
            for (int i = 0; i < scan._aboveCount; i++)
            {
                int label = scan.Find(scan._above[i].Label);
                if (!scan._continues[label])
                {
                    scan._continues[label] = true;
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
        for (var (start, length) = hole.NextRun(y, 0, int.MaxValue);
            length > 0;
            (start, length) = hole.NextRun(y, start + length, int.MaxValue))
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

            _bounds[label] = _bounds[label].Union(run);
            _row[_rowCount++] = (start, end, label);
        }

        Array.Clear(_continues, 0, _labels);
        for (int i = 0; i < _rowCount; i++)
        {
            _continues[Find(_row[i].Label)] = true;
        }
    }

    /// <summary>Makes the current row the row above: relabels its components from 0 and forgets those that have ended.</summary>
    private void MoveDown()
    {
        Array.Fill(_newLabel, -1, 0, _labels);
        int components = 0;
        for (int i = 0; i < _rowCount; i++)
        {
            int label = Find(_row[i].Label);
            if (_newLabel[label] < 0)
            {
                _boundsBelow[components] = _bounds[label];
                _newLabel[label] = components++;
            }

            _row[i].Label = _newLabel[label];
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
        _bounds[a] = _bounds[a].Union(_bounds[b]);
        return a;
    }
}
