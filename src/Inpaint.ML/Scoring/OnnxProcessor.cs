using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.ML.Scoring;

/// <summary>Scores batches of rows with a graph: rows of equal shape together.</summary>
internal sealed class OnnxProcessor : RowProcessor
{
    private readonly GraphRunner _runner;
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
    private readonly Exception?[] _errors;
    private readonly bool _knownShapes;
    private readonly OnnxInputRows?[][] _lengths;
    private readonly int[] _order;
    private readonly int _batch;

    /// <param name="runner">Runs the graph.</param>
    /// <param name="fixedBatch">The graph's fixed batch size; null for any.</param>
    /// <param name="row">The cursor.</param>
    /// <param name="inputs">The input columns.</param>
    /// <param name="outputs">The graph's outputs.</param>
    /// <param name="wanted">For each output, whether it is read.</param>
    /// <param name="capacity">Rows captured per batch.</param>
    /// <param name="batch">Rows scored in one run, at most.</param>
    public OnnxProcessor(
        GraphRunner runner, int? fixedBatch, DataViewRow row, OnnxInputRows[] inputs, OnnxOutputRows[] outputs, bool[] wanted, int capacity,
        int batch)
    {
        (_runner, _fixedBatch, _row, _inputs, _outputs, _batch) = (runner, fixedBatch, row, inputs, outputs, batch);
        Capacity = capacity;
        _positions = new long[capacity];
        _order = new int[capacity];
        _errors = new Exception?[capacity];
        _wanted = [.. _outputs.Where((_, i) => wanted[i])];
        _inputNames = [.. inputs.Select(i => i.Tensor.Name)];
        _outputNames = [.. _wanted.Select(o => o.Tensor.Name)];
        _inputBuffers = [.. _inputs.Select(i => i.Buffer)];
        _knownShapes = _wanted.All(o => o.HasKnownShape);
        _outputBuffers = [.. _wanted.Select(o => o.Buffer)];
        _lengths = [.. _wanted.Select(LengthsOf)];
    }

    public override int Capacity { get; }

    public override void Capture(int row)
    {
        _positions[row] = _row.Position;
        _errors[row] = null;
        try
        {
            foreach (OnnxInputRows input in _inputs)
            {
                input.Capture(row);
            }

            CheckLengths(row);
        }
        catch (InvalidRowException e)
        {
            // Only this row fails.
            _errors[row] = e;
        }
    }

    /// <summary>Padded columns of a row must have equal lengths when the graph gives their axes the same name, or none.</summary>
    private void CheckLengths(int row)
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            for (int k = i + 1; k < _inputs.Length; k++)
            {
                OnnxInputRows a = _inputs[i], b = _inputs[k];
                if (a.IsPadded && b.IsPadded && a.Symbol == b.Symbol && a.LengthOf(row) != b.LengthOf(row))
                {
                    throw new InvalidRowException(
                        $"Row {_row.Position}: column '{a.Name}' has length {a.LengthOf(row)} and '{b.Name}' {b.LengthOf(row)}; "
                            + "expected equal lengths. Make the mask as long as what it masks.");
                }
            }
        }
    }

    public override void Run(int count, CancellationToken cancellation)
    {
        foreach (OnnxOutputRows output in _wanted)
        {
            output.Clear();
        }

        Span<int> rows = Ordered(count);
        for (int first = 0; first < rows.Length;)
        {
            int end = first + 1;
            while (end < rows.Length && SameShape(rows[first], rows[end]))
            {
                end++;
            }

            for (int size = _fixedBatch ?? _batch; first < end; first = Math.Min(end, first + size))
            {
                ReadOnlySpan<int> together = rows[first..Math.Min(end, first + size)];
                Score(together, _fixedBatch ?? together.Length, cancellation);
            }
        }
    }

    public override void Get<T>(int output, int row, ref T value)
    {
        switch (_errors[row])
        {
            case InvalidRowException invalid:
                throw new InvalidOperationException(invalid.Message, invalid);
            case { } error:
                throw new GraphException($"Row {_positions[row]}: {error.Message}", error);
        }

        _outputs[output].Get(row, ref value);
    }

    public override void Dispose()
    {
        _runner.Dispose();
        foreach (TensorBuffer buffer in _inputBuffers.Concat(_outputs.Select(o => o.Buffer)))
        {
            buffer.Dispose();
        }

        base.Dispose();
    }

    /// <summary>The valid rows ordered by shape; in their own order when all shapes are equal.</summary>
    private Span<int> Ordered(int count)
    {
        int usable = 0;
        bool equal = true;
        for (int i = 0; i < count; i++)
        {
            if (_errors[i] is null)
            {
                _order[usable++] = i;
                equal &= Compare(_order[0], i) == 0;
            }
        }

        Span<int> rows = _order.AsSpan(0, usable);
        if (!equal)
        {
            rows.Sort((a, b) => Compare(a, b) is not 0 and var order ? order : a.CompareTo(b));
        }

        return rows;
    }

    // Unpadded columns, whose rows must have equal shapes, are compared first.
    private int Compare(int a, int b)
    {
        foreach (bool padded in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (OnnxInputRows input in _inputs)
            {
                if (input.IsPadded == padded && input.Compare(a, b) is not 0 and var order)
                {
                    return order;
                }
            }
        }

        return 0;
    }

    /// <summary>For each axis of an output after the batch the padded input that it is as long as; null for the others.</summary>
    private OnnxInputRows?[] LengthsOf(OnnxOutputRows output) =>
        [.. output.Tensor.Symbols.Skip(1)
            .Select(symbol => symbol.Length == 0 ? null : Array.Find(_inputs, i => i.IsPadded && i.Symbol == symbol))];

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

    /// <summary>Scores rows of equal shape; when that fails, one by one, to find the rows that fail.</summary>
    private void Score(ReadOnlySpan<int> rows, int batch, CancellationToken cancellation)
    {
        try
        {
            RunTogether(rows, batch, cancellation);
        }
        catch (GraphException e) when (rows.Length == 1 || e.PastDeadline)
        {
            foreach (int row in rows)
            {
                _errors[row] = e;
            }
        }
        catch (GraphException)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                Score(rows.Slice(i, 1), _fixedBatch ?? 1, cancellation);
            }
        }
    }

    private void RunTogether(ReadOnlySpan<int> rows, int batch, CancellationToken cancellation)
    {
        foreach (OnnxInputRows input in _inputs)
        {
            input.Fill(rows, batch);
        }

        if (_knownShapes)
        {
            foreach (OnnxOutputRows output in _wanted)
            {
                output.Reshape(batch);
            }

            _runner.Run(_inputNames, _inputBuffers, _outputNames, _outputBuffers, cancellation);
            foreach (OnnxOutputRows output in _wanted)
            {
                output.TakeBuffer(rows, batch);
            }

            return;
        }

        using IDisposableReadOnlyCollection<OrtValue> results = _runner.Run(_inputNames, _inputBuffers, _outputNames, cancellation);
        for (int i = 0; i < _wanted.Length; i++)
        {
            _wanted[i].Take(results[i], rows, batch, _lengths[i]);
        }
    }
}

/// <summary>A row that cannot be given to the graph; the others can.</summary>
internal sealed class InvalidRowException(string message) : InpaintException(message);
