using System.Numerics.Tensors;
using Inpaint.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML;

/// <summary>A batch of rows on its way through a graph: rows of the same shape are scored together.</summary>
internal sealed class OnnxScoringWork : RowWork
{
    private readonly GraphSession _session;
    private readonly GraphLane _lane;
    private readonly InputRows[] _inputs;
    private readonly OutputRows[] _outputs;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly TensorBuffer[] _inputBuffers;
    private readonly OutputRows[] _wanted;

    public OnnxScoringWork(GraphSession session, DataViewRow row, DataViewSchema.Column[] columns, TensorInfo[] inputs, TensorInfo[] outputs, bool[] wanted, int capacity)
    {
        _session = session;
        Capacity = capacity;
        _lane = session.CreateLane();
        _inputs = [.. columns.Zip(inputs, (column, tensor) => InputRows.Create(row, column, tensor, capacity))];
        _outputs = [.. outputs.Select(tensor => new OutputRows(tensor))];
        _wanted = [.. _outputs.Where((_, i) => wanted[i])];
        _inputNames = [.. inputs.Select(t => t.Name)];
        _outputNames = [.. _wanted.Select(o => o.Tensor.Name)];
        _inputBuffers = [.. _inputs.Select(i => i.Buffer)];
    }

    public override int Capacity { get; }

    public override void Capture(int row)
    {
        foreach (InputRows input in _inputs)
        {
            input.Capture(row);
        }
    }

    public override void Run(int count, CancellationToken cancellation)
    {
        foreach (OutputRows output in _wanted)
        {
            output.Clear();
        }

        for (int first = 0; first < count;)
        {
            int end = first + 1;
            while (end < count && _inputs.All(i => i.SameShape(first, end)))
            {
                end++;
            }

            RunTogether(first, end - first, cancellation);
            first = end;
        }
    }

    public override void Get<T>(int output, int row, ref T value) => _outputs[output].Get(row, ref value);

    public override void Dispose()
    {
        _lane.Dispose();
        foreach (TensorBuffer buffer in _inputBuffers.Concat(_outputs.Select(o => o.Buffer)))
        {
            buffer.Dispose();
        }

        base.Dispose();
    }

    private void RunTogether(int first, int rows, CancellationToken cancellation)
    {
        int batch = _session.FixedBatch ?? rows;
        for (int start = first; start < first + rows; start += batch)
        {
            int count = Math.Min(batch, first + rows - start);
            foreach (InputRows input in _inputs)
            {
                input.Fill(start, count, batch);
            }

            if (_wanted.All(o => o.Tensor.RowLength is not null))
            {
                foreach (OutputRows output in _wanted)
                {
                    output.Reshape(batch);
                }

                _lane.Run(_inputNames, _inputBuffers, _outputNames, [.. _wanted.Select(o => o.Buffer)], cancellation);
                foreach (OutputRows output in _wanted)
                {
                    output.Take(output.Buffer.Bytes, count, batch);
                }

                continue;
            }

            using IDisposableReadOnlyCollection<OrtValue> results = _lane.Run(_inputNames, _inputBuffers, _outputNames, cancellation);
            for (int i = 0; i < _wanted.Length; i++)
            {
                _wanted[i].Take(results[i].GetTensorMutableRawData(), count, batch);
            }
        }
    }

    /// <summary>The rows of one input column, until they are scored.</summary>
    private abstract class InputRows(TensorInfo tensor)
    {
        public TensorBuffer Buffer { get; } = new(tensor.ElementType);

        protected TensorInfo Tensor => tensor;

        public static InputRows Create(DataViewRow row, DataViewSchema.Column column, TensorInfo tensor, int capacity)
        {
            Type item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
            return (InputRows)Activator.CreateInstance(typeof(InputRows<>).MakeGenericType(item), row, column, tensor, capacity)!;
        }

        public abstract void Capture(int row);

        public abstract bool SameShape(int a, int b);

        public abstract void Fill(int first, int count, int batch);
    }

    private sealed class InputRows<TItem> : InputRows where TItem : unmanaged
    {
        private readonly DataViewRow _row;
        private readonly string _name;
        private readonly ValueGetter<VBuffer<TItem>>? _vector;
        private readonly ValueGetter<TItem>? _scalar;
        private readonly VBuffer<TItem>[] _rows;
        private readonly int[]? _columnDims;

        public InputRows(DataViewRow row, DataViewSchema.Column column, TensorInfo tensor, int capacity) : base(tensor)
        {
            _row = row;
            _name = column.Name;
            _rows = new VBuffer<TItem>[capacity];
            if (column.Type is VectorDataViewType type)
            {
                _vector = row.GetGetter<VBuffer<TItem>>(column);
                _columnDims = type.IsKnownSize && type.Dimensions.Length == tensor.Dims.Count - 1 ? [.. type.Dimensions] : null;
            }
            else
            {
                _scalar = row.GetGetter<TItem>(column);
            }
        }

        public override void Capture(int row)
        {
            if (_vector is null)
            {
                TItem value = default;
                _scalar!(ref value);
                VBufferEditor<TItem> editor = VBufferEditor.Create(ref _rows[row], 1);
                editor.Values[0] = value;
                _rows[row] = editor.Commit();
                return;
            }

            _vector(ref _rows[row]);
            if (Tensor.RowLength is { } length && _rows[row].Length != length)
            {
                throw new InvalidOperationException($"Row {_row.Position}: column '{_name}' holds {_rows[row].Length} numbers; the graph's input {Tensor} takes {length}.");
            }
        }

        public override bool SameShape(int a, int b) => _rows[a].Length == _rows[b].Length;

