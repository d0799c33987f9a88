using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>Completes the photo of a request.</summary>
internal sealed class InpaintHandler(GraphHost host, Admission admission, ServiceOptions options, ServiceMetrics metrics)
{
    /// <summary>The name of the graph for a request.</summary>
    public string GraphFor(InpaintRequest request) => request.Settings.Graph ?? options.Graph;

    /// <summary>Completes a photo, and releases its part of the reservation.</summary>
    /// <exception cref="InpaintException">The photo, mask, caption or graph cannot be used, or the service is busy.</exception>
    /// <exception cref="OperationCanceledException">The client is gone, or the time is up.</exception>
    public async Task<InpaintResponse> RunAsync(InpaintRequest request, Admission.Reservation reservation, CancellationToken cancellation)
    {
        try
        {
            // Photos that are unreadable or too large are rejected before they wait.
            (int width, int height) = PhotoCodec.ReadSize(request.Image, options.Decoding, request.Name);
            long pixels = (long)width * height;
            using IDisposable memory = await admission.AcquirePixelsAsync(
                ServiceOptions.PixelsOf(pixels, request.Mask is not null, request.Settings.Truth), cancellation);
            return await CompleteAsync(request, pixels, cancellation);
        }
        finally
        {
            reservation.ReleasePhoto();
        }
    }

    private async Task<InpaintResponse> CompleteAsync(InpaintRequest request, long pixels, CancellationToken cancellation)
    {
        var row = new InpaintingRow
        {
            Name = request.Name,
            Hole = request.Hole?.ToHole(),
            MaskBytes = request.Mask,
            Captions = request.Caption is { } caption ? [caption] : [],
            Fill = request.Settings.Fill,
        };
        Photo? truth = null;
        if (request.Settings.Truth)
        {
            row.Read = decoding => (truth = PhotoCodec.Decode(request.Image!, decoding, request.Name)).Clone();
        }
        else
        {
            row.Bytes = request.Image;
        }

        (ServedGraph graph, PendingPhoto photo) = await EnqueueAsync(GraphFor(request), row, pixels, cancellation);
        await photo.Done;
        metrics.Photo(graph.Name, row.Status.ToWord(), photo.Elapsed);
        if (row.Status != InpaintingStatus.Ok)
        {
            throw row.Exception is GraphException { PastDeadline: true } late
                ? late
                : new ServiceException(ErrorKind.NotCompleted(row.Status), row.Error!, row.Exception);
        }

        Photo completed = row.Completed!;
        return new InpaintResponse
        {
            Graph = graph.Name,
            Sha256 = graph.Manifest.Graph.Sha256,
            Image = request.Settings.Output.Encode(completed),
            Width = completed.Width,
            Height = completed.Height,
            Hole = HoleBox.Of(row.HoleBounds),
            Milliseconds = Math.Round(photo.Elapsed.TotalMilliseconds, 2),
            Caption = graph.Captions is { } captions ? KnownWords.Of(captions, request.Caption ?? "") : null,
            Metrics = truth is not null && row.FilledHole is { IsEmpty: false } hole ? FillFigures.Of(truth, completed, hole) : null,
        };
    }

    private async Task<(ServedGraph Graph, PendingPhoto Photo)> EnqueueAsync(
        string name, InpaintingRow row, long pixels, CancellationToken cancellation)
    {
        while (true)
        {
            // The graph may be replaced between the two steps. The time of the photo begins when its graph is loaded.
            ServedGraph graph = await host.GetAsync(name, cancellation);
            var photo = new PendingPhoto(row, pixels, cancellation);
            if (graph.TryAdd(photo))
            {
                return (graph, photo);
            }
        }
    }
}
