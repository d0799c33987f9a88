using System.Net;
using Inpaint.Web.Serving;
using HttpAddress = Microsoft.AspNetCore.Http.BindingAddress;

namespace Inpaint.Web.Api;

/// <summary>
/// Protects the service from pages of other sites, whose requests a browser sends to this machine too: unknown names in the Host header
/// (DNS rebinding) are rejected, and so are changes requested by a foreign origin (CSRF).
/// </summary>
internal sealed class HostMiddleware(RequestDelegate next, ServiceOptions options)
{
    private readonly HashSet<string> _hosts = new(options.Hosts.Concat(options.Addresses.Select(HostOf)), StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _origins = new(options.Cors.Select(o => o.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    // A service that is open to the network may have any name, and no foreign page has the key.
    private readonly bool _allowsAnyHost = options.ApiKey is not null || options.Addresses.Select(HostOf).Any(IsWildcard);

    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!_allowsAnyHost && !IsOwn(request.Host.Host))
        {
            throw new ServiceException(
                ErrorKind.UnknownHost, "The Host header is not a name of this service. Add the name with --host, or use localhost.");
        }

        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        if (!isRead && IsForeign(request))
        {
            throw new ServiceException(
                ErrorKind.ForeignOrigin, "The request comes from a page of another site. Name its origin with --cors to allow it.");
        }

        return next(context);
    }

    private bool IsOwn(string host) =>
        _hosts.Contains(host)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (AddressOf(host) is { } address && IPAddress.IsLoopback(address));

    private bool IsForeign(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return request.Headers["Sec-Fetch-Site"] == "cross-site";
        }

        // Compares host and port only: behind a proxy the page was loaded by https, but its requests arrive by http.
        bool isOwn = Uri.TryCreate(origin, UriKind.Absolute, out Uri? page)
            && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
        return !isOwn && !_origins.Contains(origin);
    }

    private static string HostOf(string url) => HttpAddress.Parse(url).Host;

    private static bool IsWildcard(string host) =>
        host is "*" or "+" || AddressOf(host) is { } address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static IPAddress? AddressOf(string host) => IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) ? address : null;
}
