namespace Inpaint.Training;

/// <summary>Means of the losses since the last report.</summary>
internal sealed class RunningTerms
{
    private readonly Dictionary<string, (double Sum, int Count)> _sums = [];

    /// <summary>Adds a step's terms.</summary>
    public void Add(IReadOnlyDictionary<string, double> terms)
    {
        foreach ((string name, double value) in terms)
        {
            (double sum, int count) = _sums.GetValueOrDefault(name);
            _sums[name] = (sum + value, count + 1);
        }
    }

    /// <summary>The means, and a fresh start.</summary>
    public IReadOnlyDictionary<string, double> Take()
    {
        var means = _sums.ToDictionary(t => t.Key, t => t.Value.Sum / t.Value.Count);
        _sums.Clear();
        return means;
    }
}
