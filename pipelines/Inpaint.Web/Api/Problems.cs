using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Inpaint.Web;

/// <summary>Errors as <c>application/problem+json</c> (RFC 9457): a sentence, and a word for programs.</summary>
internal sealed partial class Problems(RequestDelegate next, ServiceMetrics metrics, ILogger<Problems> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (ServiceException e)
        {
            await Answer(context, e);
        }
        catch (BadHttpRequestException e)
        {
            await Answer(context, e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ServiceException.TooLarge("The request is too large.")
                : new ServiceException(e.StatusCode, e.StatusCode == StatusCodes.Status408RequestTimeout ? "slow_request" : "bad_request", e.Message, e));
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

    private async Task Answer(HttpContext context, ServiceException e)
    {
        if (e.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status504GatewayTimeout)
        {
            metrics.Refused(e.Code);
        }
        else if (e.Status < 500)
        {
            metrics.Bad(e.Code);
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
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
