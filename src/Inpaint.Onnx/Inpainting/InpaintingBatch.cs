using System.Runtime.ExceptionServices;

namespace Inpaint.Onnx.Inpainting;

/// <summary>A batch of rows with the lane that completes them; reused.</summary>
public sealed class InpaintingBatch : IDisposable
{
    private readonly InpaintingLane _lane;
    private readonly InpaintingRow[] _rows;
    private ExceptionDispatchInfo? _sourceError;

    /// <summary>A batch as large as the lane's.</summary>
    public InpaintingBatch(InpaintingLane lane)
    {
        ArgumentNullException.ThrowIfNull(lane);
        _lane = lane;
        _rows = [.. Enumerable.Range(0, lane.BatchSize).Select(_ => new InpaintingRow())];
    }

    /// <summary>The rows; the first <see cref="Count"/> are filled.</summary>
    public IReadOnlyList<InpaintingRow> Rows => _rows;

    /// <summary>How many rows are filled.</summary>
    public int Count { get; private set; }

    /// <summary>Fills rows from a source. Rows read before the source fails are kept; its error comes after them.</summary>
    /// <returns>False when nothing was filled.</returns>
    public bool Fill(Func<InpaintingRow, bool> fill)
    {
        Count = 0;
        _sourceError = null;
        try
        {
            while (Count < _rows.Length)
            {
                _rows[Count].Clear();
                if (!fill(_rows[Count]))
                {
                    break;
                }

                Count++;
            }
        }
        catch (Exception e) when (Count > 0)
        {
            _sourceError = ExceptionDispatchInfo.Capture(e);
        }

        return Count > 0;
    }

    /// <summary>Completes the rows.</summary>
    public void Run(CancellationToken cancellation) => _lane.Run(_rows.AsSpan(0, Count), cancellation);

    /// <summary>Throws what the source threw after the last row.</summary>
    public void ThrowIfSourceFailed() => _sourceError?.Throw();

    /// <inheritdoc />
    public void Dispose() => _lane.Dispose();
}
