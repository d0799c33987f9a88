namespace Inpaint.ML.Scoring;

/// <summary>
/// Whether a graph gives each row of a batch what it gives the row alone, found out with the first batches. Axes of the same name do not
/// tell: a graph may normalize over its batch. Thread-safe.
/// </summary>
/// <param name="warn">Receives the finding that it does not.</param>
internal sealed class BatchCheck(Action<string>? warn)
{
    // Batches in which both rows have the same outputs tell nothing.
    private const int Attempts = 4;

    private readonly Lock _lock = new();
    private int _left = Attempts;

    /// <summary>Whether rows have to be scored one by one.</summary>
    public bool MixesRows { get; private set; }

    /// <summary>Compares a batch with single rows, unless that has been done.</summary>
    /// <param name="compare">Whether the outputs are equal, and whether the rows' outputs differ from each other.</param>
    /// <returns>Whether the outputs of the batch can be used.</returns>
    public bool Accepts(Func<(bool Equal, bool Telling)> compare)
    {
        if (Volatile.Read(ref _left) == 0)
        {
            return !MixesRows;
        }

        lock (_lock)
        {
            if (_left > 0)
            {
                (bool equal, bool telling) = compare();
                MixesRows = !equal;
                if (MixesRows)
                {
                    warn?.Invoke(
                        $"{OnnxBinding.Verb}: the graph's outputs for a row depend on the other rows of its batch, so rows are scored one "
                        + "by "
                            + $"one. If that is intended, set {nameof(OnnxScoringOptions.BatchAxis)} to {nameof(OnnxBatchAxis.First)}.");
                }

                Volatile.Write(ref _left, telling || MixesRows ? 0 : _left - 1);
            }

            return !MixesRows;
        }
    }
}
