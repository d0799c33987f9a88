using System.Globalization;
using System.Text.Json;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>One photo of a batch.</summary>
/// <param name="Index">Its index among the images of the form, from 0.</param>
/// <param name="Name">Its file name.</param>
/// <param name="Status"><c>ok</c>, or the code of the error.</param>
/// <param name="Result">The completed photo.</param>
/// <param name="Error">The message of the error.</param>
internal sealed record BatchLine(int Index, string Name, string Status, InpaintResponse? Result, string? Error);

/// <summary>The routes that complete photos.</summary>
internal static class InpaintEndpoints
{
    private const string GraphHeader = "X-Inpaint-Graph", Sha256Header = "X-Inpaint-Graph-Sha256";
    private const string TimeHeader = "X-Inpaint-Milliseconds", ErrorHeader = "X-Inpaint-Hole-Mse";

    /// <summary>The headers that describe a completed photo.</summary>
    public static readonly string[] Headers = [GraphHeader, Sha256Header, TimeHeader, ErrorHeader];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/inpaint", InpaintAsync)
            .WithName(ApiDocument.Inpaint)
            .WithSummary("Completes a photo")
            .WithDescription(
                "Takes a form, or the same fields as JSON with image and mask in base64. "
                + "Answers with the completed photo, or with JSON for Accept: application/json.")
            .Accepts<InpaintRequest>(RequestBody.Form, RequestBody.Json)
            .Produces<InpaintResponse>(StatusCodes.Status200OK, RequestBody.Json, ApiDocument.ImageTypes)
            .WithProblems(400, 404, 409, 413, 415, 422, 429, 500, 504);
        api.MapPost("/inpaint/batch", InpaintBatchAsync)
            .WithName(ApiDocument.InpaintBatch)
            .WithSummary("Completes several photos with one graph")
            .WithDescription(
                "Takes a form with several image fields, optionally as many caption and mask fields, and the other fields for all photos. "
                + "Answers with a JSON object per line, in the order in which photos are done.")
            .Accepts<IFormFileCollection>(RequestBody.Form)
            .Produces<BatchLine>(StatusCodes.Status200OK, "application/jsonl")
            .WithProblems(400, 404, 409, 413, 415, 429);
    }

    private static async Task InpaintAsync(
        HttpContext context, InpaintHandler handler, Admission admission, ServiceOptions options, CancellationToken cancellation)
    {
        using Admission.Reservation reservation = admission.Reserve(context.Request.ContentLength);
        InpaintRequest request = await InpaintRequest.ReadAsync(context.Request, options, cancellation);
        reservation.AddPhotos(1);
        InpaintResponse response = await handler.RunAsync(request, reservation, cancellation);
        IHeaderDictionary headers = context.Response.Headers;
        headers[GraphHeader] = response.Graph;
        headers[Sha256Header] = response.Sha256;
        headers[TimeHeader] = response.Milliseconds.ToString(CultureInfo.InvariantCulture);
        headers[ErrorHeader] = response.Metrics?.HoleMse.ToString("0.000000", CultureInfo.InvariantCulture);
        if (WantsJson(context.Request))
        {
            await context.Response.WriteAsJsonAsync(response, ApiJson.Options, cancellation);
        }
        else
        {
            string type = ApiDocument.ImageTypes[(int)(request.Settings.Output.Format ?? PhotoFormat.Png)];
            await Results.Bytes(response.Image, type).ExecuteAsync(context);
        }
    }

    private static async Task InpaintBatchAsync(
        HttpContext context,
        InpaintHandler handler,
        Admission admission,
        GraphHost host,
        ErrorMapper errors,
        ServiceOptions options,
        CancellationToken cancellation)
    {
        using Admission.Reservation reservation = admission.Reserve(context.Request.ContentLength);
        IReadOnlyList<InpaintRequest> read = await InpaintForm.ReadAsync(context.Request, options.MaxBatch, cancellation);
        InpaintRequest[] requests = [.. read.Select(request => request.Validated(options))];
        reservation.AddPhotos(requests.Length);
        // An unknown graph is an error of the request, not of each photo.
        await host.GetAsync(handler.GraphFor(requests[0]), cancellation);

        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        context.Response.ContentType = "application/jsonl";
        Task<BatchLine>[] lines = [.. requests.Select((request, i) => LineAsync(i, request, abandoned.Token))];
        try
        {
            await foreach (Task<BatchLine> done in Task.WhenEach(lines).WithCancellation(cancellation))
            {
                byte[] line = JsonSerializer.SerializeToUtf8Bytes(await done, ApiJson.Options);
                await context.Response.Body.WriteAsync((byte[])[.. line, (byte)'\n'], cancellation);
                await context.Response.Body.FlushAsync(cancellation);
            }
        }
        finally
        {
            // The photos of an abandoned request are released before the request is.
            await abandoned.CancelAsync();
            await Task.WhenAll(lines);
        }

        async Task<BatchLine> LineAsync(int index, InpaintRequest request, CancellationToken token)
        {
            try
            {
                InpaintResponse result = await handler.RunAsync(request, reservation, token);
                return new BatchLine(index, request.Name, InpaintingStatus.Ok.ToWord(), result, null);
            }
            catch (Exception e)
            {
                ServiceException error = errors.Map(e);
                return new BatchLine(index, request.Name, error.Kind.Code, null, error.Message);
            }
        }
    }

    private static bool WantsJson(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accept
        && accept.MaxBy(a => a.Quality ?? 1)!.MediaType.Equals(RequestBody.Json, StringComparison.OrdinalIgnoreCase);
}
