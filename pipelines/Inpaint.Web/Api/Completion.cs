using Inpaint.Onnx;

namespace Inpaint.Web;

/// <summary>One request's way: to a graph that serves, through it, and back with the figures.</summary>
internal sealed class Completion(GraphHost host, ServiceOptions options, ServiceMetrics metrics)
{
    /// <summary>The graph's name for a request that need not name one.</summary>
    public string NameFor(InpaintRequest request) => request.Graph ?? (request.Mask is not null ? options.MaskGraph : null) ?? options.Graph;

    /// <summary>Completes a photo.</summary>
    /// <param name="name">What messages call the photo.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellation">Given up: by the client, or by time.</param>
    /// <exception cref="ServiceException">The photo, mask, caption or graph cannot be used.</exception>
    public async Task<InpaintAnswer> RunAsync(string name, InpaintRequest request, CancellationToken cancellation)
    {
        string graphName = NameFor(request);
        var row = new InpaintingRow
        {
            Name = name,
            Hole = request.Hole?.ToHole(),
            MaskBytes = request.Mask,
            Captions = request.Caption is { } caption ? [caption] : [],
            Feather = request.Feather,
        };
        Photo? truth = null;
        if (request.Truth)
        {
            row.Read = decoding => (truth = PhotoCodec.Decode(request.Image!, decoding, name)).Clone();
        }
        else
        {
            row.Bytes = request.Image;
        }

        (ServedGraph graph, InpaintJob job) = await AddAsync(graphName, row, EstimatedPixels(request), cancellation);
        await job.Done;
        metrics.Photo(graph.Name, StrictName(row.Status), job.Took);
        if (row.Status != InpaintingStatus.Ok)
        {
            throw ToError(row);
        }

        return AnswerOf(graph, row, request, truth, job.Took);
    }

    private async Task<(ServedGraph Graph, InpaintJob Job)> AddAsync(string name, InpaintingRow row, long pixels, CancellationToken cancellation)
    {
        var job = new InpaintJob(row, pixels, cancellation);
        while (true)
        {
            // A graph may be replaced between the two steps; the next one then has its name.
            ServedGraph graph = await host.GetAsync(name, cancellation);
            if (graph.TryAdd(job))
            {
                return (graph, job);
            }
        }
    }

    private static InpaintAnswer AnswerOf(ServedGraph graph, InpaintingRow row, InpaintRequest request, Photo? truth, TimeSpan took)
    {
        Photo completed = row.Completed!;
        Hole hole = request.Hole?.ToHole() ?? (request.Mask is { } mask ? Hole.FromMask(Mask.FromPhoto(PhotoCodec.Decode(mask))) : Hole.Default(completed.Width, completed.Height));
        return new InpaintAnswer
        {
            Graph = graph.Name,
            Sha256 = graph.Sha256,
            Image = PhotoCodec.Encode(completed),
            Width = completed.Width,
            Height = completed.Height,
            Hole = PixelBox.Of(row.HoleBounds),
            Milliseconds = Math.Round(took.TotalMilliseconds, 2),
            Caption = graph.Captions is { } captions ? CaptionWords.Of(captions, request.Caption ?? "") : null,
            Metrics = truth is not null && !hole.IsEmpty ? FillFigures.Of(truth, completed, hole) : null,
        };
    }

    // A picture file has about a byte for two to eight pixels; what counts is that large photos do not run together.
    private static long EstimatedPixels(InpaintRequest request) => 4L * request.Image!.Length;

    private static string StrictName(InpaintingStatus status) => status switch
    {
        InpaintingStatus.Ok => "ok",
        InpaintingStatus.BadPhoto => "bad_photo",
        InpaintingStatus.BadMask => "bad_mask",
        InpaintingStatus.BadCaption => "bad_caption",
        _ => "graph_failed",
    };

    private static ServiceException ToError(InpaintingRow row) => row.Status switch
    {
        InpaintingStatus.GraphFailed when row.Exception is GraphException { PastDeadline: true } => new ServiceException(StatusCodes.Status504GatewayTimeout, "timeout", row.Error!, row.Exception),
        InpaintingStatus.GraphFailed => new ServiceException(StatusCodes.Status500InternalServerError, "graph_failed", row.Error!, row.Exception),
        _ => new ServiceException(StatusCodes.Status422UnprocessableEntity, StrictName(row.Status), row.Error!, row.Exception),
    };
}
