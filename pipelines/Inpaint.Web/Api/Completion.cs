
using Inpaint.Evaluation;
using Inpaint.Holes;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>One request's way: to a graph that serves, through it, and back with the figures.</summary>
internal sealed class Completion(GraphHost host, PixelGate gate, ServiceOptions options, ServiceMetrics metrics)
{
    private readonly PhotoDecodingOptions _decoding = new() { MaxPixels = options.MaxPixels };

    /// <summary>The graph's name for a request that need not name one.</summary>
    public string NameFor(InpaintRequest request) => request.Graph ?? (request.Mask is not null ? options.MaskGraph : null) ?? options.Graph;

    /// <summary>Completes a photo.</summary>
    /// <param name="name">What messages call the photo.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="place">The request's share of what may be under way; the photo's is given back when it is done.</param>
    /// <param name="cancellation">Given up: by the client, or by time.</param>
    /// <exception cref="ServiceException">The photo, mask, caption or graph cannot be used.</exception>
    public async Task<InpaintAnswer> RunAsync(string name, InpaintRequest request, Admission.Place place, CancellationToken cancellation)
    {
        try
        {
            // What is judged stands there twice: the truth, and the copy that is completed.
            long photo = PixelsOf(name, request), both = request.Truth ? 2 * photo : photo;
            await gate.EnterAsync(both, cancellation);
            try
            {
                return await RunAsync(name, request, photo, cancellation);
            }
            finally
            {
                gate.Leave(both);
            }
        }
        finally
        {
            place.GiveBack();
        }
    }

    private async Task<InpaintAnswer> RunAsync(string name, InpaintRequest request, long pixels, CancellationToken cancellation)
    {
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
            // The truth stays as it is; its copy is completed.
            row.Read = decoding => (truth = PhotoCodec.Decode(request.Image!, decoding, name)).Clone();
        }
        else
        {
            row.Bytes = request.Image;
        }

        (ServedGraph graph, InpaintJob job) = await AddAsync(NameFor(request), row, pixels, cancellation);
        await job.Done;
        metrics.Photo(graph.Name, row.Status.ToWord(), job.Took);
        row.ThrowAsService();
        Photo completed = row.Completed!;
        return new InpaintAnswer
        {
            Graph = graph.Name,
            Sha256 = graph.Sha256,
            Image = PhotoCodec.Encode(completed),
            Width = completed.Width,
            Height = completed.Height,
            Hole = PixelBox.Of(row.HoleBounds),
            Milliseconds = Math.Round(job.Took.TotalMilliseconds, 2),
            Caption = graph.Captions is { } captions ? CaptionWords.Of(captions, request.Caption ?? "") : null,
            Metrics = truth is not null && row.FilledHole is { IsEmpty: false } hole ? FillFigures.Of(truth, completed, hole) : null,
        };
    }

    private async Task<(ServedGraph Graph, InpaintJob Job)> AddAsync(string name, InpaintingRow row, long pixels, CancellationToken cancellation)
    {
        while (true)
        {
            // A graph may be replaced between the two steps; the next one then has its name. The time begins when it is loaded.
            ServedGraph graph = await host.GetAsync(name, cancellation);
            var job = new InpaintJob(row, pixels, cancellation);
            if (graph.TryAdd(job))
            {
                return (graph, job);
            }
        }
    }

    // What is no photo, or too large, is refused before it waits for a graph.
    private long PixelsOf(string name, InpaintRequest request)
    {
        try
        {
            (int width, int height) = PhotoCodec.ReadSize(request.Image, _decoding, name);
            return (long)width * height;
        }
        catch (PhotoException e)
        {
            throw ServiceException.Unusable(InpaintingStatus.BadPhoto, e.Message, e);
        }
    }
}
