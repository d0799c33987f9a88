using System.Text.Json;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>Reads request bodies, with errors that state what is expected.</summary>
internal static class RequestBody
{
    public const string Form = "multipart/form-data", Json = "application/json", FormOrJson = $"{Form} or {Json}";

    /// <summary>Reads a JSON body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="expected">The expected value, such as an example.</param>
    /// <param name="cancellation">Cancels reading.</param>
    /// <exception cref="ServiceException">The body is of another type, or not what is expected.</exception>
    public static async Task<T> ReadJsonAsync<T>(HttpRequest request, string expected, CancellationToken cancellation) where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw UnsupportedType(request, Json);
        }

        try
        {
            return await request.ReadFromJsonAsync<T>(ApiJson.Options, cancellation) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            string at = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $" at '{e.Path.TrimStart('$', '.')}'";
            throw new ServiceException(ErrorKind.BadRequest, $"The JSON cannot be read{at}. Expected {expected}.");
        }
    }

    /// <summary>Reads a form.</summary>
    /// <exception cref="ServiceException">The body is of another type, or malformed.</exception>
    public static async Task<IFormCollection> ReadFormAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasFormContentType)
        {
            throw UnsupportedType(request, Form);
        }

        try
        {
            return await request.ReadFormAsync(cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new ServiceException(ErrorKind.BadRequest, $"The form cannot be read: {e.Message}");
        }
    }

    public static ServiceException UnsupportedType(HttpRequest request, string expected) => new(
        ErrorKind.UnsupportedMediaType,
        $"The body has {(request.ContentType is { } type ? $"the type {Shorten(type)}" : "no type")}; expected {expected}.");

    /// <summary>Text of a client as messages quote it.</summary>
    public static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
