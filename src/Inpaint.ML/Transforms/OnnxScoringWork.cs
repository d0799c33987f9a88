using Inpaint.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.ML;

/// <summary>A batch of rows on its way through a graph: rows of the same shape are scored together.</summary>
internal sealed class OnnxScoringWork : RowWork
{
    private readonly GraphLane _lane;
    private readonly int? _fixedBatch;
    private readonly OnnxInputRows[] _inputs;
    private readonly OnnxOutputRows[] _outputs;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly TensorBuffer[] _inputBuffers;
    private readonly TensorBuffer[] _outputBuffers;
    private readonly OnnxOutputRows[] _wanted;
    private readonly DataViewRow _row;
    private readonly long[] _positions;
    private readonly GraphException?[] _errors;
    private readonly bool _knownShapes;

    public OnnxScoringWork(GraphLane lane, int? fixedBatch, DataViewRow row, DataViewSchema.Column[] columns, TensorInfo[] inputs, TensorInfo[] outputs, bool[] wanted, int capacity)
    {
        _lane = lane;
        _fixedBatch = fixedBatch;
        Capacity = capacity;
        _row = row;
        _positions = new long[capacity];
        _errors = new GraphException?[capacity];
        _inputs = [.. columns.Zip(inputs, (column, tensor) => OnnxInputRows.Create(row, column, tensor, capacity))];
        _outputs = [.. outputs.Select(tensor => new OnnxOutputRows(tensor, capacity))];
        _wanted = [.. _outputs.Where((_, i) => wanted[i])];
        _inputNames = [.. inputs.Select(t => t.Name)];
        _outputNames = [.. _wanted.Select(o => o.Tensor.Name)];
        _inputBuffers = [.. _inputs.Select(i => i.Buffer)];
        _knownShapes = _wanted.All(o => o.HasKnownShape);
        _outputBuffers = [.. _wanted.Select(o => o.Buffer)];
    }

    public override int Capacity { get; }

    public override void Capture(int row)
    {
        _positions[row] = _row.Position;
        foreach (OnnxInputRows input in _inputs)
        {
            input.Capture(row);
        }
    }

    public override void Run(int count, CancellationToken cancellation)
    {
        Array.Clear(_errors);
        foreach (OnnxOutputRows output in _wanted)
        {
            output.Clear();
        }

        for (int first = 0; first < count;)
        {
            int end = first + 1;
            while (end < count && SameShape(first, end))
            {
                end++;
            }

            int batch = _fixedBatch ?? end - first;
            for (; first < end; first = Math.Min(end, first + batch))
            {
                Score(first, Math.Min(batch, end - first), batch, cancellation);
            }
        }
    }

    public override void Get<T>(int output, int row, ref T value)
    {
        if (_errors[row] is { } error)
        {
            throw new GraphException($"Row {_positions[row]}: {error.Message}", error);
        }

        _outputs[output].Get(row, ref value);
    }


    public override void Dispose()
    {
        _lane.Dispose();
        foreach (TensorBuffer buffer in _inputBuffers.Concat(_outputs.Select(o => o.Buffer)))
        {
            buffer.Dispose();
        }

        base.Dispose();
    }

    private bool SameShape(int a, int b)
    {
        foreach (OnnxInputRows input in _inputs)
        {
            if (!input.SameShape(a, b))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Scores rows of one shape; when that fails, one by one, to find out which are at fault.</summary>
    private void Score(int first, int count, int batch, CancellationToken cancellation)
    {
        try
        {
            RunTogether(first, count, batch, cancellation);
        }
        catch (GraphException e) when (count == 1 || e.PastDeadline)
        {
            _errors.AsSpan(first, count).Fill(e);
        }
        catch (GraphException)
        {
            for (int row = first; row < first + count; row++)
            {
                Score(row, 1, _fixedBatch ?? 1, cancellation);
            }
        }
    }

    private void RunTogether(int first, int count, int batch, CancellationToken cancellation)
    {
        foreach (OnnxInputRows input in _inputs)
        {
            input.Fill(first, count, batch);
        }

        if (_knownShapes)
        {
            foreach (OnnxOutputRows output in _wanted)
            {
                output.Reshape(batch);
            }

            _lane.Run(_inputNames, _inputBuffers, _outputNames, _outputBuffers, cancellation);
            foreach (OnnxOutputRows output in _wanted)
            {
                output.Take(output.Buffer.Bytes, output.Buffer.Shape, first, count, batch);
            }

            return;
        }

        using IDisposableReadOnlyCollection<OrtValue> results = _lane.Run(_inputNames, _inputBuffers, _outputNames, cancellation);
        for (int i = 0; i < _wanted.Length; i++)
        {
            _wanted[i].Take(results[i].GetTensorMutableRawData(), results[i].GetTensorTypeAndShape().Shape, first, count, batch);
        }
    }
}
