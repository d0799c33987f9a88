using Inpaint.Web.Serving;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Inpaint.Web.Api;

/// <summary>Answers errors with <c>application/problem+json</c> (RFC 9457), which contains a message and a code.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ErrorMapper errors, ServiceMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            bool hasNoBody = context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null };
            if (hasNoBody && context.Request.Path.StartsWithSegments("/api"))
            {
                throw OfStatus(context);
            }
        }
        catch (Exception e) when (
            context.RequestAborted.IsCancellationRequested
            && e is OperationCanceledException or ServiceException { InnerException: OperationCanceledException })
        {
            metrics.Error(ErrorKind.ClientGone);
            context.Response.StatusCode = ErrorKind.ClientGone.Status;
        }
        catch (Exception e)
        {
            await AnswerAsync(context, errors.Map(e));
        }
    }

    // Answers of the framework, which have a status but no body.
    private static Exception OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new ServiceException(ErrorKind.NotFound, "Unknown route; /openapi/v1.json lists them."),
        StatusCodes.Status405MethodNotAllowed => new ServiceException(
            ErrorKind.MethodNotAllowed, $"The route does not support {context.Request.Method}; see /openapi/v1.json."),
        StatusCodes.Status415UnsupportedMediaType => RequestBody.UnsupportedType(context.Request, RequestBody.FormOrJson),
        StatusCodes.Status504GatewayTimeout => new OperationCanceledException(),
        int status => new BadHttpRequestException("", status),
    };

    private static async Task AnswerAsync(HttpContext context, ServiceException e)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        if (e.Kind == ErrorKind.TooLarge && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // The server then drains the body for some seconds, so that a client that is still sending reads the answer.
            limit.MaxRequestBodySize = null;
        }

        context.Response.Clear();
        context.Response.StatusCode = e.Kind.Status;
        if (e.Kind == ErrorKind.Busy)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        var problem = new ProblemDetails
        {
            Type = "about:blank",
            Title = ReasonPhrases.GetReasonPhrase(e.Kind.Status),
            Status = e.Kind.Status,
            Detail = e.Message,
            Extensions = { ["code"] = e.Kind.Code },
        };
        await context.Response.WriteAsJsonAsync(problem, ApiJson.Options, "application/problem+json", CancellationToken.None);
    }
}
