namespace Inpaint.Web.Api;

/// <summary>How long a request may take.</summary>
internal static class RequestLimit
{
    /// <summary>Ends when the client is gone, or when the request has taken the time that it may.</summary>
    public static CancellationTokenSource Of(HttpContext context, ServiceOptions options)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(options.Timeout);
        return limit;
    }
}
