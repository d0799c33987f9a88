using Inpaint.Onnx.Runtime;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Transforms;

/// <summary>The shape of each row of an input column: what its type says, what a column beside it says, or what its length says.</summary>
internal sealed class RowShapes
{
    private readonly DataViewRow _row;
    private readonly string _name;
    private readonly TensorInfo _tensor;
    private readonly bool _padded;
    private readonly int[][] _shapes;
    private readonly int[]? _columnDims;
    private readonly ValueGetter<VBuffer<long>>? _longs;
    private readonly ValueGetter<VBuffer<int>>? _ints;
    private VBuffer<long> _longShape;
    private VBuffer<int> _intShape;

    private RowShapes(DataViewRow row, DataViewSchema.Column column, TensorInfo tensor, int capacity, bool padded, DataViewSchema.Column? shape)
    {
        (_row, _name, _tensor, _padded) = (row, column.Name, tensor, padded);
        _shapes = new int[capacity][];
        _columnDims = column.Type is VectorDataViewType { IsKnownSize: true } type && type.Dimensions.Length == tensor.Dims.Count - 1 ? [.. type.Dimensions] : null;
        if (shape is { } sizes)
        {
            PrimitiveDataViewType? item = (sizes.Type as VectorDataViewType)?.ItemType;
            _longs = item == NumberDataViewType.Int64 ? row.GetGetter<VBuffer<long>>(sizes) : null;
            _ints = item == NumberDataViewType.Int32 ? row.GetGetter<VBuffer<int>>(sizes) : null;
        }
    }

    /// <summary>Refuses a column that cannot hold sizes.</summary>
    public static void CheckColumn(DataViewSchema.Column sizes)
    {
        if ((sizes.Type as VectorDataViewType)?.ItemType is not { } item || (item != NumberDataViewType.Int64 && item != NumberDataViewType.Int32))
        {
            throw new ArgumentException($"{OnnxScoringTransformer.Verb}: column '{sizes.Name}' is {sizes.Type}; expected, as sizes of rows (ShapeColumns), a vector of Int32 or Int64.");
        }
    }

    public static RowShapes Create(DataViewRow row, DataViewSchema.Column column, TensorInfo tensor, int capacity, bool padded, DataViewSchema.Column? shape) => new(row, column, tensor, capacity, padded, shape);

    /// <summary>Takes the shape of the row where the cursor stands, whose column has so many items.</summary>
    public void Capture(int row, int length)
    {
        int[] shape = _longs is not null || _ints is not null ? Stated(length) : Found(length);
        _shapes[row] = shape;
    }

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

    /// <summary>The size of a row's first axis of its own; 1 where it has none.</summary>
    public int Axis1(int row) => _shapes[row].Length > 0 ? _shapes[row][0] : 1;

    /// <summary>The shape of a batch of rows.</summary>
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

        if (_padded && _tensor.RowLength is not null)
        {
            largest = [.. _tensor.Dims.Skip(1)];
        }

        return [batch, .. largest.Select(s => (long)s)];
    }

    private int[] Stated(int length)
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

        bool fits = sizes.Length == _tensor.Dims.Count - 1
            && sizes.All(s => s >= 0) && sizes.Aggregate(1L, (product, s) => product > int.MaxValue ? product : product * s) == length
            && sizes.Zip(_tensor.Dims.Skip(1)).All(s => s.Second < 0 || s.Second == s.First);
        return fits
            ? [.. sizes.Select(s => (int)s)]
            : throw new InvalidRowException($"Row {_row.Position}: column '{_name}' holds {length} numbers and its sizes are [{string.Join(", ", sizes)}]; expected sizes of the graph's input {_tensor} without the batch, whose product is the number of items.");
    }

    private int[] Found(int length)
    {
        var shape = new int[Math.Max(0, _tensor.Dims.Count - 1)];
        int known = 1, open = -1, opens = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = _tensor.Dims[i + 1];
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
            throw new InvalidRowException($"Row {_row.Position}: column '{_name}' holds {length} numbers, which do not give the graph's input {_tensor} a shape. Give the column a vector type with dimensions, or name a column with its sizes (ShapeColumns).");
        }
        else if (known != length)
        {
            // Shorter than the graph's own length, to which it is filled up.
            shape[0] = length;
        }

        return shape;
    }
}
