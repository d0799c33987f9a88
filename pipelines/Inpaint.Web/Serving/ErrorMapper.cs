namespace Inpaint.Web.Serving;

/// <summary>Maps every exception to the response for the client, counts it, and logs those that are the service's own fault.</summary>
internal sealed partial class ErrorMapper(ServiceMetrics metrics, ILogger<ErrorMapper> log)
{
    public ServiceException Map(Exception error)
    {
        ServiceException mapped = error switch
        {
            ServiceException e => e,
            GraphException { PastDeadline: true } or OperationCanceledException =>
                new ServiceException(ErrorKind.Timeout, "The photo was not done in time. Try again, or send a smaller photo.", error),
            SettingException e => new ServiceException(ErrorKind.BadRequest, e.Message, e),
            GraphException e => new ServiceException(ErrorKind.NotCompleted(InpaintingStatus.GraphFailed), e.Message, e),
            PhotoException e => new ServiceException(ErrorKind.NotCompleted(InpaintingStatus.BadPhoto), e.Message, e),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                new ServiceException(ErrorKind.TooLarge, "The request body is too large.", error),
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
                new ServiceException(ErrorKind.SlowRequest, "The request body arrived too slowly. Try again.", error),
            BadHttpRequestException e => new ServiceException(
                ErrorKind.BadRequest with { Status = e.StatusCode }, "The request cannot be read; see /openapi/v1.json.", e),
            _ => new ServiceException(ErrorKind.Internal, "The service failed; its log contains the details.", error),
        };
        metrics.Error(mapped.Kind);
        if (mapped.Kind.Status >= 500 && mapped.Kind != ErrorKind.Timeout)
        {
            LogError(mapped.InnerException ?? mapped);
        }

        return mapped;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed.")]
    private partial void LogError(Exception e);
}
