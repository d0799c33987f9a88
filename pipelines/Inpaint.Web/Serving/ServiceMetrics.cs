using System.Diagnostics.Metrics;

namespace Inpaint.Web.Serving;

internal sealed class ServiceMetrics : IDisposable
{
    public const string MeterName = "Inpaint.Web";

    private static readonly double[] Seconds = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
    private static readonly int[] BatchSizes = [1, 2, 4, 8, 16, 32, 64];

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _photos, _badInputs, _reloads, _refused;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<int> _batches;

    public ServiceMetrics(Admission admission)
    {
        _photos = _meter.CreateCounter<long>("inpaint.photos", description: "Photos answered, by graph and outcome.");
        _badInputs = _meter.CreateCounter<long>("inpaint.bad_inputs", description: "Unusable requests, by reason.");
        _refused = _meter.CreateCounter<long>("inpaint.refused", description: "Requests rejected or abandoned, by reason.");
        _reloads = _meter.CreateCounter<long>("inpaint.graph_loads", description: "Graphs loaded or refused, by graph and outcome.");
        _seconds = _meter.CreateHistogram(
            "inpaint.photo_seconds", "s", "Time from a photo's arrival to its result, by graph.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        _batches = _meter.CreateHistogram(
            "inpaint.batch_photos", description: "Photos per run of a graph, by graph.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = BatchSizes });
        _meter.CreateObservableGauge("inpaint.pending_photos", () => admission.Photos, description: "Photos waiting or being completed.");
        _meter.CreateObservableGauge("inpaint.uploads", () => admission.Uploads, description: "Request bodies being read.");
    }

    public void Photo(string graph, string outcome, TimeSpan elapsed)
    {
        _photos.Add(1, new("graph", graph), new("outcome", outcome));
        _seconds.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("graph", graph));
    }

    public void Batch(string graph, int photos) => _batches.Record(photos, new KeyValuePair<string, object?>("graph", graph));

    /// <summary>Counts an error that was reported to a client.</summary>
    public void Error(ErrorKind kind)
    {
        bool isRefused = kind == ErrorKind.Busy || kind == ErrorKind.Timeout || kind == ErrorKind.ClientGone;
        if (isRefused || kind.Status < 500)
        {
            (isRefused ? _refused : _badInputs).Add(1, new KeyValuePair<string, object?>("reason", kind.Code));
        }
    }

    /// <summary>Publishes the number of photos waiting for each graph.</summary>
    public void ObserveWaiting(Func<IEnumerable<(string Graph, int Photos)>> waiting) => _meter.CreateObservableGauge(
        "inpaint.waiting_photos",
        () => waiting().Select(w => new Measurement<int>(w.Photos, new KeyValuePair<string, object?>("graph", w.Graph))),
        description: "Photos waiting for a free worker, by graph.");

    public void Reload(string graph, string outcome) => _reloads.Add(1, new("graph", graph), new("outcome", outcome));

    public void Dispose() => _meter.Dispose();
}
