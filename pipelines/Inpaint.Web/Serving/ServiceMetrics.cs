using System.Diagnostics.Metrics;
using Inpaint.Photos;

namespace Inpaint.Web.Serving;

/// <summary>What an operator watches, as OpenTelemetry has it.</summary>
internal sealed class ServiceMetrics : IDisposable
{
    public const string MeterName = "Inpaint.Web";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _photos, _bad, _reloads, _refused;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<int> _batches;

    public ServiceMetrics(Admission admission)
    {
        _photos = _meter.CreateCounter<long>("inpaint.photos", description: "Photos that were answered, by graph and outcome.");
        _bad = _meter.CreateCounter<long>("inpaint.bad_inputs", description: "Requests that could not be used, by reason.");
        _refused = _meter.CreateCounter<long>("inpaint.refused", description: "Requests that were turned away or given up, by reason.");
        _reloads = _meter.CreateCounter<long>("inpaint.graph_loads", description: "Graphs that were loaded or refused, by graph and outcome.");
        _seconds = _meter.CreateHistogram("inpaint.photo_seconds", "s", "From a photo's arrival to its result, by graph.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30] });
        _batches = _meter.CreateHistogram("inpaint.batch_photos", description: "Photos that ran together, by graph.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] });
        _meter.CreateObservableGauge("inpaint.pending_photos", () => admission.Photos, description: "Photos that wait or are worked at.");
        _meter.CreateObservableGauge("inpaint.uploads", () => admission.Uploads, description: "Bodies that are being read.");
    }

    public void Photo(string graph, string outcome, TimeSpan took)
    {
        _photos.Add(1, new("graph", graph), new("outcome", outcome));
        _seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("graph", graph));
    }

    public void Batch(string graph, int photos) => _batches.Record(photos, new KeyValuePair<string, object?>("graph", graph));

    /// <summary>An error that a client was told of.</summary>
    public void Count(ServiceException e)
    {
        if (e.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status504GatewayTimeout)
        {
            Refused(e.Code);
        }
        else if (e.Status < 500)
        {
            _bad.Add(1, new KeyValuePair<string, object?>("reason", e.Code));
        }
    }

    /// <summary>Shows how many photos wait for a graph.</summary>
    public void Watch(Func<IEnumerable<(string Graph, int Photos)>> waiting) => _meter.CreateObservableGauge(
        "inpaint.waiting_photos", () => waiting().Select(w => new Measurement<int>(w.Photos, new KeyValuePair<string, object?>("graph", w.Graph))), description: "Photos that wait for a free worker, by graph.");

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Reload(string graph, string outcome) => _reloads.Add(1, new("graph", graph), new("outcome", outcome));

    public void Dispose() => _meter.Dispose();
}
