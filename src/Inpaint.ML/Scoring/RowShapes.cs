using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Scoring;

/// <summary>The shape of each row of an input column: from its type, from another column, or from its length.</summary>
internal sealed class RowShapes
{
    private readonly DataViewRow _row;
    private readonly OnnxSlot _slot;
    private readonly bool _padded;
    private readonly int[][] _shapes;
    private readonly int[]? _columnDims;
    private readonly ValueGetter<VBuffer<long>>? _longs;
    private readonly ValueGetter<VBuffer<int>>? _ints;
    private VBuffer<long> _longShape;
    private VBuffer<int> _intShape;

    public RowShapes(
        DataViewRow row, DataViewSchema.Column column, OnnxSlot slot, int capacity, bool padded, DataViewSchema.Column? shape)
    {
        (_row, _slot, _padded) = (row, slot, padded);
        TensorInfo tensor = slot.Batched;
        _shapes = new int[capacity][];
        _columnDims = column.Type is VectorDataViewType { IsKnownSize: true } type && type.Dimensions.Length == tensor.Dims.Count - 1
            ? [.. type.Dimensions]
            : null;
        if (shape is { } sizes)
        {
            PrimitiveDataViewType? item = (sizes.Type as VectorDataViewType)?.ItemType;
            _longs = item == NumberDataViewType.Int64 ? row.GetGetter<VBuffer<long>>(sizes) : null;
            _ints = item == NumberDataViewType.Int32 ? row.GetGetter<VBuffer<int>>(sizes) : null;
        }
    }

    public static SourceColumn InputColumn(string name) => new(name, ColumnKinds.Number)
    {
        Accepts = type => type.IsVector && (type.Item == NumberDataViewType.Int64 || type.Item == NumberDataViewType.Int32),
        Expected = "a vector of Int32 or Int64, the sizes of rows (ShapeColumns)",
    };

    /// <summary>Captures the shape of the cursor's current row, whose value has <paramref name="length"/> items.</summary>
    public void Capture(int row, int length) =>
        _shapes[row] = _longs is not null || _ints is not null ? ReadShape(length) : InferShape(length);

    private TensorInfo Tensor => _slot.Batched;

    public int Compare(int a, int b)
    {
        int[] x = _shapes[a], y = _shapes[b];
        int order = x.Length.CompareTo(y.Length);
        for (int i = 0; order == 0 && i < x.Length; i++)
        {
            order = x[i].CompareTo(y[i]);
        }

        return order;
    }

    /// <summary>The size of a row along axis 1; 1 when it has no such axis.</summary>
    public int LengthOf(int row) => _shapes[row].Length > 0 ? _shapes[row][0] : 1;

    public long[] Of(ReadOnlySpan<int> rows, int batch)
    {
        int[] largest = [.. _shapes[rows[0]]];
        foreach (int row in rows)
        {
            for (int i = 0; i < largest.Length; i++)
            {
                largest[i] = Math.Max(largest[i], _shapes[row][i]);
            }
        }

        if (_padded && Tensor.RowLength is not null)
        {
            largest = [.. Tensor.Dims.Skip(1)];
        }

        return [batch, .. largest.Select(s => (long)s)];
    }

    private int[] ReadShape(int length)
    {
        long[] sizes;
        if (_longs is not null)
        {
            _longs(ref _longShape);
            sizes = [.. _longShape.DenseValues()];
        }
        else
        {
            _ints!(ref _intShape);
            sizes = [.. _intShape.DenseValues().Select(s => (long)s)];
        }

        bool fits = sizes.Length == Tensor.Dims.Count - 1
            && sizes.All(s => s >= 0) && sizes.Aggregate(1L, (product, s) => product > int.MaxValue ? product : product * s) == length
            && sizes.Zip(Tensor.Dims.Skip(1)).All(s => s.Second < 0 || s.Second == s.First);
        return fits
            ? [.. sizes.Select(s => (int)s)]
            : throw new InvalidRowException(
                $"Row {_row.Position}: column '{_slot.Column}' contains {length} numbers and its sizes are [{string.Join(", ", sizes)}]; "
                    + $"expected the sizes of the graph's input {_slot.Tensor} without the batch, whose product is the number of items. "
                    + "Correct the column of sizes.");
    }

    private int[] InferShape(int length)
    {
        var shape = new int[Math.Max(0, Tensor.Dims.Count - 1)];
        int known = 1, open = -1, opens = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = Tensor.Dims[i + 1];
            if (shape[i] < 0 && _columnDims is not null)
            {
                shape[i] = _columnDims[i];
            }

            if (shape[i] < 0)
            {
                (open, opens) = (i, opens + 1);
            }
            else
            {
                known *= shape[i];
            }
        }

        if (opens == 1 && known > 0 && length % known == 0)
        {
            shape[open] = length / known;
        }
        else if (opens > 0 || (known != length && !(_padded && length <= known && shape.Length == 1)))
        {
            throw new InvalidRowException(
                $"Row {_row.Position}: column '{_slot.Column}' contains {length} numbers, from which the shape of the graph's input "
                + $"{_slot.Tensor} "
                    + "does not follow. Give the column a vector type with dimensions, or name a column with its sizes (ShapeColumns).");
        }
        else if (known != length)
        {
            // Shorter than the graph's fixed length, to which it is padded.
            shape[0] = length;
        }

        return shape;
    }
}
