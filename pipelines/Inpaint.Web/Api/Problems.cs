using System.Text.Json;
using Inpaint.Web.Serving;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Inpaint.Web.Api;

/// <summary>Errors as <c>application/problem+json</c> (RFC 9457): a sentence, and a word for programs.</summary>
internal sealed partial class Problems(RequestDelegate next, ServiceMetrics metrics, ILogger<Problems> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400 and not StatusCodes.Status499ClientClosedRequest, ContentType: null } && context.Request.Path.StartsWithSegments("/api"))
            {
                // Routing found nothing for it.
                throw Unrouted(context);
            }
        }
        catch (ServiceException e)
        {
            await Answer(context, e);
        }
        catch (BadHttpRequestException e)
        {
            await Answer(context, e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ServiceException.TooLarge("The request is too large.")
                : e.StatusCode == StatusCodes.Status408RequestTimeout
                ? new ServiceException(e.StatusCode, "slow_request", "The request came too slowly. Try again.", e)
                : new ServiceException(e.StatusCode, "bad_request", "The request cannot be read; /openapi/v1.json says what is expected.", e));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer.
            metrics.Refused("client_gone");
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (OperationCanceledException e)
        {
            await Answer(context, new ServiceException(StatusCodes.Status504GatewayTimeout, "timeout", "The photo was not done in time. Try again, or with a smaller one.", e));
        }
        catch (Exception e)
        {
            LogUnexpected(e);
            await Answer(context, new ServiceException(StatusCodes.Status500InternalServerError, "internal", "The service failed. Its log says why.", e));
        }
    }

    /// <summary>The answer to an error.</summary>
    public static ProblemDetails Of(ServiceException e) => new()
    {
        Type = "about:blank",
        Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(e.Status),
        Status = e.Status,
        Detail = e.Message,
        Extensions = { ["code"] = e.Code },
    };

    private static ServiceException Unrouted(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status415UnsupportedMediaType => InpaintRequest.UnsupportedType(context.Request),
        StatusCodes.Status405MethodNotAllowed => new ServiceException(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"{context.Request.Method} is not for this route; /openapi/v1.json says what is."),
        StatusCodes.Status404NotFound => new ServiceException(StatusCodes.Status404NotFound, "not_found", "There is no such route; /openapi/v1.json lists them."),
        int other => new ServiceException(other, "bad_request", "The request cannot be used."),
    };

    private async Task Answer(HttpContext context, ServiceException e)
    {
        metrics.Count(e);
        if (e is { Status: >= 500 and not StatusCodes.Status504GatewayTimeout, Code: not "internal" })
        {
            LogUnexpected(e);
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        if (e.Status == StatusCodes.Status413PayloadTooLarge && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // The server then reads on for some seconds and throws away, so that a client that is still sending comes to read the answer.
            limit.MaxRequestBodySize = null;
        }

        context.Response.Clear();
        context.Response.StatusCode = e.Status;
        if (e.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsJsonAsync(Of(e), ApiJson.Options, "application/problem+json", CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed.")]
    private partial void LogUnexpected(Exception e);
}
