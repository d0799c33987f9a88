using System.Net;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>
/// Keeps other people's pages out. A browser sends every page's requests to this machine: one that calls itself by a name of its own (DNS rebinding)
/// is refused by the Host header, and one of a foreign origin may read nothing and change nothing.
/// </summary>
internal sealed class HostGate(RequestDelegate next, ServiceOptions options)
{
    private readonly HashSet<string> _hosts = new(options.Hosts.Concat(options.Urls.Select(HostOf)), StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _origins = new(options.Cors.Select(o => o.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    // Open to the network, or guarded by a key that no foreign page has: any name will do.
    private readonly bool _anyHost = options.ApiKey is not null || options.Urls.Select(HostOf).Any(IsWildcard);

    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!_anyHost && !IsOwn(request.Host.Host))
        {
            throw new ServiceException(StatusCodes.Status421MisdirectedRequest, "unknown_host", "The service is not known by the name in the Host header. Name it with --host, or use localhost.");
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method) && IsForeign(request))
        {
            throw new ServiceException(StatusCodes.Status403Forbidden, "foreign_origin", "The request comes from another site's page. Name its origin with --cors where it may ask.");
        }

        return next(context);
    }

    private bool IsOwn(string host) => _hosts.Contains(host) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private bool IsForeign(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            // Of the name alone: behind a proxy the page came by https, and its requests arrive here by http.
            bool own = Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
            return !own && !_origins.Contains(origin);
        }

        return request.Headers["Sec-Fetch-Site"] == "cross-site";
    }

    private static string HostOf(string url) => Microsoft.AspNetCore.Http.BindingAddress.Parse(url).Host;

    private static bool IsWildcard(string host) => host is "*" or "+" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));
}
