using System.Text.Json;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>A request's body as JSON, with errors that say what is expected.</summary>
internal static class JsonBody
{
    /// <summary>Reads it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="expected">What it must be, as an example.</param>
    /// <param name="cancellation">Given up.</param>
    /// <exception cref="ServiceException">It is of another type, or is not what is expected.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, string expected, CancellationToken cancellation) where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw InpaintRequest.UnsupportedType(request, "application/json");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, ApiJson.Options, cancellation) ?? throw Unexpected();
        }
        catch (JsonException)
        {
            throw Unexpected();
        }

        ServiceException Unexpected() => ServiceException.BadRequest($"The JSON cannot be used. Expected {expected}.");
    }
}
