using System.Globalization;

namespace Inpaint.Evaluation.Metrics;

/// <summary>Which of two values of a metric is better.</summary>
public enum MetricDirection
{
    /// <summary>The lower one.</summary>
    Lower,

    /// <summary>The higher one.</summary>
    Higher,

    /// <summary>The one closer to 1, the value of the photos themselves.</summary>
    CloserToOne,
}

/// <summary>
/// One figure of how well holes are filled. To add a metric, derive a sealed class without constructor parameters in this assembly:
/// <see cref="All"/> finds it, and tables, JSON, reports, model cards, manifests and training follow <see cref="All"/>.
/// </summary>
public abstract class Metric
{
    private protected Metric(int order, string key, string meaning, string format = "0.000",
        MetricDirection direction = MetricDirection.Lower, string? title = null, string? chartTitle = null, bool inTable = true,
        string? depthBand = null, bool needsNetwork = false) =>
        (Order, Key, Meaning, Format, Direction, Title, ChartTitle, InTable, DepthBand, NeedsNetwork)
            = (order, key, meaning, format, direction, title ?? key, chartTitle, inTable, depthBand, needsNetwork);

    /// <summary>All metrics, by <see cref="Order"/>.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        .. typeof(Metric).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Metric)) && !type.IsAbstract)
            .Select(type => (Metric)Activator.CreateInstance(type, nonPublic: true)!)
            .OrderBy(metric => metric.Order)
            .ThenBy(metric => metric.Key, StringComparer.Ordinal),
    ];

    /// <summary>The metric's name in JSON, manifests, logs and configurations, such as <c>hole_psnr</c>.</summary>
    public string Key { get; }

    /// <summary>The heading of its column.</summary>
    public string Title { get; }

    /// <summary>What it measures, in a few words.</summary>
    public string Meaning { get; }

    /// <summary>The numeric format of its values.</summary>
    public string Format { get; }

    /// <summary>Which values are better.</summary>
    public MetricDirection Direction { get; }

    /// <summary>Whether tables have a column for it; JSON, manifests and logs contain every metric.</summary>
    public bool InTable { get; }

    /// <summary>The title of its bar chart in reports; null for no chart.</summary>
    public string? ChartTitle { get; }

    /// <summary>
    /// For the error at one distance from the hole's edge: the distances in pixels, such as <c>1-2</c>. Null for all other metrics.
    /// </summary>
    public string? DepthBand { get; }

    /// <summary>Whether it is defined only where photos are compared by the perceptual network.</summary>
    public bool NeedsNetwork { get; }

    /// <summary>Position among all metrics.</summary>
    internal int Order { get; }

    /// <summary>The metric with this key; null if none.</summary>
    public static Metric? Find(string key) => All.FirstOrDefault(metric => metric.Key == key);

    /// <summary>
    /// The columns of a table of these scores: every metric with <see cref="InTable"/>, those that need a network only where a score has
    /// them.
    /// </summary>
    public static IReadOnlyList<Metric> Columns(params IEnumerable<FillScores> scores) =>
        [.. All.Where(m => m.InTable && (!m.NeedsNetwork || scores.Any(s => s[m] is not null)))];

    /// <summary>A value as text; a dash where the metric is not defined.</summary>
    public string Text(double? value) => value?.ToString(Format, CultureInfo.InvariantCulture) ?? "–";

    /// <summary>How far a value is from the best one: of two values, the one with the smaller loss is better.</summary>
    public double Loss(double value) => Direction switch
    {
        MetricDirection.Lower => value,
        MetricDirection.Higher => -value,
        _ => Math.Abs(value - 1),
    };

    /// <summary>Starts measuring a set of photos.</summary>
    internal abstract IMetricAccumulator Start();
}

/// <summary>Collects one metric over the photos of a set, in order. Not thread-safe.</summary>
internal interface IMetricAccumulator
{
    /// <summary>The value over all photos so far; null where the metric is not defined.</summary>
    double? Value { get; }

    /// <summary>The 95 % interval of the value over the choice of photos; null where the metric has none.</summary>
    BootstrapInterval? Interval(int resamples, ulong seed) => null;

    /// <summary>Adds a photo.</summary>
    void Add(FilledPhoto photo);
}

/// <summary>A sum over all photos divided by a sum of weights; null while the weight is 0.</summary>
/// <param name="measure">A photo's share of the two sums; both 0 where the metric is not defined for the photo.</param>
/// <param name="finish">The value that follows from the ratio; null for the ratio itself.</param>
internal sealed class RatioAccumulator(Func<FilledPhoto, (double Sum, double Weight)> measure, Func<double, double>? finish = null)
    : IMetricAccumulator
{
    private double _sum, _weight;

    public double? Value => _weight == 0 ? null : finish is null ? _sum / _weight : finish(_sum / _weight);

    public void Add(FilledPhoto photo)
    {
        (double sum, double weight) = measure(photo);
        _sum += sum;
        _weight += weight;
    }
}
