using System.Globalization;
using System.Text.Json;
using Inpaint.Holes;
using Inpaint.Web.Serving;
using Microsoft.AspNetCore.Mvc;

namespace Inpaint.Web.Api;

/// <summary>Photos in, completed photos out.</summary>
internal static class InpaintEndpoints
{
    private static readonly string[] BatchFields = ["image", "mask", "caption", "graph", "feather", "hole", "truth"], Repeated = ["image", "mask", "caption"];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/inpaint", One)
            .WithName("inpaint")
            .WithSummary("Completes a photo")
            .WithDescription("A form (multipart/form-data) with image and, at will, mask, caption, graph, feather, hole (x,y,width,height) and truth; or the same as JSON, image and mask in base64. The answer is a PNG, or JSON for Accept: application/json.")
            .Accepts<InpaintRequest>("multipart/form-data", "application/json")
            .Produces<InpaintAnswer>(StatusCodes.Status200OK, "application/json", "image/png")
            .WithProblems(400, 404, 409, 413, 415, 422, 429, 500, 504)
            .DisableAntiforgery();
        api.MapPost("/inpaint/batch", Several)
            .WithName("inpaint_batch")
            .WithSummary("Completes several photos with one graph")
            .WithDescription("A form with several image fields and, at will, as many caption fields and as many mask fields, and for all of them graph, feather, hole, truth. The answer is a JSON object a line, as photos are done: index, name, status, and the answer of /inpaint or an error.")
            .Accepts<IFormFileCollection>("multipart/form-data")
            .Produces<BatchLine>(StatusCodes.Status200OK, "application/jsonl")
            .WithProblems(400, 404, 409, 413, 415, 429)
            .DisableAntiforgery();
    }

    /// <summary>Says which problems a route answers with.</summary>
    public static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (int status in statuses)
        {
            route.ProducesProblem(status);
        }

        return route;
    }

    private static async Task One(HttpContext context, [FromServices] Completion completion, [FromServices] Admission admission, [FromServices] ServiceOptions options)
    {
        using Admission.Place place = admission.Enter(context.Request.ContentLength);
        using CancellationTokenSource limit = RequestLimit.Of(context, options);
        InpaintRequest request = await InpaintRequest.ReadAsync(context.Request, options, limit.Token);
        place.Take(1);
        InpaintAnswer answer = await completion.RunAsync("the image", request, place, limit.Token);
        IHeaderDictionary headers = context.Response.Headers;
        headers["X-Inpaint-Graph"] = answer.Graph;
        headers["X-Inpaint-Graph-Sha256"] = answer.Sha256;
        headers["X-Inpaint-Milliseconds"] = answer.Milliseconds.ToString(CultureInfo.InvariantCulture);
        if (answer.Metrics is { } figures)
        {
            headers["X-Inpaint-Hole-Mse"] = figures.HoleMse.ToString("0.000000", CultureInfo.InvariantCulture);
        }

        if (WantsJson(context.Request))
        {
            await context.Response.WriteAsJsonAsync(answer, ApiJson.Options, limit.Token);
            return;
        }

        context.Response.ContentType = "image/png";
        context.Response.ContentLength = answer.Image.Length;
        await context.Response.Body.WriteAsync(answer.Image, limit.Token);
    }

    private static async Task Several(HttpContext context, [FromServices] Completion completion, [FromServices] Admission admission, [FromServices] GraphHost host, [FromServices] ServiceMetrics metrics, [FromServices] ServiceOptions options)
    {
        if (!context.Request.HasFormContentType)
        {
            throw InpaintRequest.UnsupportedType(context.Request, "multipart/form-data");
        }

        using Admission.Place place = admission.Enter(context.Request.ContentLength);
        using CancellationTokenSource limit = RequestLimit.Of(context, options);
        (string[] names, InpaintRequest[] requests) = await ReadSeveral(context.Request, options, limit.Token);
        place.Take(requests.Length);
        // An unknown graph is an error of the request, not of each photo.
        await host.GetAsync(completion.NameFor(requests[0]), limit.Token);

        context.Response.ContentType = "application/jsonl";
        Task<BatchLine>[] lines = [.. requests.Select((request, i) => Line(i, names[i], request, completion, place, metrics, limit.Token))];
        try
        {
            await foreach (Task<BatchLine> done in Task.WhenEach(lines).WithCancellation(context.RequestAborted))
            {
                byte[] line = JsonSerializer.SerializeToUtf8Bytes(await done, ApiJson.Options);
                // A client that does not read is let go when the time is over.
                await context.Response.Body.WriteAsync((byte[])[.. line, (byte)'\n'], limit.Token);
                await context.Response.Body.FlushAsync(limit.Token);
            }
        }
        finally
        {
            // Photos that nobody waits for any more are given up, and their places are given back, before the request's is.
            await limit.CancelAsync();
            await Task.WhenAll(lines);
        }
    }

    private static async Task<(string[] Names, InpaintRequest[] Requests)> ReadSeveral(HttpRequest request, ServiceOptions options, CancellationToken cancellation)
    {
        IFormCollection form = await InpaintRequest.Form(request, cancellation);
        InpaintRequest.RequireKnown(form, BatchFields, Repeated);
        IReadOnlyList<IFormFile> images = form.Files.GetFiles("image");
        if (images.Count == 0 || images.Count > options.MaxBatch)
        {
            throw ServiceException.BadRequest($"There are {images.Count} images; expected 1 to {options.MaxBatch} fields 'image'.", "bad_photo");
        }

        string?[] captions = form["caption"].ToArray();
        if (captions.Length != 0 && captions.Length != images.Count)
        {
            throw ServiceException.BadRequest($"There are {captions.Length} captions for {images.Count} images; expected as many, or none.", "bad_caption");
        }

        IReadOnlyList<IFormFile> masks = form.Files.GetFiles("mask");
        if (masks.Count != 0 && masks.Count != images.Count)
        {
            throw ServiceException.BadRequest($"There are {masks.Count} masks for {images.Count} images; expected as many, or none.", "bad_mask");
        }

        InpaintRequest settings = new InpaintRequest().WithSettings(form);
        var requests = new InpaintRequest[images.Count];
        for (int i = 0; i < requests.Length; i++)
        {
            requests[i] = settings with
            {
                Image = await InpaintRequest.BytesOf(images[i], cancellation),
                Mask = masks.Count > 0 ? await InpaintRequest.BytesOf(masks[i], cancellation) : null,
                Caption = captions.Length > 0 ? captions[i] : null,
            };
            // An empty file is an error of its own line.
            (requests[i].Image is { Length: 0 } ? requests[i] with { Image = [0] } : requests[i]).Check(options);
        }

        return ([.. images.Select((image, i) => image.FileName.Length is > 0 and <= 200 ? Path.GetFileName(image.FileName) : $"image {i}")], requests);
    }

    private static async Task<BatchLine> Line(int index, string name, InpaintRequest request, Completion completion, Admission.Place place, ServiceMetrics metrics, CancellationToken cancellation)
    {
        try
        {
            return request.Image is { Length: > 0 }
                ? new BatchLine(index, name, "ok", await completion.RunAsync(name, request, place, cancellation), null)
                : new BatchLine(index, name, "bad_photo", null, $"{name} is empty; expected a picture.");
        }
        catch (ServiceException e)
        {
            metrics.Count(e);
            return new BatchLine(index, name, e.Code, null, e.Message);
        }
        catch (OperationCanceledException)
        {
            return new BatchLine(index, name, "timeout", null, $"{name} was not done in time.");
        }
    }

    private static bool WantsJson(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accept
        && accept.OrderByDescending(a => a.Quality ?? 1).First().MediaType.Value is { } first
        && first.Equals("application/json", StringComparison.OrdinalIgnoreCase);
}

/// <summary>One photo of a batch.</summary>
/// <param name="Index">Its place among the images of the form, from 0.</param>
/// <param name="Name">Its file's name.</param>
/// <param name="Status"><c>ok</c>, or what went wrong in a word.</param>
/// <param name="Result">The completed photo.</param>
/// <param name="Error">What went wrong, in a sentence.</param>
internal sealed record BatchLine(int Index, string Name, string Status, InpaintAnswer? Result, string? Error);
