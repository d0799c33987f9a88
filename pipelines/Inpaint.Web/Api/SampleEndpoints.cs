using System.Globalization;
using Inpaint.Web.Serving;
using Microsoft.Net.Http.Headers;

namespace Inpaint.Web.Api;

/// <summary>Sample photos.</summary>
/// <param name="Samples">The requested part.</param>
/// <param name="Total">The number of all samples.</param>
internal sealed record SampleList(IReadOnlyList<Sample> Samples, int Total);

/// <summary>The routes of the gallery.</summary>
internal static class SampleEndpoints
{
    private const int MaxListed = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/samples", List)
            .WithName("samples")
            .WithSummary("Sample photos")
            .WithDescription($"skip and take select a part; at most {MaxListed} are listed per request.")
            .WithProblems(400);
        api.MapGet("/samples/{id}", OneAsync)
            .WithName("sample")
            .WithSummary("A sample photo, as PNG")
            .WithDescription($"With size, a JPEG of that longer side: {SampleGallery.MinThumbnail} to {SampleGallery.MaxThumbnail} pixels.")
            .Produces<byte[]>(StatusCodes.Status200OK, "image/png")
            .WithProblems(400, 404, 422, 504);
    }

    private static SampleList List(int? skip, int? take, SampleGallery gallery)
    {
        (int from, int count) = (skip ?? 0, take ?? MaxListed);
        return from >= 0 && count is >= 1 and <= MaxListed
            ? new SampleList([.. gallery.All.Skip(from).Take(count)], gallery.All.Count)
            : throw new ServiceException(
                ErrorKind.BadRequest, $"skip is {from} and take is {count}; expected skip of at least 0 and take from 1 to {MaxListed}.");
    }

    private static async Task<IResult> OneAsync(
        string id, int? size, HttpContext context, SampleGallery gallery, CancellationToken cancellation)
    {
        if (size is < SampleGallery.MinThumbnail or > SampleGallery.MaxThumbnail)
        {
            throw new ServiceException(
                ErrorKind.BadRequest, $"size is {size}; expected {SampleGallery.MinThumbnail} to {SampleGallery.MaxThumbnail} pixels.");
        }

        Sample sample = gallery.Find(id)
            ?? throw new ServiceException(ErrorKind.UnknownSample, "Unknown sample; GET /api/v1/samples lists them.");
        context.Response.Headers.CacheControl = "private, max-age=60";
        var tag = new EntityTagHeaderValue($"\"{sample.Stamp}-{(size ?? 0).ToString(CultureInfo.InvariantCulture)}\"");
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(await gallery.ReadAsync(sample, size, cancellation), size is null ? "image/png" : "image/jpeg", entityTag: tag);
    }
}
