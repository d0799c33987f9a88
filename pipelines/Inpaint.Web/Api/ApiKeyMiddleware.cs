using System.Security.Cryptography;
using System.Text;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>Requires the API key, if one is set, for everything but the page and the health checks.</summary>
internal sealed class ApiKeyMiddleware(RequestDelegate next, ServiceOptions options)
{
    public const string Header = "X-Api-Key";
    private const string Bearer = "Bearer ";
    private readonly byte[]? _expected = options.ApiKey is { } key ? Hash(key) : null;

    public Task InvokeAsync(HttpContext context) => _expected is null || IsOpen(context.Request.Path) || HasKey(context.Request)
        ? next(context)
        : throw new ServiceException(ErrorKind.Unauthorized, $"The header {Header} is missing or wrong.");

    private static bool IsOpen(PathString path) =>
        !(path.StartsWithSegments("/api") || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/openapi"));

    // Compares hashes, so that the time reveals neither content nor length.
    private bool HasKey(HttpRequest request)
    {
        string key = request.Headers[Header].ToString(), bearer = request.Headers.Authorization.ToString();
        if (key.Length == 0 && bearer.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            key = bearer[Bearer.Length..].Trim();
        }

        return key.Length > 0 && CryptographicOperations.FixedTimeEquals(Hash(key), _expected);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
