using System.Security.Cryptography;
using System.Text;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>Lets only those in who bring the key, where there is one. The page itself and the health checks are open.</summary>
internal sealed class ApiKeyGate(RequestDelegate next, ServiceOptions options)
{
    public const string Header = "X-Api-Key";
    private readonly byte[]? _wanted = options.ApiKey is { } key ? Hash(key) : null;

    public Task InvokeAsync(HttpContext context) => _wanted is null || IsOpen(context.Request.Path) || HasKey(context.Request)
        ? next(context)
        : throw new ServiceException(StatusCodes.Status401Unauthorized, "unauthorized", $"The header {Header} is missing or wrong.");

    private static bool IsOpen(PathString path) => !(path.StartsWithSegments("/api") || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/openapi"));

    // Of hashes, so that neither content nor length shows in the time.
    private bool HasKey(HttpRequest request)
    {
        string given = request.Headers[Header].ToString();
        if (given.Length == 0 && request.Headers.Authorization.ToString() is var bearer && bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            given = bearer["Bearer ".Length..].Trim();
        }

        return given.Length > 0 && CryptographicOperations.FixedTimeEquals(Hash(given), _wanted);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
