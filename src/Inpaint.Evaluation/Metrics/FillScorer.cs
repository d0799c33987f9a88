using System.Text.Json.Nodes;
using Inpaint.Evaluation.Perception;

namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Measures filled holes, photo by photo. The same photos in the same order give the same figures to the last bit. Not thread-safe.
/// Memory: one number a photo, the holes of the last 8 photos, and some rows of pixels; with comparisons, 4 KB a photo.
/// </summary>
public sealed class FillScorer
{
    private readonly IMetricAccumulator[] _metrics = [.. Metric.All.Select(metric => metric.Start())];
    private readonly List<double> _photoErrors = [], _photoDistances = [];

    /// <summary>Adds one photo.</summary>
    /// <param name="truth">The original photo.</param>
    /// <param name="completed">The same photo with its hole filled; outside the hole equal to the original, byte for byte.</param>
    /// <param name="hole">The filled pixels, of any shape: at least one, inside the photo.</param>
    /// <param name="comparison">
    /// What the perceptual network finds, from <see cref="PerceptualComparer"/>: for all photos, or for none. Default none: the metrics
    /// that need it are not defined.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The sizes differ, a pixel outside the hole differs, or the hole is empty. The scores are unchanged.
    /// </exception>
    /// <exception cref="PhotoException">The hole does not fit the photo. The scores are unchanged.</exception>
    public void Add(Photo truth, Photo completed, Hole hole, PerceptualComparison? comparison = null)
    {
        var photo = new FilledPhoto(truth, completed, hole) { Comparison = comparison };
        photo.RequireKnownPixelsUnchanged();
        foreach (IMetricAccumulator metric in _metrics)
        {
            metric.Add(photo);
        }

        _photoErrors.Add(photo.MeanSquaredError);
        if (comparison is not null)
        {
            _photoDistances.Add(comparison.Distance);
        }
    }

    /// <summary>The figures of all photos added so far; more may be added afterwards.</summary>
    /// <param name="resamples">Number of resamples for an interval, at least 2. Default 2,000.</param>
    /// <param name="seed">Seed of the intervals. Default 1.</param>
    /// <exception cref="InvalidOperationException">No photo has been added.</exception>
    public FillScores Result(int resamples = 2000, ulong seed = 1) => _photoErrors.Count == 0
        ? throw new InvalidOperationException("No photo has been scored; expected at least one. Is the dataset empty?")
        : new FillScores(
            [.. _photoErrors],
            [.. _photoDistances],
            Metric.All.Zip(_metrics).ToDictionary(m => m.First.Key, m => (m.Second.Value, m.Second.Interval(resamples, seed))));
}

/// <summary>How well holes were filled, over all photos of a set: a value for each of <see cref="Metric.All"/>.</summary>
public sealed class FillScores
{
    private readonly Dictionary<string, (double? Value, BootstrapInterval? Interval)> _values;

    internal FillScores(IReadOnlyList<double> photoErrors, IReadOnlyList<double> photoDistances,
        Dictionary<string, (double? Value, BootstrapInterval? Interval)> values) =>
        (PhotoErrors, PhotoDistances, _values) = (photoErrors, photoDistances, values);

    /// <summary>How many photos were scored.</summary>
    public long Photos => PhotoErrors.Count;

    /// <summary>Each photo's own mean squared error in the hole, in the order added, for <see cref="PairedBootstrap"/>.</summary>
    public IReadOnlyList<double> PhotoErrors { get; }

    /// <summary>Each photo's own perceptual distance, likewise; empty without the network.</summary>
    public IReadOnlyList<double> PhotoDistances { get; }

    /// <summary>
    /// The value of a metric by its key; null where it is not defined, such as the SSIM of a hole narrower than its window.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such metric.</exception>
    public double? this[string key] => _values[key].Value;

    /// <summary>The value of a metric; null where it is not defined.</summary>
    public double? this[Metric metric] => _values[(metric ?? throw new ArgumentNullException(nameof(metric))).Key].Value;

    /// <summary>The 95 % interval of a metric over the choice of photos; null where it has none.</summary>
    public BootstrapInterval? Interval(Metric metric) => _values[(metric ?? throw new ArgumentNullException(nameof(metric))).Key].Interval;

    /// <summary>
    /// <c>photos</c> and the metrics by their keys; the errors by distance from the edge as an array <c>depth</c> of <c>name</c> and
    /// <c>mse</c>. Metrics that need a network are left out where they are not defined; intervals follow as <c>KEY_interval</c>.
    /// </summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["photos"] = Photos };
        foreach (Metric metric in Metric.All)
        {
            if (metric.DepthBand is not { } band)
            {
                if (this[metric] is not null || !metric.NeedsNetwork)
                {
                    json[metric.Key] = this[metric];
                }

                if (Interval(metric) is { } interval)
                {
                    json[$"{metric.Key}_interval"] = new JsonObject { ["low"] = interval.Low, ["high"] = interval.High };
                }

                continue;
            }

            var bands = (JsonArray)(json["depth"] ??= new JsonArray());
            if (this[metric] is { } mse)
            {
                bands.Add((JsonNode)new JsonObject { ["name"] = band, ["mse"] = mse });
            }
        }

        return json;
    }

    /// <summary>The figures of the table, such as <c>hole_mse 0.03526, hole_psnr 14.53, ...</c>.</summary>
    public override string ToString() => string.Join(", ", Metric.Columns(this).Select(m => $"{m.Title} {m.Text(this[m])}"));
}
