using Inpaint.Evaluation;

namespace Inpaint.Cli.Evaluate;

/// <summary>
/// Picks photos evenly from a stream of unknown length: every photo at first; whenever too many are kept, every second one is dropped and
/// the sampling step doubles.
/// </summary>
internal sealed class SampleSheet(int wanted)
{
    private readonly List<EvaluatedPhoto> _held = [];
    private long _seen, _step = 1;

    public void Offer(EvaluatedPhoto photo)
    {
        if (_seen++ % _step != 0)
        {
            return;
        }

        _held.Add(photo);
        if (_held.Count > 2 * wanted)
        {
            int kept = 0;
            for (int i = 0; i < _held.Count; i += 2)
            {
                _held[kept++] = _held[i];
            }

            _held.RemoveRange(kept, _held.Count - kept);
            _step *= 2;
        }
    }

    /// <summary>At most the wanted number of photos, in order, evenly spread over all that were offered.</summary>
    public IReadOnlyList<EvaluatedPhoto> Picked()
    {
        int count = Math.Min(wanted, _held.Count);
        return [.. Enumerable.Range(0, count).Select(i => _held[(int)((long)i * _held.Count / count)])];
    }
}
