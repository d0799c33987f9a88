namespace Inpaint.Training.Loop;

/// <summary>A loss summed over steps.</summary>
/// <param name="Sum">The sum.</param>
/// <param name="Count">The number of steps that had it.</param>
internal sealed record TermSum(double Sum, int Count);

/// <summary>Means of the losses since the last report.</summary>
/// <param name="sums">The sums of a checkpoint; optional.</param>
internal sealed class RunningTerms(IReadOnlyDictionary<string, TermSum>? sums = null)
{
    private readonly Dictionary<string, TermSum> _sums = new(sums ?? new Dictionary<string, TermSum>());

    /// <summary>The sums so far, for a checkpoint; null for none.</summary>
    public IReadOnlyDictionary<string, TermSum>? Sums => _sums.Count > 0 ? new Dictionary<string, TermSum>(_sums) : null;

    /// <summary>Adds a step's terms.</summary>
    public void Add(IReadOnlyDictionary<string, double> terms)
    {
        foreach ((string name, double value) in terms)
        {
            TermSum before = _sums.GetValueOrDefault(name) ?? new TermSum(0, 0);
            _sums[name] = new TermSum(before.Sum + value, before.Count + 1);
        }
    }

    /// <summary>Returns the means and resets them.</summary>
    public IReadOnlyDictionary<string, double> Take()
    {
        var means = _sums.ToDictionary(t => t.Key, t => t.Value.Sum / t.Value.Count);
        _sums.Clear();
        return means;
    }
}
