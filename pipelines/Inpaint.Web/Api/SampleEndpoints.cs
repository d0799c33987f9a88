using System.Globalization;
using Inpaint.Web.Serving;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Inpaint.Web.Api;

/// <summary>The routes of the gallery.</summary>
internal static class SampleEndpoints
{
    private const int MostInList = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/samples", List).WithName("samples").WithSummary("Photos to try").WithDescription($"skip and take choose a part of them; {MostInList} at the most are listed at once.").Produces<SampleList>().WithProblems(400);
        api.MapGet("/samples/{id}", One).WithName("sample").WithSummary("One of them, as PNG").WithDescription("size: a JPEG whose longer side has so many pixels, 16 to 1024.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png").WithProblems(400, 404, 422, 504);
    }

    private static IResult List(int? skip, int? take, [FromServices] SampleShelf shelf)
    {
        if (skip < 0 || take is < 1 or > MostInList)
        {
            throw ServiceException.BadRequest($"skip is {skip ?? 0} and take {take ?? MostInList}; expected 0 or more, and 1 to {MostInList}.");
        }

        return Results.Json(new SampleList([.. shelf.All.Skip(skip ?? 0).Take(take ?? MostInList).Select(s => new SampleInfo(s.Id, s.Caption))], shelf.All.Count), ApiJson.Options);
    }

    private static async Task<IResult> One(string id, int? size, HttpContext context, [FromServices] SampleShelf shelf, [FromServices] ServiceOptions options)
    {
        if (size is < SampleShelf.SmallestSize or > SampleShelf.LargestSize)
        {
            throw ServiceException.BadRequest($"size is {size}; expected {SampleShelf.SmallestSize} to {SampleShelf.LargestSize} pixels.");
        }

        Sample sample = shelf.Find(id) ?? throw new ServiceException(StatusCodes.Status404NotFound, "unknown_sample", "There is no such sample; GET /api/v1/samples lists them.");
        context.Response.Headers.CacheControl = "private, max-age=60";
        var tag = new EntityTagHeaderValue($"\"{sample.Stamp}-{(size ?? 0).ToString(CultureInfo.InvariantCulture)}\"");
        if (context.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(k => k.Compare(tag, useStrongComparison: false)))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        using CancellationTokenSource limit = RequestLimit.Of(context, options);
        return Results.Bytes(await shelf.ReadAsync(sample, size, limit.Token), size is null ? "image/png" : "image/jpeg", entityTag: tag);
    }
}

/// <summary>Photos to try.</summary>
/// <param name="Samples">Those that were asked for.</param>
/// <param name="Total">How many there are.</param>
internal sealed record SampleList(IReadOnlyList<SampleInfo> Samples, int Total);

/// <summary>A photo to try.</summary>
internal sealed record SampleInfo(string Id, string? Caption);
