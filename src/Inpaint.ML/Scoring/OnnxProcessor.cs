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

    // Whether the outputs have the declared sizes, which the first run shows; then they are computed in place.
    private bool? _knownShapes;

    private readonly OnnxInputRows?[][] _lengths;
    private readonly int[] _order;
    private readonly int _batch;
    private readonly long _batchBytes;
    private readonly BatchCheck? _check;

    /// <param name="runner">Runs the graph.</param>
    /// <param name="fixedBatch">The graph's fixed batch size; null for any.</param>
    /// <param name="row">The cursor.</param>
    /// <param name="inputs">The input columns.</param>
    /// <param name="outputs">The graph's outputs.</param>
    /// <param name="wanted">For each output, whether it is read.</param>
    /// <param name="capacity">Rows captured per batch.</param>
    /// <param name="batch">Rows scored in one run, at most.</param>
    /// <param name="batchBytes">Bytes of inputs in one run, at most, unless a single row has more.</param>
    /// <param name="check">Checks that rows do not depend on each other; null if they may.</param>
    public OnnxProcessor(
        GraphRunner runner, int? fixedBatch, DataViewRow row, OnnxInputRows[] inputs, OnnxOutputRows[] outputs, bool[] wanted, int capacity,
        int batch, long batchBytes, BatchCheck? check)
    {
        (_runner, _fixedBatch, _row, _inputs, _outputs, _batch) = (runner, fixedBatch, row, inputs, outputs, batch);
        (_batchBytes, _check) = (batchBytes, fixedBatch is null ? check : null);
        Capacity = capacity;
        _positions = new long[capacity];
        _order = new int[capacity];
        _errors = new Exception?[capacity];
        _wanted = [.. _outputs.Where((_, i) => wanted[i])];
        _inputNames = [.. inputs.Select(i => i.Tensor.Name)];
        _outputNames = [.. _wanted.Select(o => o.Tensor.Name)];
        _inputBuffers = [.. _inputs.Select(i => i.Buffer)];
        _knownShapes = _wanted.All(o => o.HasKnownShape) ? null : false;
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

            for (int size = _fixedBatch ?? BatchOf(rows[first]); first < end; first = Math.Min(end, first + size))
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
                equal &= CompareShapes(_order[0], i) == 0;
            }
        }

        Span<int> rows = _order.AsSpan(0, usable);
        if (!equal)
        {
            rows.Sort((a, b) => CompareShapes(a, b) is not 0 and var order ? order : a.CompareTo(b));
        }

        return rows;
    }

    // Unpadded columns, whose rows must have equal shapes, are compared first.
    private int CompareShapes(int a, int b)
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

    private int BatchOf(int row)
    {
        if (_check?.MixesRows == true)
        {
            return 1;
        }

        long bytes = 0;
        foreach (OnnxInputRows input in _inputs)
        {
            bytes += input.BytesOf(row);
        }

        return (int)Math.Clamp(_batchBytes / Math.Max(1, bytes), 1, _batch);
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

    /// <summary>Scores rows of equal shape; when that fails, one by one, to find the rows that fail.</summary>
    private void Score(ReadOnlySpan<int> rows, int batch, CancellationToken cancellation)
    {
        try
        {
            RunTogether(rows, batch, cancellation);
            if (rows.Length > 1 && _check is not null)
            {
                int first = rows[0], last = rows[^1];
                if (!_check.Accepts(() => Compare(first, last, cancellation)))
                {
                    OneByOne(rows, cancellation);
                }
            }
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
            OneByOne(rows, cancellation);
        }
    }

    private void OneByOne(ReadOnlySpan<int> rows, CancellationToken cancellation)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            Score(rows.Slice(i, 1), _fixedBatch ?? 1, cancellation);
        }
    }

    /// <summary>
    /// Scores two rows of the last batch alone: whether that gives the same, and whether the rows differ from each other.
    /// </summary>
    private (bool Equal, bool Telling) Compare(int first, int last, CancellationToken cancellation)
    {
        bool equal = true, telling = Array.Exists(_wanted, o => !o.AreEqual(o[first], o[last]));
        foreach (int row in (ReadOnlySpan<int>)[first, last])
        {
            (int, int)[] together = [.. _wanted.Select(o => o[row])];
            RunTogether([row], 1, cancellation);
            for (int i = 0; i < _wanted.Length; i++)
            {
                equal &= _wanted[i].AreEqual(together[i], _wanted[i][row]);
                _wanted[i][row] = together[i];
            }
        }

        return (equal, telling);
    }

    private void RunTogether(ReadOnlySpan<int> rows, int batch, CancellationToken cancellation)
    {
        foreach (OnnxInputRows input in _inputs)
        {
            input.Fill(rows, batch);
        }

        if (_knownShapes == true)
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
        _knownShapes ??= _wanted.Zip(results).All(o => o.First.HasShape(o.Second, batch));
        for (int i = 0; i < _wanted.Length; i++)
        {
            _wanted[i].Take(results[i], rows, batch, _lengths[i]);
        }
    }
}

/// <summary>A row that cannot be given to the graph; the others can.</summary>
internal sealed class InvalidRowException(string message) : InpaintException(message);
