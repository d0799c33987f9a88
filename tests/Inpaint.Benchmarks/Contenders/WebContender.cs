using System.Collections.Concurrent;
using System.Diagnostics;
using Inpaint.Web;
using Inpaint.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Inpaint.Benchmarks;

/// <summary>The HTTP service over loopback and its clients, in one process: posts photo files and receives completed PNGs.</summary>
internal sealed class WebContender : IContender, ITimedContender
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly string _graph;
    private readonly int _connections;

    public WebContender(string graphFolder, int connections)
    {
        (_graph, _connections) = (Path.GetFileName(graphFolder), connections);
        var options = new ServiceOptions
        {
            Urls = "http://127.0.0.1:0",
            Graphs = Path.GetDirectoryName(graphFolder),
            Graph = _graph,
            Execution = new() { Device = "cpu" },
        };
        _app = InpaintService.Build(options, builder => builder.Logging.ClearProviders());
        _app.StartAsync().GetAwaiter().GetResult();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public IReadOnlyList<double> Milliseconds { get; private set; } = [];

    public int Run(IEnumerable<string> paths)
    {
        var times = new ConcurrentBag<double>();
        Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = _connections }, async (path, cancellation) =>
        {
            long begin = Stopwatch.GetTimestamp();
            var image = new ByteArrayContent(await File.ReadAllBytesAsync(path, cancellation));
            using var form = new MultipartFormDataContent { { image, "image", "photo.png" } };
            if (MaskedPhotos.MaskOf(path) is var mask && File.Exists(mask))
            {
                form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(mask, cancellation)), "mask", "mask.png");
            }

            using HttpResponseMessage response = await _client.PostAsync("/api/v1/inpaint", form, cancellation);
            response.EnsureSuccessStatusCode();
            _ = await response.Content.ReadAsByteArrayAsync(cancellation);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }).GetAwaiter().GetResult();
        Milliseconds = [.. times];
        return times.Count;
    }

    public void Dispose()
    {
        _client.Dispose();
        _app.StopAsync().GetAwaiter().GetResult();
        ((IDisposable)_app).Dispose();
    }
}

/// <summary>A contender that measures the time of each row.</summary>
internal interface ITimedContender
{
    /// <summary>The times of the last pass.</summary>
    IReadOnlyList<double> Milliseconds { get; }
}