        public override void Fill(int first, int count, int batch)
        {
            int length = _rows[first].Length;
            Buffer.Reshape(ShapeOf(length, batch));
            if (Tensor.ElementType == TensorElementType.Float16)
            {
                Span<Half> halves = Buffer.AsSpan<Half>();
                for (int i = 0; i < count; i++)
                {
                    TensorPrimitives.ConvertToHalf(System.Runtime.InteropServices.MemoryMarshal.Cast<TItem, float>(Dense(first + i)), halves[(i * length)..]);
                }

                halves[(count * length)..].Clear();
                return;
            }

            Span<TItem> target = Buffer.AsSpan<TItem>();
            for (int i = 0; i < count; i++)
            {
                _rows[first + i].CopyTo(target.Slice(i * length, length));
            }

            target[(count * length)..].Clear();
        }

        private ReadOnlySpan<TItem> Dense(int row) => _rows[row].IsDense ? _rows[row].GetValues() : _rows[row].DenseValues().ToArray();

        private long[] ShapeOf(int length, int batch)
        {
            var shape = new long[Math.Max(1, Tensor.Dims.Count)];
            shape[0] = batch;
            int known = 1, dynamic = -1, dynamics = 0;
            for (int i = 1; i < shape.Length; i++)
            {
                shape[i] = Tensor.Dims[i];
                if (shape[i] < 0 && _columnDims is not null)
                {
                    shape[i] = _columnDims[i - 1];
                }

                if (shape[i] < 0)
                {
                    dynamic = i;
                    dynamics++;
                }
                else
                {
                    known *= (int)shape[i];
                }
            }

            if (dynamics == 1 && length % known == 0)
            {
                shape[dynamic] = length / known;
            }
            else if (dynamics > 0 || known != length)
            {
                throw new InvalidOperationException($"Row {_row.Position}: column '{_name}' holds {length} numbers, which do not give the graph's input {Tensor} a shape. Give the column a vector type with dimensions.");
            }

            return shape;
        }
    }

    /// <summary>The rows of one output, in one array.</summary>
    private sealed class OutputRows(TensorInfo tensor)
    {
        private readonly List<(int Start, int Length)> _rows = [];
        private byte[] _bytes = [];
        private float[] _floats = [];
        private int _used;

        public TensorInfo Tensor => tensor;

        public TensorBuffer Buffer { get; } = new(tensor.ElementType);

        public void Clear()
        {
            _rows.Clear();
            _used = 0;
        }

        public void Reshape(int batch) => Buffer.Reshape([batch, .. tensor.Dims.Skip(1).Select(d => (long)d)]);

        /// <summary>Takes the first <paramref name="count"/> rows of a batch's output over.</summary>
        public void Take(ReadOnlySpan<byte> output, int count, int batch)
        {
            int size = Buffer.ElementSize, numbers = output.Length / size;
            if (batch == 0 || numbers % batch != 0)
            {
                throw new GraphException($"The graph's output {tensor} gave {numbers} numbers for {batch} rows; expected the same number a row. Its first axis is not the batch: score it one row at a time (BatchSize = 1).");
            }

            int row = numbers / batch;
            int needed = (_used + (count * row)) * size;
            if (_bytes.Length < needed)
            {
                Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
            }

            output[..(count * row * size)].CopyTo(_bytes.AsSpan(_used * size));
            for (int i = 0; i < count; i++, _used += row)
            {
                _rows.Add((_used, row));
            }
        }

        public void Get<T>(int row, ref T value)
        {
            (int start, int length) = _rows[row];
            switch (tensor.ElementType)
            {
                case TensorElementType.Float16:
                    if (_floats.Length < length)
                    {
                        _floats = new float[length];
                    }

                    TensorPrimitives.ConvertToSingle(Items<Half>(start, length), _floats);
                    Give<float, T>(_floats.AsSpan(0, length), ref value);
                    break;
                case TensorElementType.Float:
                    Give<float, T>(Items<float>(start, length), ref value);
                    break;
                case TensorElementType.Double:
                    Give<double, T>(Items<double>(start, length), ref value);
                    break;
                case TensorElementType.Int8:
                    Give<sbyte, T>(Items<sbyte>(start, length), ref value);
                    break;
                case TensorElementType.Int16:
                    Give<short, T>(Items<short>(start, length), ref value);
                    break;
                case TensorElementType.Int32:
                    Give<int, T>(Items<int>(start, length), ref value);
                    break;
                case TensorElementType.Int64:
                    Give<long, T>(Items<long>(start, length), ref value);
                    break;
                case TensorElementType.UInt8:
                    Give<byte, T>(Items<byte>(start, length), ref value);
                    break;
                case TensorElementType.UInt16:
                    Give<ushort, T>(Items<ushort>(start, length), ref value);
                    break;
                case TensorElementType.UInt32:
                    Give<uint, T>(Items<uint>(start, length), ref value);
                    break;
                case TensorElementType.UInt64:
                    Give<ulong, T>(Items<ulong>(start, length), ref value);
                    break;
                default:
                    Give<bool, T>(Items<bool>(start, length), ref value);
                    break;
            }
        }

        private ReadOnlySpan<TItem> Items<TItem>(int start, int length) where TItem : unmanaged =>
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, TItem>(_bytes.AsSpan(start * Buffer.ElementSize, length * Buffer.ElementSize));

        private void Give<TItem, T>(ReadOnlySpan<TItem> items, ref T value)
        {
            if (tensor.Dims.Count <= 1)
            {
                Value.Set(items[0], ref value);
            }
            else
            {
                Value.SetVector(items, ref value);
            }
        }
    }
}
